//! Receives records in batches until shutdown.

use crate::{ORDERS, Service};
use opentelemetry::trace::Span;
use rdkafka::consumer::{CommitMode, Consumer};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::producer::Producer;
use rdkafka::types::RDKafkaErrorCode;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, timeout_at};
use tracebaton_opentelemetry::{Batch, Links, Record, kafka_error_type};
use tracing::Level;

/// Maximum size of a batch, and maximum time that its first record waits for the others.
const BATCH: usize = 100;
const LINGER: Duration = Duration::from_millis(50);

impl Service {
    /// Works until `shutdown` is ready. Then the current batch is finished, and its offsets are committed.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) -> KafkaResult<()> {
        let mut shutdown = pin!(shutdown);
        loop {
            let start = SystemTime::now();
            // A batch that is dropped here was not processed, and is received again after the restart.
            let batch = tokio::select! {
                batch = self.receive() => batch?,
                () = &mut shutdown => break,
            };
            // Before any order is processed: `Record::from` reads the clock for the queue time.
            let records: Vec<_> =
                batch.iter().map(|message| Record::from(message).with_client(self.client())).collect();
            self.polled(&batch, &records, start);
            for (message, record) in batch.iter().zip(&records) {
                self.process(message, record).await?;
                self.consumer.store_offset_from_message(message)?;
            }
        }
        self.stop()
    }

    /// Receives the next records: at least one.
    async fn receive(&self) -> KafkaResult<Vec<BorrowedMessage<'_>>> {
        let mut batch = vec![self.receive_one().await?];
        let deadline = Instant::now() + LINGER;
        while batch.len() < BATCH {
            match timeout_at(deadline, self.receive_one()).await {
                Ok(message) => batch.push(message?),
                Err(_) => break,
            }
        }
        Ok(batch)
    }

    /// Receives the next record. librdkafka recovers from every error that is not fatal, so these are only reported.
    async fn receive_one(&self) -> KafkaResult<BorrowedMessage<'_>> {
        loop {
            let start = Instant::now();
            match self.consumer.recv().await {
                Ok(message) => return Ok(message),
                Err(error @ KafkaError::MessageConsumptionFatal(_)) => return Err(error),
                Err(KafkaError::PartitionEOF(_)) => {} // only with `enable.partition.eof`
                Err(error) => {
                    tracing::warn!(%error, "no record");
                    let none = Batch::new(ORDERS, 0).with_client(self.client());
                    self.metrics.polled(none, start.elapsed(), Some(&kafka_error_type(&error)));
                }
            }
        }
    }

    /// Counts the records of a poll. Makes a span for each of its topics, which begins with the wait, links to the
    /// producers' spans, and has no children.
    ///
    /// A span of `tracing` begins when it is made, so these are spans of the tracer.
    fn polled(&self, messages: &[BorrowedMessage<'_>], records: &[Record<'_>], start: SystemTime) {
        let waited = start.elapsed().unwrap_or_default(); // the clock may have been set back
        let mut topics: BTreeMap<&str, (usize, Links)> = BTreeMap::new();
        for (message, record) in messages.iter().zip(records) {
            self.metrics.consumed(record);
            let (count, links) = topics.entry(message.topic()).or_default();
            *count += 1;
            links.insert_with(message, || record.link_attributes());
        }
        for (topic, (count, links)) in topics {
            let batch = Batch::new(topic, count).with_client(self.client());
            self.metrics.polled(batch, waited, None);
            if tracing::enabled!(Level::INFO) {
                batch.receive(links).with_start_time(start).start(&self.tracer).end();
            }
        }
    }

    fn stop(&self) -> KafkaResult<()> {
        self.producer.flush(Duration::from_secs(10))?;
        match self.consumer.commit_consumer_state(CommitMode::Sync) {
            Err(KafkaError::ConsumerCommit(RDKafkaErrorCode::NoOffset)) => Ok(()), // nothing is left to commit
            result => result,
        }
    }
}
