//! The watchdog: waits, ends a run without progress, and records its memory.

use crate::ledger::{Ledger, STAGES};
use crate::process;
use anyhow::{Result, bail};
use std::fmt::Write as _;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often it checks the progress.
const STEP: Duration = Duration::from_millis(5);
/// How often it records the memory.
const SAMPLE: Duration = Duration::from_millis(250);

/// Watches a run.
#[derive(Debug)]
pub struct Watch<'a> {
    ledger: &'a Ledger,
    patience: Duration,
    progress: u64,
    moved: Instant,
    sampled: Instant,
    samples: Vec<(u64, u64)>,
}

impl<'a> Watch<'a> {
    /// A watchdog that gives up after this time without progress.
    pub fn new(ledger: &'a Ledger, patience: Duration) -> Self {
        let now = Instant::now();
        Self { ledger, patience, progress: 0, moved: now, sampled: now, samples: Vec::new() }
    }

    /// Waits until the condition holds.
    ///
    /// # Errors
    ///
    /// If a thread cannot continue, or there was no progress for too long.
    pub fn until(&mut self, holds: impl Fn() -> bool) -> Result<()> {
        while !holds() {
            self.look();
            if let Some(why) = self.ledger.why_stopped() {
                bail!(why);
            }
            if self.moved.elapsed() > self.patience {
                bail!("nothing has moved for {:?}: {}", self.patience, self.standing());
            }
            sleep(STEP);
        }
        Ok(())
    }

    /// Waits until there was no progress for this time; at most ten times as long.
    pub fn settle(&mut self, quiet: Duration) {
        let start = Instant::now();
        self.moved = start;
        while self.moved.elapsed() < quiet && start.elapsed() < quiet * 10 {
            self.look();
            sleep(STEP);
        }
    }

    fn look(&mut self) {
        let read = |stage| self.ledger.seen(stage) + self.ledger.again(stage);
        let produced = self.ledger.counters.produced.load(Ordering::Relaxed);
        let progress = produced + (0..STAGES.len()).map(read).sum::<u64>();
        if progress != self.progress {
            (self.progress, self.moved) = (progress, Instant::now());
        }
        if self.sampled.elapsed() >= SAMPLE {
            self.sampled = Instant::now();
            let arrived = self.ledger.seen(STAGES.len() - 1);
            self.samples.extend(process::memory().map(|bytes| (arrived, bytes)));
        }
    }

    /// How far the records have got.
    fn standing(&self) -> String {
        let mut standing = format!("produced {}", self.ledger.counters.produced.load(Ordering::Relaxed));
        for (stage, name) in STAGES.iter().enumerate() {
            let _ = write!(standing, ", {name} {}", self.ledger.seen(stage));
        }
        let _ = write!(standing, " of {}", self.ledger.records);
        standing
    }

    /// The largest memory while this quarter (0 to 3) of the records arrived, in bytes.
    pub fn memory_in_quarter(&self, quarter: u64) -> Option<u64> {
        let records = self.ledger.records;
        let (start, end) = (records * quarter / 4, records * (quarter + 1) / 4);
        let inside = self.samples.iter().filter(|(arrived, _)| (start..end.max(1)).contains(arrived));
        inside.map(|(_, bytes)| *bytes).max()
    }
}
