//! A service fails for some records, retries them through a topic, and moves some to a dead letter topic.

use crate::faults::clients::{self, Producer};
use crate::faults::fault::Seen;
use crate::faults::hop;
use crate::faults::language::Language;
use crate::faults::ledger::Ledger;
use crate::faults::setting::{PATIENCE, Setting};
use crate::faults::source;
use crate::faults::topics;
use anyhow::{Context, Result, bail};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::BorrowedMessage;
use rdkafka::{Message, Offset, TopicPartitionList};
use std::time::{Duration, Instant};

const ORDERS: &str = "retry-orders";
const AGAIN: &str = "retry-again";
const DONE: &str = "retry-done";
const DEAD: &str = "retry-dead";
/// A record is dead after this many failed attempts.
const ATTEMPTS: u32 = 4;

/// How many attempts fail for a record. Of ten records, one fails always, one once, and one twice.
fn failures(sequence: u64) -> u32 {
    match sequence % 10 {
        0 => ATTEMPTS,
        failures @ (1 | 2) => failures as u32,
        _ => 0,
    }
}

/// Retries and dead letters.
pub fn run(setting: &Setting, ledger: &Ledger) -> Result<Seen> {
    for topic in [ORDERS, AGAIN, DONE, DEAD] {
        topics::create(setting, topic, 1, &[])?;
    }
    let producer = clients::producer(setting, &[])?;
    source::all(setting, ledger, &producer, ORDERS)?;
    let attempts = serve(setting, ledger, &producer)?;
    let mut seen = Seen::default();
    let dead = last(setting, ledger, &mut seen, "dead letters", DEAD)?;
    let done = last(setting, ledger, &mut seen, "done", DONE)?;
    ledger.arrived("dead letters", |sequence| failures(sequence) == ATTEMPTS);
    ledger.arrived("done", |sequence| failures(sequence) < ATTEMPTS);
    seen.words = format!(
        "attempts 1 to {ATTEMPTS}: {}; {done} done, {dead} dead letters, each attempt's span is a child of the one before",
        attempts.map(|count| count.to_string()).join(", ")
    );
    Ok(seen)
}

/// Runs the service until all records are finished; returns how many it has read at each attempt.
fn serve(setting: &Setting, ledger: &Ledger, producer: &Producer) -> Result<[u64; ATTEMPTS as usize]> {
    let consumer: BaseConsumer<_> = clients::consumer(setting, &[])?;
    let mut assignment = TopicPartitionList::new();
    for topic in [ORDERS, AGAIN] {
        assignment.add_partition_offset(topic, 0, Offset::Beginning)?;
    }
    consumer.assign(&assignment)?;
    let (mut attempts, mut finished, mut last) = ([0; ATTEMPTS as usize], 0, Instant::now());
    while finished < ledger.records() {
        if last.elapsed() > PATIENCE {
            bail!("no more records arrive from {AGAIN}");
        }
        let Some(Ok(message)) = consumer.poll(Duration::from_millis(50)) else { continue };
        let (attempt, to) = attempt(ledger, producer, &message)?;
        attempts[attempt] += 1;
        finished += u64::from(to != AGAIN);
        last = Instant::now();
    }
    clients::flush(producer)?;
    Ok(attempts)
}

/// The number of failed attempts, and the topic that the record is sent to.
fn attempt(
    ledger: &Ledger,
    producer: &Producer,
    message: &BorrowedMessage<'_>,
) -> Result<(usize, &'static str)> {
    let says = hop::identity(message)?;
    let before = ledger.depth(says.span_id).context("the parent is not a known span")?;
    let language = Language::alternating(u64::from(before));
    let reading = language.read(message);
    ledger.read(if message.topic() == ORDERS { "orders" } else { "again" }, says, &reading);
    let to = match before + 1 {
        _ if before >= failures(says.sequence) => DONE,
        ATTEMPTS => DEAD,
        _ => AGAIN,
    };
    let next = ledger.below(says, &reading);
    language.send_on(message, producer, to, &next.to_string(), next.span_id)?;
    Ok((before as usize, to))
}

/// Reads the records at their final topic, and returns their count.
fn last(
    setting: &Setting,
    ledger: &Ledger,
    seen: &mut Seen,
    stage: &'static str,
    topic: &str,
) -> Result<u64> {
    let (mut count, mut chains) = (0, true);
    topics::read_whole(setting, topic, 1, &[], |message| {
        let (says, reading) = (hop::identity(message)?, Language::alternating(count).read(message));
        ledger.read(stage, says, &reading);
        let attempts = (failures(says.sequence) + 1).min(ATTEMPTS);
        chains &= reading.parent.and_then(|(_, span_id)| ledger.depth(span_id)) == Some(attempts);
        count += 1;
        Ok(())
    })?;
    seen.require(chains, &format!("in {topic} every attempt is a child of the one before"));
    seen.require(ledger.seen(stage) == count, &format!("{topic} has each record once"));
    Ok(count)
}
