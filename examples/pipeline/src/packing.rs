//! Runs the packing service, which is written in C with the glue for librdkafka, and reports its spans.

use crate::cluster::{Kafka, PARTITIONS, Topic};
use crate::metrics::Meters;
use crate::service::{PATIENCE, Run, described};
use crate::telemetry::{self, Reporter};
use anyhow::{Context as _, Result, bail};
use opentelemetry::trace::{
    SpanBuilder, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use rdkafka_sys as _;
use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr::NonNull;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tracebaton::{QueueTime, TimestampKind};
use tracebaton_ffi as _;
use tracebaton_opentelemetry::{Client, Metrics, Record};

const NAME: &str = "packing";
const FROM: &str = "payments";
const TO: &str = "parcels";

/// Packs paid orders.
pub fn packing(run: &Run) -> Result<()> {
    let mut packing = Packing::open(&run.kafka, run.propagate)?;
    let reporter = Reporter::of(NAME, run);
    let meters = Meters::new(&telemetry::resource(NAME), run);
    let (from, to) = (run.kafka.topic(FROM), run.kafka.topic(TO));
    let mut last = Instant::now();
    let (mut packed, mut ends) = (0, 0);
    while packed < run.orders && !run.stop.load(Ordering::Relaxed) {
        match packing.step(100)? {
            Step::Packed(parcel) => {
                reporter.report(spans(&parcel, &from, &to, &meters.messaging));
                run.progress.inc(1);
                packed += 1;
                last = Instant::now();
            }
            Step::End => {
                ends += 1;
                if ends == PARTITIONS {
                    run.ready();
                }
            }
            Step::Nothing if last.elapsed() > PATIENCE => {
                bail!("{NAME}: no record from {FROM} for {PATIENCE:?}, {packed} so far");
            }
            Step::Nothing => {}
        }
    }
    Ok(())
}

/// Reports the two spans of a record as an OpenTelemetry SDK would, and measures them.
fn spans(parcel: &Parcel, from: &Topic, to: &Topic, metrics: &Metrics) -> [SpanData; 2] {
    let trace_state: TraceState = text(&parcel.tracestate).parse().unwrap_or_default();
    let process = &parcel.process;
    let parent = process.context(process.parent_id, true, &trace_state);
    let received = match parent.is_valid() {
        true => Context::new().with_remote_span_context(parent),
        false => Context::new(),
    };
    let key = text(&parcel.key);
    let client = Client::new().with_id(NAME);
    let processed = Record::new(described(from))
        .with_client(client.with_group(NAME))
        .with_partition(process.partition)
        .with_offset(process.offset)
        .with_key(&key)
        .with_queue_time(parcel.queue_time());
    let send = &parcel.send;
    let sent = Record::new(described(to))
        .with_client(client)
        .with_partition(send.partition)
        .with_offset(send.offset)
        .with_key(&key);
    metrics.consumed(&processed);
    metrics.processed(processed, process.took(), None);
    metrics.sent(sent, send.took(), None);
    [process.finished(processed.process(&received), &trace_state), send.finished(sent.send(), &trace_state)]
}

impl NativeSpan {
    fn took(&self) -> Duration {
        time(self.end).duration_since(time(self.start)).unwrap_or_default()
    }

    fn context(&self, span_id: [u8; 8], is_remote: bool, trace_state: &TraceState) -> SpanContext {
        let flags = TraceFlags::new(self.trace_flags as u8);
        let (trace_id, span_id) = (TraceId::from_bytes(self.trace_id), SpanId::from_bytes(span_id));
        SpanContext::new(trace_id, span_id, flags, is_remote, trace_state.clone())
    }

    fn finished(&self, span: SpanBuilder, trace_state: &TraceState) -> SpanData {
        let kind = span.span_kind.unwrap_or(SpanKind::Internal);
        let mut links = SpanLinks::default();
        links.links = span.links.unwrap_or_default();
        SpanData {
            span_context: self.context(self.span_id, false, trace_state),
            parent_span_id: SpanId::from_bytes(self.parent_id),
            parent_span_is_remote: kind == SpanKind::Consumer,
            span_kind: kind,
            name: span.name,
            start_time: time(self.start),
            end_time: time(self.end),
            attributes: span.attributes.unwrap_or_default(),
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links,
            status: Status::Unset,
            instrumentation_scope: InstrumentationScope::builder(NAME).build(),
        }
    }
}

impl Parcel {
    fn queue_time(&self) -> Option<QueueTime> {
        let kind = match self.timestamp_kind {
            1 => TimestampKind::CreateTime,
            2 => TimestampKind::LogAppendTime,
            _ => return None,
        };
        Some(QueueTime { milliseconds: self.queue_time, kind })
    }
}

fn time(nanoseconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(nanoseconds.max(0).unsigned_abs())
}

/// Text of a C array up to its first NUL.
fn text(array: &[u8]) -> String {
    let bytes = array.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(bytes).into_owned()
}

#[derive(Debug)]
enum Step {
    Nothing,
    End,
    Packed(Box<Parcel>),
}

struct Packing(NonNull<Native>);

impl Packing {
    fn open(kafka: &Kafka, propagate: bool) -> Result<Self> {
        let (brokers, from, to) = (
            CString::new(kafka.brokers.as_str()).context("--brokers")?,
            CString::new(kafka.topic(FROM).name)?,
            CString::new(kafka.topic(TO).name)?,
        );
        let options = Options {
            brokers: brokers.as_ptr(),
            from: from.as_ptr(),
            partitions: PARTITIONS,
            to: to.as_ptr(),
            propagate: propagate.into(),
        };
        let mut error = [0; ERROR_SIZE];
        // SAFETY: the texts of the options end with NULs and live until the call returns; the size is that of the buffer.
        let native = unsafe { packing_open(&options, error.as_mut_ptr().cast(), error.len()) };
        match NonNull::new(native) {
            Some(native) => Ok(Self(native)),
            None => bail!("{NAME}: {}", text(&error)),
        }
    }

    fn step(&mut self, timeout: c_int) -> Result<Step> {
        let mut parcel = Box::<Parcel>::default();
        // SAFETY: the pointer is from `packing_open` and not closed; the parcel is writable.
        match unsafe { packing_step(self.0.as_ptr(), timeout, &mut *parcel) } {
            0 => Ok(Step::Nothing),
            1 => Ok(Step::End),
            2 => Ok(Step::Packed(parcel)),
            _ => bail!("{NAME}: {}", self.error().to_string_lossy()),
        }
    }

    fn error(&self) -> &CStr {
        // SAFETY: the pointer is from `packing_open` and not closed; the text ends with a NUL, and stays until the next
        // step, for which nobody may borrow it.
        unsafe { CStr::from_ptr(packing_error(self.0.as_ptr())) }
    }
}

impl Drop for Packing {
    fn drop(&mut self) {
        // SAFETY: the pointer is from `packing_open`, and not used after this.
        unsafe { packing_close(self.0.as_ptr()) }
    }
}

const ERROR_SIZE: usize = 512;
const KEY_SIZE: usize = 64;
const TRACESTATE_SIZE: usize = 8193;

#[repr(C)]
struct Native {
    _opaque: [u8; 0],
}

/// `struct packing_options`
#[repr(C)]
struct Options {
    brokers: *const c_char,
    from: *const c_char,
    partitions: i32,
    to: *const c_char,
    propagate: i32,
}

/// `struct packing_span`
#[repr(C)]
#[derive(Debug, Default)]
struct NativeSpan {
    trace_id: [u8; 16],
    span_id: [u8; 8],
    parent_id: [u8; 8],
    trace_flags: u32,
    partition: i32,
    offset: i64,
    start: i64,
    end: i64,
}

/// `struct packing_parcel`
#[repr(C)]
#[derive(Debug)]
struct Parcel {
    key: [u8; KEY_SIZE],
    tracestate: [u8; TRACESTATE_SIZE],
    process: NativeSpan,
    send: NativeSpan,
    queue_time: i64,
    timestamp_kind: i32,
    reserved: i32,
}

impl Default for Parcel {
    fn default() -> Self {
        Self {
            key: [0; KEY_SIZE],
            tracestate: [0; TRACESTATE_SIZE],
            process: NativeSpan::default(),
            send: NativeSpan::default(),
            queue_time: 0,
            timestamp_kind: 0,
            reserved: 0,
        }
    }
}

unsafe extern "C" {
    fn packing_open(options: *const Options, error: *mut c_char, error_size: usize) -> *mut Native;
    fn packing_step(packing: *mut Native, timeout: c_int, parcel: *mut Parcel) -> c_int;
    fn packing_error(packing: *const Native) -> *const c_char;
    fn packing_close(packing: *mut Native);
}
