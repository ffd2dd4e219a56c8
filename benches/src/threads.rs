//! Throughput by threads. Nothing is shared, so two threads do twice the work of one if two cores are free.

use crate::fixture::{self, RECORDS, Record};
use crate::results::Threads;
use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};
use tracebaton::extract;

/// The throughput of this many threads, each with its own records as in E1, during this time.
pub fn throughput(threads: usize, time: Duration) -> Threads {
    let start = Barrier::new(threads);
    let records_per_second = std::thread::scope(|scope| {
        let worker = || {
            let records: Vec<Record> =
                (0..RECORDS).map(|it| fixture::record_with(it, fixture::tracestate)).collect();
            start.wait();
            work(&records, time)
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or(0.0)).sum()
    });
    Threads { threads, records_per_second }
}

fn work(records: &[Record], time: Duration) -> f64 {
    let (start, mut count) = (Instant::now(), 0_u64);
    while start.elapsed() < time {
        for _ in 0..256 {
            for record in records {
                black_box(&extract(black_box(record).iter().copied()));
            }
        }
        count += 256 * records.len() as u64;
    }
    count as f64 / start.elapsed().as_secs_f64()
}
