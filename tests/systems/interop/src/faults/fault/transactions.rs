//! A hop with transactions: a batch and its offsets are committed together, or aborted and done again.

use crate::faults::clients::{self, Events, Producer};
use crate::faults::fault::Seen;
use crate::faults::hop::{self, STAGE};
use crate::faults::language::Language;
use crate::faults::ledger::Ledger;
use crate::faults::setting::{PATIENCE, Setting};
use crate::faults::source;
use crate::faults::topics;
use anyhow::{Context, Result, bail};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::Producer as _;
use rdkafka::{Message, Offset, TopicPartitionList};
use std::collections::HashSet;
use std::time::{Duration, Instant};
use tracebaton::SpanId;

const FROM: &str = "transactions-in";
const TO: &str = "transactions-out";
/// Records of a transaction.
const BATCH: u64 = 100;

/// The spans of sent records, by the fate of their transactions.
#[derive(Default)]
struct Spans {
    committed: HashSet<SpanId>,
    aborted: HashSet<SpanId>,
}

/// Transactions. Every third is aborted at its first try.
pub fn run(setting: &Setting, ledger: &Ledger) -> Result<Seen> {
    for topic in [FROM, TO] {
        topics::create(setting, topic, 1, &[])?;
    }
    source::all(setting, ledger, &clients::producer(setting, &[])?, FROM)?;
    let (spans, aborts) = serve(setting, ledger)?;
    let committed = read(setting, ledger, "read_committed", &spans.committed)?;
    let all = spans.committed.union(&spans.aborted).copied().collect();
    let uncommitted = read(setting, ledger, "read_uncommitted", &all)?;
    ledger.arrived("read_committed", |_| true);
    let mut seen = Seen::of(format!(
        "{aborts} transactions aborted; read_committed saw {} records, read_uncommitted {}",
        committed.records, uncommitted.records
    ));
    seen.again = ledger.again(STAGE);
    seen.require(aborts > 0, "transactions were aborted");
    seen.require(committed.strangers == 0, "read_committed saw only spans of committed transactions");
    seen.require(committed.records == ledger.records(), "read_committed saw each record once");
    seen.require(uncommitted.strangers == 0, "read_uncommitted saw only spans that were sent");
    seen.require(uncommitted.records == all_sent(&spans), "read_uncommitted saw the aborted records too");
    Ok(seen)
}

fn all_sent(spans: &Spans) -> u64 {
    (spans.committed.len() + spans.aborted.len()) as u64
}

/// Runs the hop; returns its spans, and how many transactions it aborted.
fn serve(setting: &Setting, ledger: &Ledger) -> Result<(Spans, u64)> {
    let consumer = clients::consumer(setting, &[("group.id", FROM), ("isolation.level", "read_committed")])?;
    consumer.subscribe(&[FROM])?;
    let producer = clients::producer(setting, &[("transactional.id", "transactions")])?;
    producer.init_transactions(PATIENCE)?;
    let (mut spans, mut aborts, mut batch, mut begin) = (Spans::default(), 0, 0, 0);
    while begin < ledger.records() {
        let end = (begin + BATCH).min(ledger.records());
        producer.begin_transaction()?;
        let sent = carry(ledger, &consumer, &producer, begin..end)?;
        let offsets = next_offset(end)?;
        let group = consumer.group_metadata().context("a consumer without a group")?;
        producer.send_offsets_to_transaction(&offsets, &group, PATIENCE)?;
        batch += 1;
        if batch % 3 == 0 {
            // Waits, so that the broker has the records that are aborted.
            clients::flush(&producer)?;
            producer.abort_transaction(PATIENCE)?;
            consumer.seek(FROM, 0, Offset::Offset(begin.try_into()?), PATIENCE)?;
            spans.aborted.extend(sent);
            aborts += 1;
        } else {
            producer.commit_transaction(PATIENCE)?;
            spans.committed.extend(sent);
            begin = end;
        }
    }
    Ok((spans, aborts))
}

fn next_offset(end: u64) -> Result<TopicPartitionList> {
    let mut offsets = TopicPartitionList::new();
    offsets.add_partition_offset(FROM, 0, Offset::Offset(end.try_into()?))?;
    Ok(offsets)
}

/// Forwards the records at these offsets, and returns their spans.
fn carry(
    ledger: &Ledger,
    consumer: &BaseConsumer<Events>,
    producer: &Producer,
    offsets: std::ops::Range<u64>,
) -> Result<Vec<SpanId>> {
    let (mut spans, mut last) = (Vec::new(), Instant::now());
    for offset in offsets {
        let message = loop {
            match consumer.poll(Duration::from_millis(50)) {
                Some(Ok(message)) => break message,
                _ if last.elapsed() > PATIENCE => bail!("offset {offset} of {FROM} does not arrive"),
                _ => {}
            }
        };
        if u64::try_from(message.offset()) != Ok(offset) {
            bail!("offset {} of {FROM} arrived instead of {offset}", message.offset());
        }
        let language = Language::alternating(offset);
        let (says, reading) = (hop::identity(&message)?, language.read(&message));
        ledger.read(STAGE, says, &reading);
        let next = ledger.below(says, &reading);
        language.send_on(&message, producer, TO, &next.to_string(), next.span_id)?;
        spans.push(next.span_id);
        last = Instant::now();
    }
    Ok(spans)
}

/// The records that a consumer saw.
struct View {
    records: u64,
    /// Records whose span is not an expected one.
    strangers: u64,
}

fn read(
    setting: &Setting,
    ledger: &Ledger,
    isolation: &'static str,
    expected: &HashSet<SpanId>,
) -> Result<View> {
    let mut view = View { records: 0, strangers: 0 };
    topics::read_whole(setting, TO, 1, &[("isolation.level", isolation)], |message| {
        let (says, reading) = (hop::identity(message)?, Language::alternating(view.records).read(message));
        ledger.read(isolation, says, &reading);
        view.records += 1;
        view.strangers += u64::from(!reading.parent.is_some_and(|(_, span_id)| expected.contains(&span_id)));
        Ok(())
    })?;
    Ok(view)
}
