//! The producer of the records.

use crate::cases::Case;
use crate::clients::Listener;
use crate::ledger::Ledger;
use crate::payload::Payload;
use crate::run::{Plan, Sabotage, TOPICS};
use anyhow::{Result, bail};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::OwnedHeaders;
use rdkafka::producer::{BaseRecord, ThreadedProducer};
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::Duration;
use tracebaton::{Carrier, Header};
use tracebaton_rdkafka::HeadersMut;

/// Sabotage changes one in this many records.
const SABOTAGE_ONE_IN: u64 = 1_000;

/// Produces the records of a lane.
pub fn produce(plan: &Plan, ledger: &Ledger, producer: &ThreadedProducer<Listener>, lane: u32) -> Result<()> {
    let mut sequence = u64::from(lane);
    while sequence < ledger.records {
        while sequence >= ledger.allowed.load(Ordering::Relaxed) {
            if ledger.is_over() {
                return Ok(());
            }
            sleep(Duration::from_millis(1));
        }
        let (number, case) = ledger.cases.of(plan.seed, sequence);
        let payload = Payload::new(plan.seed, sequence, lane, number);
        let sabotage = plan.sabotage.filter(|_| sequence % SABOTAGE_ONE_IN == SABOTAGE_ONE_IN / 2);
        if !ledger.enter(lane, size(case)) {
            return Ok(());
        }
        if sabotage != Some(Sabotage::Drop) {
            send(ledger, producer, case, &payload, headers(case, &payload, sabotage))?;
        }
        ledger.counters.produced.fetch_add(1, Ordering::Relaxed);
        sequence += ledger.lanes() as u64;
    }
    Ok(())
}

/// The approximate size of a record while it is in flight.
pub fn size(case: &Case) -> usize {
    case.sent.size().max(case.passed.size()) + case.value_size.max(Payload::SIZE) + 100
}

fn headers(case: &Case, payload: &Payload, sabotage: Option<Sabotage>) -> OwnedHeaders {
    let mut list = OwnedHeaders::new_with_capacity(case.sent.headers.len());
    let mut buffer = Vec::new();
    let mut written = *payload;
    match sabotage {
        Some(Sabotage::Corrupt) => written.trace_id[15] ^= 1,
        Some(Sabotage::Orphan) => return list,
        _ => {}
    }
    for header in &case.sent.headers {
        let value = header.value(&written, 0, &mut buffer);
        HeadersMut::new(&mut list)
            .add(Header { name: &header.name, value })
            .expect("librdkafka accepts every header");
    }
    list
}

fn send(
    ledger: &Ledger,
    producer: &ThreadedProducer<Listener>,
    case: &Case,
    payload: &Payload,
    headers: OwnedHeaders,
) -> Result<()> {
    let value = payload.value(case.value_size);
    let lane = i32::try_from(payload.lane)?;
    let mut record = BaseRecord::<(), _>::to(TOPICS[0]).partition(lane).payload(&value).headers(headers);
    loop {
        match producer.send(record) {
            Ok(()) => {
                ledger.counters.enqueued.fetch_add(1, Ordering::Relaxed);
                return Ok(());
            }
            Err((error, _)) if !is_full(&error) => bail!("the source cannot send {}: {error}", case.id),
            Err(_) if ledger.is_over() => return Ok(()),
            Err((_, again)) => {
                record = again;
                ledger.counters.queue_full.fetch_add(1, Ordering::Relaxed);
                sleep(Duration::from_millis(5));
            }
        }
    }
}

/// Whether the producer's queue is full, so that the record can be sent later.
pub fn is_full(error: &KafkaError) -> bool {
    error.rdkafka_error_code() == Some(RDKafkaErrorCode::QueueFull)
}
