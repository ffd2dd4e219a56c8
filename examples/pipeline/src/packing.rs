//! The packing service: written in C, with the glue for librdkafka; run, and listened to, from here.

use crate::cluster::{Kafka, PARTITIONS};
use crate::service::{PATIENCE, Run};
use crate::spans::{Kind, Record, Span};
use anyhow::{Context as _, Result, bail};
use rdkafka_sys as _;
use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr::NonNull;
use std::sync::atomic::Ordering;
use std::time::Instant;
use tracebaton::{QueueTime, SpanId, TimestampKind, TraceId};
use tracebaton_ffi as _;

const NAME: &str = "packing";
const FROM: &str = "payments";
const TO: &str = "parcels";

/// Packs what was paid for.
pub fn packing(run: &Run) -> Result<()> {
    let mut packing = Packing::open(&run.kafka, run.propagate)?;
    let mut last = Instant::now();
    let (mut packed, mut ends) = (0, 0);
    while packed < run.orders && !run.stop.load(Ordering::Relaxed) {
        match packing.step(100)? {
            Step::Packed(parcel) => {
                run.store.report(spans(&parcel));
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

/// The two spans of a record, as an OpenTelemetry SDK would have reported them.
fn spans(parcel: &Parcel) -> impl Iterator<Item = Span> + use<> {
    let key = text(&parcel.key);
    let kind = match parcel.timestamp_kind {
        1 => Some(TimestampKind::CreateTime),
        2 => Some(TimestampKind::LogAppendTime),
        _ => None,
    };
    let queue_time = kind.map(|kind| QueueTime { milliseconds: parcel.queue_time, kind });
    let process = Record { topic: FROM.to_owned(), key: key.clone(), queue_time };
    let send = Record { topic: TO.to_owned(), key, queue_time: None };
    let process = span(&parcel.process, "process", Kind::Consumer, process);
    process.into_iter().chain(span(&parcel.send, "send", Kind::Producer, send))
}

fn span(native: &NativeSpan, operation: &str, kind: Kind, record: Record) -> Option<Span> {
    Some(Span {
        trace_id: TraceId::from_bytes(native.trace_id)?,
        span_id: SpanId::from_bytes(native.span_id)?,
        parent: SpanId::from_bytes(native.parent_id),
        service: NAME.to_owned(),
        language: "C".to_owned(),
        name: format!("{operation} {}", record.topic),
        kind,
        start: native.start,
        end: native.end,
        record: Some(record),
    })
}

/// What is in an array of C up to its first NUL, as text.
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
    start: i64,
    end: i64,
}

/// `struct packing_parcel`
#[repr(C)]
#[derive(Debug)]
struct Parcel {
    key: [u8; KEY_SIZE],
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
