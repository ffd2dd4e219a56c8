//! The progress of a run: where each record was seen, which errors it had, and how many bytes are under way.

use crate::cases::Cases;
use crate::check::Flaw;
use crate::payload::Payload;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Where records are read: by the first hop, by the second, and at the end.
pub const STAGES: [&str; 3] = ["first hop", "second hop", "consumer"];

/// The bytes that may be on their way in one lane, beside one record of any size. The mock cluster keeps 5 MB of a
/// partition and silently drops what is older, and a batch may be there several times.
const WINDOW: usize = 500_000;

/// How many flaws are told in words.
const TOLD: usize = 5;

/// Numbers that many threads add to.
#[derive(Debug, Default)]
pub struct Counters {
    /// Records that the source has produced.
    pub produced: AtomicU64,
    /// Records that a producer has taken: of the source and of the hops.
    pub enqueued: AtomicU64,
    /// Delivery reports of all producers.
    pub delivered: AtomicU64,
    /// A full queue, after which the same record was produced again.
    pub queue_full: AtomicU64,
    /// Records that a hop sent without a context, for lack of room.
    pub without_context: AtomicU64,
    /// Errors that librdkafka told its clients.
    pub client_errors: AtomicU64,
    /// Consumers that were closed and began again a little earlier.
    pub restarts: AtomicU64,
    /// Records without a context that should have one.
    pub orphans: AtomicU64,
    /// Records that are not what they should be.
    pub mismatched: AtomicU64,
}

/// Everything that the threads of a run share.
#[derive(Debug)]
pub struct Ledger {
    /// How many records there are.
    pub records: u64,
    /// The cases of the records.
    pub cases: Cases,
    /// The numbers.
    pub counters: Counters,
    /// Set when the threads are to end.
    pub stop: AtomicBool,
    /// The source may produce the records below this number.
    pub allowed: AtomicU64,
    stages: [Stage; 3],
    flawed: Vec<AtomicU64>,
    by_case: Vec<AtomicU64>,
    lanes: Vec<Lane>,
    /// A service that is to be restarted, by stage and lane.
    restarts: Vec<AtomicBool>,
    problems: Mutex<Problems>,
}

#[derive(Debug, Default)]
struct Problems {
    flaws: Vec<String>,
    stopped: Option<String>,
}

/// Which records were seen at a stage.
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
    /// A ledger for so many records in so many lanes.
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

    /// How many lanes there are.
    pub fn lanes(&self) -> usize {
        self.lanes.len()
    }

    /// Notes that a record was read at a stage, and what is wrong with it.
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

    /// Notes a record that nobody can have sent.
    pub fn stranger(&self, stage: usize) {
        self.counters.mismatched.fetch_add(1, Ordering::Relaxed);
        self.tell(format!("a record that was not sent, at the {}", STAGES[stage]));
    }

    /// Notes that a consumer skipped records that it has not read, which are lost.
    pub fn skipped(&self, stage: usize, expected: i64, offset: i64) {
        self.tell(format!("the {} was at offset {expected} and read {offset}", STAGES[stage]));
    }

    fn tell(&self, flaw: String) {
        let mut problems = self.problems();
        if problems.flaws.len() < TOLD {
            problems.flaws.push(flaw);
        }
    }

    /// Waits until there is room in a lane for a record of this size; false if the run is over before.
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

    /// Asks a service to restart.
    pub fn restart(&self, stage: usize, lane: usize) {
        self.restarts[stage * self.lanes() + lane].store(true, Ordering::Relaxed);
    }

    /// Whether a service was asked to restart since it was asked last.
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

    /// The first flaws in words.
    pub fn flaws(&self) -> Vec<String> {
        self.problems().flaws.clone()
    }

    fn problems(&self) -> MutexGuard<'_, Problems> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the threads are to end.
    pub fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// How many different records were read at a stage.
    pub fn seen(&self, stage: usize) -> u64 {
        self.stages[stage].first.load(Ordering::Relaxed)
    }

    /// How many records were read at a stage that had been read there before.
    pub fn again(&self, stage: usize) -> u64 {
        self.stages[stage].again.load(Ordering::Relaxed)
    }

    /// How many records have arrived of each case.
    pub fn arrived(&self) -> impl Iterator<Item = (&str, u64)> {
        let counts = self.by_case.iter().map(|count| count.load(Ordering::Relaxed));
        (0..).zip(counts).filter_map(|(number, count)| Some((self.cases.get(number)?.kind.as_str(), count)))
    }

    /// How many records were not seen at the end, and the first of them.
    pub fn lost(&self) -> (u64, Option<u64>) {
        let seen = &self.stages[STAGES.len() - 1].seen;
        let is_seen = |sequence: u64| {
            seen[(sequence / 64) as usize].load(Ordering::Relaxed) & (1 << (sequence % 64)) != 0
        };
        (self.records - self.seen(STAGES.len() - 1), (0..self.records).find(|sequence| !is_seen(*sequence)))
    }
}

/// Sets a bit; whether it was not set.
fn set(bits: &[AtomicU64], number: u64) -> bool {
    let bit = 1 << (number % 64);
    bits[(number / 64) as usize].fetch_or(bit, Ordering::Relaxed) & bit == 0
}
