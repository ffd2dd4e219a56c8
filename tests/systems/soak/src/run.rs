//! One run: the cluster, the threads, the faults, and the watchdog.

use crate::cases::Cases;
use crate::clients::{Listener, Totals, config, consumer_settings, producer_settings};
use crate::faults::{BROKERS, Cluster, Fault};
use crate::ledger::{Ledger, STAGES};
use crate::native::{self, NativeProducer};
use crate::payload::Random;
use crate::report::Report;
use crate::watch::Watch;
use crate::worker::Worker;
use crate::{process, source};
use anyhow::{Context as _, Result};
use rdkafka::producer::ThreadedProducer;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

/// The topics, from the first to the last.
pub const TOPICS: [&str; 3] = ["orders", "payments", "parcels"];

/// How long the run waits at the end without an event, so that late duplicates and the last statistics arrive.
const QUIET: Duration = Duration::from_millis(1_500);

/// The parameters of a run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The count of records.
    pub records: u64,
    /// The count of partitions, each with its own source, two hops and a consumer.
    pub lanes: u32,
    /// Decides the case of each record, and the faults and their times.
    pub seed: u64,
    /// The count of faults.
    pub faults: usize,
    /// How long the run may make no progress before it fails.
    pub patience: Duration,
    /// A deliberate fault.
    pub sabotage: Option<Sabotage>,
}

/// A deliberate fault in one record of a thousand, which the checks must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Sabotage {
    /// The source writes a trace id that differs from the record's.
    Corrupt,
    /// The source writes no headers.
    Orphan,
    /// The source does not send the record.
    Drop,
    /// The hops in Rust send every record with the context that they received.
    Stale,
}

/// The position of a service.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Its partition.
    pub lane: u32,
    /// 0 and 1 are the hops, 2 is the consumer.
    pub stage: usize,
}

impl Place {
    /// Half of the services at each stage are in C, so that every record passes both languages.
    fn is_native(self) -> bool {
        (self.lane as usize + self.stage).is_multiple_of(2)
    }
}

/// Executes the run.
///
/// # Errors
///
/// If the run cannot be set up. Failures during the run are in the report.
pub fn run(plan: &Plan) -> Result<Report> {
    let ledger = Arc::new(Ledger::new(plan.records, plan.lanes, Cases::load()?));
    let cluster = Cluster::new(BROKERS).context("librdkafka's mock cluster does not start")?;
    for topic in TOPICS {
        let partitions = i32::try_from(plan.lanes)?;
        cluster.create_topic(topic, partitions, BROKERS).with_context(|| format!("topic {topic}"))?;
    }
    let listener = Listener { ledger: Arc::clone(&ledger), statistics: Arc::new(Totals::default()) };
    let clients = Clients::open(&cluster.bootstrap_servers(), &listener)?;
    let start = Instant::now();
    let mut watch = Watch::new(&ledger, plan.patience);
    let (faults, duration) = thread::scope(|scope| {
        for lane in 0..plan.lanes {
            let (listener, clients) = (&listener, &clients);
            scope.spawn(move || {
                stop_at(&listener.ledger, source::produce(plan, &listener.ledger, &clients.source, lane));
            });
            for stage in 0..STAGES.len() {
                let place = Place { lane, stage };
                scope.spawn(move || stop_at(&listener.ledger, clients.serve(place, listener, plan.sabotage)));
            }
        }
        let (faults, result) = drive(plan, &cluster, &ledger, &mut watch);
        let duration = start.elapsed();
        if result.is_ok() {
            watch.settle(QUIET);
        }
        ledger.stop.store(true, Ordering::Relaxed);
        stop_at(&ledger, result);
        (faults, duration)
    });
    let processor_time = process::processor_time();
    Ok(Report::new(plan, &ledger, &listener.statistics.sum(), faults, duration, processor_time, watch))
}

fn stop_at(ledger: &Ledger, result: Result<()>) {
    if let Err(error) = result {
        ledger.stopped(format!("{error:#}"));
    }
}

/// The clients that the services share.
struct Clients {
    source: ThreadedProducer<Listener>,
    hops: ThreadedProducer<Listener>,
    native: NativeProducer,
    consumer: Vec<(String, String)>,
}

impl Clients {
    fn open(brokers: &str, listener: &Listener) -> Result<Self> {
        let settings = producer_settings(brokers);
        let producer = || config(settings.clone()).create_with_context(listener.clone());
        Ok(Self {
            source: producer()?,
            hops: producer()?,
            native: NativeProducer::open(listener, &settings)?,
            consumer: consumer_settings(brokers),
        })
    }

    /// Runs the service at this position until the run is over.
    fn serve(&self, place: Place, listener: &Listener, sabotage: Option<Sabotage>) -> Result<()> {
        let ends = place.stage + 1 == STAGES.len();
        if place.is_native() {
            return native::run(place, listener, &self.consumer, (!ends).then_some(&self.native));
        }
        let producer = (!ends).then_some(&self.hops);
        Worker { place, settings: &self.consumer, listener, producer, sabotage }.run()
    }
}

/// How often each kind of fault was injected, and its count of single failures.
pub type Injected = BTreeMap<&'static str, (u64, u64)>;

/// Releases the records in parts, one for each fault, and waits until all have arrived.
fn drive(plan: &Plan, cluster: &Cluster, ledger: &Ledger, watch: &mut Watch<'_>) -> (Injected, Result<()>) {
    let mut random = Random::new(plan.seed, u64::MAX);
    let faults = Fault::plan(&mut random, plan.faults);
    let mut injected = Injected::new();
    let mut all = || -> Result<()> {
        let part = |nth: usize| plan.records * nth as u64 / faults.len() as u64;
        for (nth, fault) in faults.iter().enumerate() {
            ledger.allowed.store(part(nth + 1), Ordering::Relaxed);
            watch.until(|| ledger.counters.produced.load(Ordering::Relaxed) >= part(nth))?;
            let (count, duration) = fault.inject(cluster, ledger, &mut random)?;
            let so_far = injected.entry(fault.name()).or_default();
            *so_far = (so_far.0 + 1, so_far.1 + count);
            let end = Instant::now() + duration;
            watch.until(|| Instant::now() >= end)?;
            fault.heal(cluster)?;
        }
        ledger.allowed.store(plan.records, Ordering::Relaxed);
        watch.until(|| ledger.seen(STAGES.len() - 1) == plan.records)
    };
    let result = all();
    (injected, result)
}
