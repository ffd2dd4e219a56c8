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
use tokio::time::{Instant, timeout, timeout_at};
use tracebaton_opentelemetry::{Batch, Links, Record, kafka_error_type};

/// Maximum size of a batch.
const BATCH: usize = 100;
/// Maximum time for the last commit.
const COMMIT: Duration = Duration::from_secs(10);
/// Time between two attempts to commit.
const PAUSE: Duration = Duration::from_millis(100);

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
                // Its partition is still assigned: only a poll can revoke it.
                self.consumer.store_offset_from_message(message)?;
            }
        }
        self.stop().await
    }

    /// Receives the next records: at least one. Each of these polls may revoke partitions, whose records are dropped.
    async fn receive(&self) -> KafkaResult<Vec<BorrowedMessage<'_>>> {
        let (mut batch, mut deadline) = (Vec::new(), Instant::now());
        while batch.len() < BATCH {
            let next = match batch.is_empty() {
                true => Ok(self.receive_one().await),
                false => timeout_at(deadline, self.receive_one()).await,
            };
            self.consumer.context().drop_revoked(&mut batch);
            if batch.is_empty() {
                deadline = Instant::now() + self.linger;
            }
            match next {
                Ok(message) => batch.push(message?),
                Err(_) if batch.is_empty() => {} // all records were dropped
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
    /// A span of `tracing` begins when it is made, so these are spans of the tracer. No level of `tracing` disables them.
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
            batch.receive(links).with_start_time(start).start(&self.tracer).end();
        }
    }

    async fn stop(&self) -> KafkaResult<()> {
        self.producer.flush(Duration::from_secs(10))?;
        let deadline = Instant::now() + COMMIT;
        loop {
            match self.consumer.commit_consumer_state(CommitMode::Sync) {
                Err(KafkaError::ConsumerCommit(RDKafkaErrorCode::NoOffset)) => return Ok(()), // nothing is left to commit
                // Other members join or leave. The group waits for this one to poll; what it receives is not stored.
                Err(error @ KafkaError::ConsumerCommit(RDKafkaErrorCode::RebalanceInProgress))
                    if Instant::now() < deadline =>
                {
                    tracing::warn!(%error, "not committed");
                    let polls = async { while self.receive_one().await.is_ok() {} };
                    let _ = timeout(PAUSE, polls).await;
                }
                result => return result,
            }
        }
    }
}
