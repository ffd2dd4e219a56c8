//! A compacted topic: each record that remains has its own context, and tombstones do too.

use crate::faults::clients;
use crate::faults::fault::Seen;
use crate::faults::language::Language;
use crate::faults::ledger::{Identity, Ledger};
use crate::faults::setting::{PATIENCE, Setting};
use crate::faults::source;
use crate::faults::topics;
use anyhow::{Context, Result, bail};
use rdkafka::Message;
use rdkafka::message::{BorrowedMessage, ToBytes};
use rdkafka::producer::BaseRecord;
use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

const TOPIC: &str = "compacted";
const CONFIGURATION: [(&str, &str); 5] = [
    ("cleanup.policy", "compact"),
    ("segment.ms", "100"),
    ("min.cleanable.dirty.ratio", "0.001"),
    ("min.compaction.lag.ms", "0"),
    ("max.compaction.lag.ms", "100"),
];
const KEYS: u64 = 50;
/// The last record of each of these keys is a tombstone.
const DELETED: u64 = 20;

/// Compaction. All records but the last have one of the keys. The last record makes the topic begin a new segment,
/// because the active segment is not compacted.
pub fn run(setting: &Setting, ledger: &Ledger) -> Result<Seen> {
    topics::create(setting, TOPIC, 1, &CONFIGURATION)?;
    let last = ledger.records() - 1;
    send(setting, ledger, last)?;
    let before = read(setting, ledger, "before")?.len() as u64;
    thread::sleep(Duration::from_millis(300));
    send(setting, ledger, 1)?;
    let begin = Instant::now();
    let kept = loop {
        let offsets = offsets(setting)?;
        if offsets.len() as u64 == KEYS + 1 {
            break read(setting, ledger, "after")?;
        }
        if begin.elapsed() > PATIENCE {
            bail!(
                "{TOPIC} is not compacted after {} s: it has {} records",
                PATIENCE.as_secs(),
                offsets.len()
            );
        }
        thread::sleep(Duration::from_millis(100));
    };
    let expected: BTreeSet<_> = (last - KEYS..=last).collect();
    ledger.arrived("after", |sequence| expected.contains(&sequence));
    let tombstones = kept.iter().filter(|sequence| is_tombstone(ledger, **sequence)).count();
    let mut seen = Seen::of(format!(
        "{before} records read before, {} after {:.1} s of waiting, {tombstones} of them tombstones",
        kept.len(),
        begin.elapsed().as_secs_f64()
    ));
    seen.require(kept == expected, "the last record of each key is kept");
    seen.require(tombstones as u64 == DELETED, "all tombstones are kept");
    Ok(seen)
}

fn is_tombstone(ledger: &Ledger, sequence: u64) -> bool {
    let last = ledger.records() - 1;
    (last - KEYS..last).contains(&sequence) && sequence % KEYS < DELETED
}

/// Sends the next records. One idempotent producer sends them all, so the number of each record is its offset.
fn send(setting: &Setting, ledger: &Ledger, count: u64) -> Result<()> {
    let producer = clients::producer(setting, &[])?;
    for _ in 0..count {
        let own = ledger.begin();
        let is_last = own.sequence + 1 == ledger.records();
        let key = if is_last { "last".to_owned() } else { format!("key-{}", own.sequence % KEYS) };
        let (value, headers) = (own.to_string(), source::headers(setting, ledger, own)?);
        let record = BaseRecord::to(TOPIC).key(&*key).headers(headers);
        let tombstone = is_tombstone(ledger, own.sequence);
        clients::send(&producer, if tombstone { record } else { record.payload(&*value) })?;
    }
    clients::flush(&producer)
}

/// Reads the whole topic, and returns the numbers of its records.
fn read(setting: &Setting, ledger: &Ledger, stage: &'static str) -> Result<BTreeSet<u64>> {
    let mut sequences = BTreeSet::new();
    topics::read_whole(setting, TOPIC, 1, &[], |message| {
        let says = identity(ledger, message)?;
        ledger.read(stage, says, &Language::alternating(says.sequence).read(message));
        sequences.insert(says.sequence);
        Ok(())
    })?;
    Ok(sequences)
}

fn offsets(setting: &Setting) -> Result<BTreeSet<i64>> {
    let mut offsets = BTreeSet::new();
    topics::read_whole(setting, TOPIC, 1, &[], |message| {
        offsets.insert(message.offset());
        Ok(())
    })?;
    Ok(offsets)
}

/// The identity of a record, from its value or, for a tombstone, from its offset.
fn identity(ledger: &Ledger, message: &BorrowedMessage<'_>) -> Result<Identity> {
    let sequence = message.offset().try_into()?;
    let sent = ledger.source(sequence).context("an offset after the last record")?;
    match message.payload() {
        None if is_tombstone(ledger, sequence) => Ok(sent),
        None => bail!("record {sequence} has lost its value"),
        Some(value) if value == sent.to_string().to_bytes() => Ok(sent),
        Some(_) => bail!("record {sequence} has another's value"),
    }
}
