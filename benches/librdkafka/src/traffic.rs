//! Records that are sent through a broker.

use crate::{Error, Plan, Spread};
use serde::Serialize;
use std::ffi::{CStr, CString, c_char};
use std::ptr::null;

/// The headers of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(i32)]
pub enum Carrier {
    /// No headers.
    Nothing = 0,
    /// A constant `traceparent` and `tracestate`, which the consumer looks up but does not parse.
    Constant = 1,
    /// The codec's headers for a new span. The consumer extracts them and computes the queue time.
    Codec = 2,
}

impl Carrier {
    /// All carriers.
    pub const ALL: [Self; 3] = [Self::Nothing, Self::Constant, Self::Codec];
}

/// A producer and a consumer with one carrier.
#[derive(Clone, Debug, Serialize)]
pub struct TrafficRow {
    /// The carrier of the records.
    pub carrier: Carrier,
    /// Records a second, from the first produced to the last consumed record.
    pub records_per_second: Spread,
    /// Nanoseconds of processor time for a record in the producer's process: user and system time of all threads.
    pub producer_ns: Spread,
    /// The same in the consumer's process.
    pub consumer_ns: Spread,
    /// Both together.
    pub both_ns: Spread,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Usage {
    processor_time: u64,
    elapsed: u64,
    process: i32,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct Traffic {
    producer: Usage,
    consumer: Usage,
    wrong: u64,
    wire_bytes: u64,
}

impl Traffic {
    /// The processes of the producer and the consumer.
    pub(crate) fn processes(&self) -> [i32; 2] {
        [self.producer.process, self.consumer.process]
    }
}

/// `struct traffic_plan` of `c/traffic.h`.
#[repr(C)]
struct TrafficPlan {
    brokers: *const c_char,
    topic: *const c_char,
    compression: *const c_char,
    records: u64,
    payload_size: u64,
    carrier: i32,
    threads: i32,
    counts_wire_bytes: i32,
}

unsafe extern "C" {
    fn kafka_has_compression(compression: *const c_char) -> i32;
    fn traffic_run(plan: *const TrafficPlan, traffic: *mut Traffic) -> i32;
}

/// What is sent, and to which broker.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    /// The address of a broker; `None` for a mock cluster.
    pub(crate) broker: Option<&'a CStr>,
    pub(crate) carrier: Carrier,
    /// Of each thread.
    pub(crate) records: u64,
    pub(crate) payload_size: u64,
    pub(crate) threads: i32,
}

impl Run<'_> {
    /// Sends the records to a topic of their own.
    fn traffic(&self, compression: &CStr, counts_wire_bytes: bool) -> Result<Traffic, Error> {
        let name = format!("tracebaton-bench-{}-{}", std::process::id(), next_number());
        let topic = if self.broker.is_some() { CString::new(name)? } else { c"orders".to_owned() };
        let plan = TrafficPlan {
            brokers: self.broker.map_or(null(), CStr::as_ptr),
            topic: topic.as_ptr(),
            compression: compression.as_ptr(),
            records: self.records,
            payload_size: self.payload_size,
            carrier: self.carrier as i32,
            threads: self.threads,
            counts_wire_bytes: counts_wire_bytes.into(),
        };
        let (carrier, mut traffic) = (self.carrier, Traffic::default());
        // SAFETY: the structs have the layout of `c/traffic.h` and live until the call returns, and so do the strings.
        let failed = unsafe { traffic_run(&raw const plan, &raw mut traffic) };
        if failed != 0 {
            return Err(format!("{carrier:?}: the records did not all arrive").into());
        }
        if traffic.wrong != 0 {
            let wrong = traffic.wrong;
            return Err(format!("{carrier:?}: {wrong} records did not have the expected headers").into());
        }
        Ok(traffic)
    }

    /// The bytes that the producer sends to the broker for each record, with this compression.
    pub(crate) fn wire_bytes(&self, compression: &CStr) -> Result<f64, Error> {
        let traffic = self.traffic(compression, true)?;
        if traffic.wire_bytes == 0 {
            return Err("librdkafka gave no statistics".into());
        }
        Ok(traffic.wire_bytes as f64 / (self.records * self.threads as u64) as f64)
    }
}

/// Whether this librdkafka was built with a compression.
pub(crate) fn has_compression(compression: &CStr) -> bool {
    // SAFETY: the string lives until the call returns.
    unsafe { kafka_has_compression(compression.as_ptr()) != 0 }
}

/// Topics of one process have different numbers.
fn next_number() -> usize {
    static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// Measures the carriers in turn.
pub(crate) fn measure(plan: &Plan) -> Result<Vec<TrafficRow>, Error> {
    let carrier = Carrier::Nothing;
    let (records, payload_size) = (plan.records, plan.payload_size);
    measure_each(&Run { broker: None, carrier, records, payload_size, threads: 1 }, plan.rounds)
}

/// Measures this run with each carrier, in turn.
pub(crate) fn measure_each(run: &Run<'_>, rounds: usize) -> Result<Vec<TrafficRow>, Error> {
    let mut turns = Carrier::ALL.map(|_| Vec::with_capacity(rounds));
    for _ in 0..rounds {
        for (carrier, turns) in Carrier::ALL.into_iter().zip(&mut turns) {
            turns.push(Run { carrier, ..*run }.traffic(c"none", false)?);
        }
    }
    let records = (run.records * run.threads as u64) as f64;
    let row = |(carrier, turns): (_, Vec<_>)| row(carrier, &turns, records);
    Ok(Carrier::ALL.into_iter().zip(turns).map(row).collect())
}

fn row(carrier: Carrier, turns: &[Traffic], records: f64) -> TrafficRow {
    let spread =
        |figure: fn(&Traffic) -> u64| Spread::of(turns.iter().map(|turn| figure(turn) as f64 / records));
    TrafficRow {
        carrier,
        records_per_second: Spread::of(
            turns.iter().map(|turn| records * 1e9 / turn.producer.elapsed.max(turn.consumer.elapsed) as f64),
        ),
        producer_ns: spread(|turn| turn.producer.processor_time),
        consumer_ns: spread(|turn| turn.consumer.processor_time),
        both_ns: spread(|turn| turn.producer.processor_time + turn.consumer.processor_time),
    }
}

/// Prints the ids of the producer's and the consumer's process.
pub(crate) fn run_for_callgrind(records: u64) -> Result<(), Error> {
    let payload_size = Plan::quick().payload_size;
    let run = Run { broker: None, carrier: Carrier::Codec, records, payload_size, threads: 1 };
    let [producer, consumer] = run.traffic(c"none", false)?.processes();
    println!("{producer} {consumer}");
    Ok(())
}
