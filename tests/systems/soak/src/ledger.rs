//! The state of a run: the records seen at each stage, their faults, and how much is in flight.

use crate::cases::Cases;
use crate::check::Flaw;
use crate::payload::Payload;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The stages that read records: the first hop, the second, and the consumer.
pub const STAGES: [&str; 3] = ["first hop", "second hop", "consumer"];

/// The bytes that may be in flight in one lane, in addition to one record of any size. The mock cluster keeps 5 MB of a
/// partition and silently drops older records, and a batch may be stored several times.
const WINDOW: usize = 500_000;

/// How many faults are described.
const TOLD: usize = 5;

/// Counters that many threads add to.
#[derive(Debug, Default)]
pub struct Counters {
    /// Records that the source has produced.
    pub produced: AtomicU64,
    /// Records that a producer has enqueued, at the source and the hops.
    pub enqueued: AtomicU64,
    /// Delivery reports of all producers.
    pub delivered: AtomicU64,
    /// Times that the queue was full and the same record was produced again.
    pub queue_full: AtomicU64,
    /// Records that a hop sent without a context because there was no room.
    pub without_context: AtomicU64,
    /// Errors that librdkafka reported to its clients.
    pub client_errors: AtomicU64,
    /// Consumers that were closed and started again at an earlier offset.
    pub restarts: AtomicU64,
    /// Records without a context that should have one.
    pub orphans: AtomicU64,
    /// Records that differ from their case.
    pub mismatched: AtomicU64,
}

/// The state that the threads of a run share.
#[derive(Debug)]
pub struct Ledger {
    /// The count of records.
    pub records: u64,
    /// The cases of the records.
    pub cases: Cases,
    /// The counters.
    pub counters: Counters,
    /// Set when the threads must end.
    pub stop: AtomicBool,
    /// The source may produce the records below this number.
    pub allowed: AtomicU64,
    stages: [Stage; 3],
    flawed: Vec<AtomicU64>,
    by_case: Vec<AtomicU64>,
    lanes: Vec<Lane>,
    /// The services that must restart, by stage and lane.
    restarts: Vec<AtomicBool>,
    problems: Mutex<Problems>,
}

#[derive(Debug, Default)]
struct Problems {
    flaws: Vec<String>,
    stopped: Option<String>,
}

/// The records that were seen at a stage.
#[derive(Debug)]
struct Stage {
    seen: Vec<AtomicU64>,
    first: AtomicU64,
    again: AtomicU64,
}

#[derive(Debug, Default)]
struct Lane {
    on_the_way: Mutex<usize>,
    less: Condvar,
}

impl Ledger {
    /// A ledger for this many records in this many lanes.
    pub fn new(records: u64, lanes: u32, cases: Cases) -> Self {
        let words = usize::try_from(records.div_ceil(64)).expect("a number of records that fits into memory");
        let bits = || (0..words).map(|_| AtomicU64::new(0)).collect();
        let stage = || Stage { seen: bits(), first: 0.into(), again: 0.into() };
        Self {
            records,
            counters: Counters::default(),
            stop: false.into(),
            allowed: 0.into(),
            stages: [stage(), stage(), stage()],
            flawed: bits(),
            by_case: (0..cases.len()).map(|_| AtomicU64::new(0)).collect(),
            lanes: (0..lanes).map(|_| Lane::default()).collect(),
            restarts: (0..STAGES.len() * lanes as usize).map(|_| AtomicBool::new(false)).collect(),
            problems: Mutex::default(),
            cases,
        }
    }

    /// The count of lanes.
    pub fn lanes(&self) -> usize {
        self.lanes.len()
    }

    /// Notes that a record was read at a stage, and its fault, if any.
    pub fn received(&self, stage: usize, payload: &Payload, size: usize, flaw: Result<(), Flaw>) {
        if let Err(flaw) = flaw {
            self.flawed(stage, payload, &flaw);
        }
        let of = &self.stages[stage];
        if !set(&of.seen, payload.sequence) {
            of.again.fetch_add(1, Ordering::Relaxed);
            return;
        }
        of.first.fetch_add(1, Ordering::Relaxed);
        if stage + 1 == STAGES.len() {
            self.by_case[payload.case_number as usize].fetch_add(1, Ordering::Relaxed);
            self.leave(payload.lane, size);
        }
    }

    fn flawed(&self, stage: usize, payload: &Payload, flaw: &Flaw) {
        if !set(&self.flawed, payload.sequence) {
            return;
        }
        let (counter, what) = match flaw {
            Flaw::Orphan => (&self.counters.orphans, "orphan"),
            Flaw::Mismatch(how) => (&self.counters.mismatched, how.as_str()),
        };
        counter.fetch_add(1, Ordering::Relaxed);
        let case = self.cases.get(payload.case_number).map_or("?", |case| &case.id);
        self.tell(format!("record {} ({case}) at the {}: {what}", payload.sequence, STAGES[stage]));
    }

    /// Notes that an unknown record was read.
    pub fn stranger(&self, stage: usize) {
        self.counters.mismatched.fetch_add(1, Ordering::Relaxed);
        self.tell(format!("a record that was not sent, at the {}", STAGES[stage]));
    }

    /// Notes that a consumer skipped unread records, which are lost.
    pub fn skipped(&self, stage: usize, expected: i64, offset: i64) {
        self.tell(format!("the {} was at offset {expected} and read {offset}", STAGES[stage]));
    }

    fn tell(&self, flaw: String) {
        let mut problems = self.problems();
        if problems.flaws.len() < TOLD {
            problems.flaws.push(flaw);
        }
    }

    /// Waits until a lane has room for a record of this size; false if the run ends first.
    pub fn enter(&self, lane: u32, size: usize) -> bool {
        let lane = &self.lanes[lane as usize];
        let mut on_the_way = lane.on_the_way.lock().unwrap_or_else(PoisonError::into_inner);
        while *on_the_way > 0 && *on_the_way + size > WINDOW {
            if self.is_over() {
                return false;
            }
            let waited = lane.less.wait_timeout(on_the_way, Duration::from_millis(50));
            on_the_way = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *on_the_way += size;
        true
    }

    fn leave(&self, lane: u32, size: usize) {
        let lane = &self.lanes[lane as usize];
        let mut on_the_way = lane.on_the_way.lock().unwrap_or_else(PoisonError::into_inner);
        *on_the_way = on_the_way.saturating_sub(size);
        lane.less.notify_one();
    }

    /// Tells a service to restart.
    pub fn restart(&self, stage: usize, lane: usize) {
        self.restarts[stage * self.lanes() + lane].store(true, Ordering::Relaxed);
    }

    /// Whether the service was told to restart since the last call.
    pub fn takes_restart(&self, stage: usize, lane: u32) -> bool {
        let flag = &self.restarts[stage * self.lanes() + lane as usize];
        let asked = flag.load(Ordering::Relaxed) && flag.swap(false, Ordering::Relaxed);
        if asked {
            self.counters.restarts.fetch_add(1, Ordering::Relaxed);
        }
        asked
    }

    /// Notes that a thread cannot continue, and ends the run.
    pub fn stopped(&self, why: impl Into<String>) {
        self.problems().stopped.get_or_insert_with(|| why.into());
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Why a thread could not continue.
    pub fn why_stopped(&self) -> Option<String> {
        self.problems().stopped.clone()
    }

    /// Descriptions of the first faults.
    pub fn flaws(&self) -> Vec<String> {
        self.problems().flaws.clone()
    }

    fn problems(&self) -> MutexGuard<'_, Problems> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the threads must end.
    pub fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// How many different records were read at a stage.
    pub fn seen(&self, stage: usize) -> u64 {
        self.stages[stage].first.load(Ordering::Relaxed)
    }

    /// How many records were read more than once at a stage.
    pub fn again(&self, stage: usize) -> u64 {
        self.stages[stage].again.load(Ordering::Relaxed)
    }

    /// How many records of each case have arrived.
    pub fn arrived(&self) -> impl Iterator<Item = (&str, u64)> {
        let counts = self.by_case.iter().map(|count| count.load(Ordering::Relaxed));
        (0..).zip(counts).filter_map(|(number, count)| Some((self.cases.get(number)?.kind.as_str(), count)))
    }

    /// How many records never arrived, and the first of them.
    pub fn lost(&self) -> (u64, Option<u64>) {
        let seen = &self.stages[STAGES.len() - 1].seen;
        let is_seen = |sequence: u64| {
            seen[(sequence / 64) as usize].load(Ordering::Relaxed) & (1 << (sequence % 64)) != 0
        };
        (self.records - self.seen(STAGES.len() - 1), (0..self.records).find(|sequence| !is_seen(*sequence)))
    }
}

/// Sets a bit; returns whether it was clear.
fn set(bits: &[AtomicU64], number: u64) -> bool {
    let bit = 1 << (number % 64);
    bits[(number / 64) as usize].fetch_or(bit, Ordering::Relaxed) & bit == 0
}
