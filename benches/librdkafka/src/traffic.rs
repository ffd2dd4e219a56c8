//! Records that are sent through a broker.

use crate::{Error, Plan, Spread};
use serde::Serialize;

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
}

impl Traffic {
    /// The processes of the producer and the consumer.
    pub(crate) fn processes(&self) -> [i32; 2] {
        [self.producer.process, self.consumer.process]
    }
}

unsafe extern "C" {
    fn traffic_run(carrier: i32, records: u64, payload_size: u64, traffic: *mut Traffic) -> i32;
}

fn run(carrier: Carrier, records: u64, payload_size: u64) -> Result<Traffic, Error> {
    let mut traffic = Traffic::default();
    // SAFETY: the struct has the layout of `c/traffic.h` and lives until the call returns.
    let failed = unsafe { traffic_run(carrier as i32, records, payload_size, &raw mut traffic) };
    if failed != 0 {
        return Err(format!("{carrier:?}: the records did not all arrive").into());
    }
    if traffic.wrong != 0 {
        return Err(
            format!("{carrier:?}: {} records did not have the expected headers", traffic.wrong).into()
        );
    }
    Ok(traffic)
}

/// Measures the carriers in turn.
pub(crate) fn measure(plan: &Plan) -> Result<Vec<TrafficRow>, Error> {
    let mut turns = Carrier::ALL.map(|_| Vec::with_capacity(plan.rounds));
    for _ in 0..plan.rounds {
        for (carrier, turns) in Carrier::ALL.into_iter().zip(&mut turns) {
            turns.push(run(carrier, plan.records, plan.payload_size)?);
        }
    }
    let row = |(carrier, turns): (_, Vec<_>)| row(carrier, &turns, plan.records as f64);
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
    let [producer, consumer] = run(Carrier::Codec, records, Plan::quick().payload_size)?.processes();
    println!("{producer} {consumer}");
    Ok(())
}
