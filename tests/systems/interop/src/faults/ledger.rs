//! The spans of sent records, the stages at which they were read, and their faults.

use super::language::Reading;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::{self, Display, Formatter};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tracebaton::{SpanId, TraceId};

/// How many faults are described.
const TOLD: usize = 3;

/// The identity in the value of a record: its number, and the context that it was sent with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its number among the records of the fault, from 0.
    pub sequence: u64,
    /// The trace that it belongs to.
    pub trace_id: TraceId,
    /// The span that sent it.
    pub span_id: SpanId,
}

impl Identity {
    /// Reads a value.
    pub fn read(value: &[u8]) -> Option<Self> {
        let mut words = std::str::from_utf8(value).ok()?.split(' ');
        let sequence = words.next()?.parse().ok()?;
        let trace_id = TraceId::from_hex(words.next()?.as_bytes())?;
        Some(Self { sequence, trace_id, span_id: SpanId::from_hex(words.next()?.as_bytes())? })
    }

    /// Its `traceparent`, written without the codec.
    pub fn traceparent(&self) -> String {
        format!("00-{}-{}-01", self.trace_id, self.span_id)
    }
}

impl Display for Identity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.sequence, self.trace_id, self.span_id)
    }
}

/// All spans and readings of a fault.
#[derive(Debug)]
pub struct Ledger {
    records: u64,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    sources: Vec<Identity>,
    spans: HashMap<SpanId, Span>,
    stages: BTreeMap<&'static str, Stage>,
    flaws: Flaws,
}

/// The records that were read.
#[derive(Debug, Default)]
struct Stage {
    seen: HashSet<u64>,
    again: u64,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    identity: Identity,
    depth: u32,
}

/// The faults that were found.
#[derive(Clone, Debug, Default)]
pub struct Flaws {
    /// Records that did not arrive, or that have no context.
    pub lost: u64,
    /// Records with more than one traceparent.
    pub doubled: u64,
    /// Records with the context of another record.
    pub wrong: u64,
    /// Descriptions of the first faults.
    pub told: Vec<String>,
}

impl Flaws {
    fn tell(&mut self, what: impl FnOnce() -> String) {
        if self.told.len() < TOLD {
            self.told.push(what());
        }
    }
}

impl Ledger {
    /// A ledger for this many records.
    pub fn new(records: u64) -> Self {
        Self { records, kept: Mutex::default() }
    }

    /// The count of records.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Begins the trace of the next record.
    pub fn begin(&self) -> Identity {
        let trace_id = TraceId::generate(fastrand::fill);
        let span_id = SpanId::generate(fastrand::fill);
        let mut kept = self.kept();
        let identity = Identity { sequence: kept.sources.len() as u64, trace_id, span_id };
        kept.sources.push(identity);
        kept.spans.insert(span_id, Span { identity, depth: 0 });
        identity
    }

    /// The record with this number, as sent by its source.
    pub fn source(&self, sequence: u64) -> Option<Identity> {
        self.kept().sources.get(usize::try_from(sequence).ok()?).copied()
    }

    /// Begins a child of the span in the headers of the record.
    pub fn below(&self, of: Identity, reading: &Reading) -> Identity {
        let mut kept = self.kept();
        let span_id = SpanId::generate(fastrand::fill);
        let identity = Identity { span_id, ..of };
        let parent = reading.parent.and_then(|(_, span_id)| kept.spans.get(&span_id).copied());
        let depth = parent.map_or(0, |parent| parent.depth + 1);
        kept.spans.insert(span_id, Span { identity, depth });
        identity
    }

    /// The count of ancestors of this span.
    pub fn depth(&self, span_id: SpanId) -> Option<u32> {
        Some(self.kept().spans.get(&span_id)?.depth)
    }

    /// Notes that a record was read, and compares its headers with the identity in its value.
    pub fn read(&self, stage: &'static str, says: Identity, reading: &Reading) {
        self.read_with(stage, says, reading, 1);
    }

    /// As [`read`](Self::read), for a record with this many traceparents.
    pub fn read_with(&self, stage: &'static str, says: Identity, reading: &Reading, traceparents: u32) {
        let mut kept = self.kept();
        let sent = kept.spans.get(&says.span_id).is_some_and(|span| span.identity == says);
        let of = kept.stages.entry(stage).or_default();
        of.again += u64::from(!of.seen.insert(says.sequence));
        let flaws = &mut kept.flaws;
        let (flaw, name) = match reading.parent {
            _ if !sent => (&mut flaws.wrong, "has an identity that was not sent"),
            None => (&mut flaws.lost, "has no context"),
            Some(parent) if parent != (says.trace_id, says.span_id) => {
                (&mut flaws.wrong, "has another's context")
            }
            Some(_) if reading.traceparents != traceparents => {
                (&mut flaws.doubled, "has more than one traceparent")
            }
            Some(_) => return,
        };
        *flaw += 1;
        flaws.tell(|| format!("{stage}: record {says} {name}: {reading:?}"));
    }

    /// Notes which of these records were not read at the stage; they are lost.
    pub fn arrived(&self, stage: &'static str, expected: impl Fn(u64) -> bool) {
        let Kept { stages, flaws, .. } = &mut *self.kept();
        let seen = &stages.entry(stage).or_default().seen;
        for sequence in (0..self.records).filter(|sequence| expected(*sequence) && !seen.contains(sequence)) {
            flaws.lost += 1;
            flaws.tell(|| format!("{stage}: record {sequence} has not arrived"));
        }
    }

    /// How many records were read at the stage.
    pub fn seen(&self, stage: &'static str) -> u64 {
        self.kept().stages.get(stage).map_or(0, |of| of.seen.len() as u64)
    }

    /// How many times a record was read again at the stage.
    pub fn again(&self, stage: &'static str) -> u64 {
        self.kept().stages.get(stage).map_or(0, |of| of.again)
    }

    /// The faults so far.
    pub fn flaws(&self) -> Flaws {
        self.kept().flaws.clone()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
