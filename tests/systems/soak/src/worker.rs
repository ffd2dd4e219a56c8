//! The Rust services that use the integration: each reads records, and produces them again in the same trace.

use crate::check::check;
use crate::clients::{Listener, config};
use crate::ledger::{Ledger, STAGES};
use crate::pattern::Reading;
use crate::payload::Payload;
use crate::run::{Place, Sabotage, TOPICS};
use crate::source::{is_full, size};
use anyhow::{Context as _, Result, anyhow, bail};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Message, OwnedHeaders};
use rdkafka::producer::{BaseRecord, ThreadedProducer};
use rdkafka::{Offset, TopicPartitionList};
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::Duration;
use tracebaton::{Context, SpanContext, SpanId, TraceFlags, TraceId};

/// How many records a restarted service reads again, as if it had not committed them.
const READ_AGAIN: i64 = 20;

/// A service in Rust.
pub struct Worker<'a> {
    /// Its position.
    pub place: Place,
    /// Settings of its consumer.
    pub settings: &'a [(String, String)],
    /// Receives its events.
    pub listener: &'a Listener,
    /// Its producer; `None` at the last stage.
    pub producer: Option<&'a ThreadedProducer<Listener>>,
    /// Its deliberate fault, if any.
    pub sabotage: Option<Sabotage>,
}

impl Worker<'_> {
    fn ledger(&self) -> &Ledger {
        &self.listener.ledger
    }

    /// Works until the run is over.
    ///
    /// # Errors
    ///
    /// If it cannot continue.
    pub fn run(&self) -> Result<()> {
        let mut next = 0;
        let mut consumer = self.open(next)?;
        while !self.ledger().is_over() {
            if self.ledger().takes_restart(self.place.stage, self.place.lane) {
                next = (next - READ_AGAIN).max(0);
                drop(consumer);
                consumer = self.open(next)?;
            }
            match consumer.poll(Duration::from_millis(50)) {
                None => {}
                Some(Ok(message)) => {
                    if message.offset() > next {
                        self.ledger().skipped(self.place.stage, next, message.offset());
                    }
                    self.handle(&message)?;
                    next = message.offset() + 1;
                }
                Some(Err(error)) => {
                    let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown);
                    self.listener.client_error(code, &error.to_string());
                }
            }
        }
        Ok(())
    }

    /// A consumer that starts at this offset.
    fn open(&self, offset: i64) -> Result<BaseConsumer<Listener>> {
        let consumer: BaseConsumer<Listener> =
            config(self.settings.to_vec()).create_with_context(self.listener.clone())?;
        let mut partitions = TopicPartitionList::new();
        let lane = i32::try_from(self.place.lane)?;
        partitions.add_partition_offset(TOPICS[self.place.stage], lane, Offset::Offset(offset))?;
        consumer.assign(&partitions).context("a consumer cannot be assigned a partition")?;
        Ok(consumer)
    }

    fn handle(&self, message: &BorrowedMessage<'_>) -> Result<()> {
        let extracted = tracebaton_rdkafka::extract(message);
        let Some(payload) = message.payload().and_then(Payload::read) else {
            self.ledger().stranger(self.place.stage);
            return Ok(());
        };
        let headers = tracebaton_rdkafka::headers(message).map(|header| (header.name, header.value));
        received(self.ledger(), self.place.stage, &payload, &Reading::of_rust(&extracted), headers);
        match self.producer {
            Some(producer) => self.send_on(producer, message, &payload, extracted.context()),
            None => Ok(()),
        }
    }

    /// Forwards the record in its trace; this service's span is the parent.
    fn send_on(
        &self,
        producer: &ThreadedProducer<Listener>,
        message: &BorrowedMessage<'_>,
        payload: &Payload,
        received: Context<'_>,
    ) -> Result<()> {
        let mut headers = headers_of(message);
        if self.sabotage != Some(Sabotage::Stale) {
            let sent =
                self.span(payload, received).ok_or(anyhow!("no ids in record {}", payload.sequence))?;
            tracebaton_rdkafka::inject(&sent.injection(), &mut headers)?;
        }
        let lane = i32::try_from(self.place.lane)?;
        let value = message.payload().unwrap_or_default();
        let to = TOPICS[self.place.stage + 1];
        let mut record = BaseRecord::<(), _>::to(to).partition(lane).payload(value).headers(headers);
        let counters = &self.ledger().counters;
        let mut has_context = true;
        loop {
            match producer.send(record) {
                Ok(()) => {
                    counters.enqueued.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
                Err(_) if self.ledger().is_over() => return Ok(()),
                Err((error, again)) if is_full(&error) => {
                    record = again;
                    counters.queue_full.fetch_add(1, Ordering::Relaxed);
                    sleep(Duration::from_millis(5));
                }
                // W6: a record that has no room for a context is sent without one.
                Err((error, again)) if is_too_large(&error) && has_context => {
                    let mut headers = headers_of(message);
                    tracebaton_rdkafka::inject(&Context::default().injection(), &mut headers)?;
                    record = BaseRecord { headers: Some(headers), ..again };
                    has_context = false;
                    counters.without_context.fetch_add(1, Ordering::Relaxed);
                }
                Err((error, _)) => bail!("the {} cannot send: {error}", STAGES[self.place.stage]),
            }
        }
    }

    /// The context of this service's span: a child of the record's, or the root of a new trace if there is none.
    fn span<'a>(&self, payload: &Payload, received: Context<'a>) -> Option<Context<'a>> {
        let span_id = SpanId::from_bytes(payload.span_ids[self.place.stage + 1])?;
        received.child(span_id).or_else(|| {
            let trace_id = TraceId::from_bytes(payload.trace_id)?;
            let root = SpanContext::root(trace_id, span_id, TraceFlags::from_byte(3));
            Some(Context::new(Some(root), received.baggage))
        })
    }
}

/// A copy of the headers of a message.
fn headers_of(message: &BorrowedMessage<'_>) -> OwnedHeaders {
    message.headers().map_or_else(OwnedHeaders::new, BorrowedHeaders::detach)
}

fn is_too_large(error: &KafkaError) -> bool {
    error.rdkafka_error_code() == Some(RDKafkaErrorCode::MessageSizeTooLarge)
}

/// Checks and records a record that was read.
pub fn received<'a>(
    ledger: &Ledger,
    stage: usize,
    payload: &Payload,
    reading: &Reading,
    headers: impl Iterator<Item = crate::check::Seen<'a>>,
) {
    let Some(case) = ledger.cases.get(payload.case_number).filter(|_| payload.sequence < ledger.records)
    else {
        return ledger.stranger(stage);
    };
    let flaw = check(case, payload, stage, reading, headers);
    ledger.received(stage, payload, size(case), flaw);
}
