//! Receives records in batches until shutdown.

use crate::{ORDERS, Service};
use rdkafka::consumer::{CommitMode, Consumer, StreamConsumer};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::BorrowedMessage;
use rdkafka::producer::Producer;
use rdkafka::types::RDKafkaErrorCode;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tracebaton_opentelemetry::{Batch, Links, describe};
use tracing::info_span;

/// Maximum size of a batch, and maximum time that its first record waits for the others.
const BATCH: usize = 100;
const LINGER: Duration = Duration::from_millis(50);

impl Service {
    /// Works until `shutdown` is ready. Then the current batch is finished, and its offsets are committed.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) -> KafkaResult<()> {
        let mut shutdown = pin!(shutdown);
        loop {
            let start = Instant::now();
            // A batch that is dropped here was not processed, and is received again after the restart.
            let batch = tokio::select! {
                batch = receive(&self.consumer) => batch?,
                () = &mut shutdown => break,
            };
            self.received(&batch, start);
            for message in &batch {
                self.process(message).await?;
                self.consumer.store_offset_from_message(message)?;
            }
        }
        self.stop()
    }

    /// The span of a poll. It links to the producer's span of each record, and has no children.
    fn received(&self, batch: &[BorrowedMessage<'_>], start: Instant) {
        let mut links = Links::default();
        batch.iter().for_each(|message| links.insert_message(message));
        let about = Batch::new(ORDERS, batch.len()).with_client(self.client());
        self.metrics.polled(about, start.elapsed(), None);
        let builder = about.receive(links);
        let span = info_span!("receive", otel.name = %builder.name, otel.kind = "client");
        describe(&span, builder);
    }

    fn stop(&self) -> KafkaResult<()> {
        self.producer.flush(Duration::from_secs(10))?;
        match self.consumer.commit_consumer_state(CommitMode::Sync) {
            Err(KafkaError::ConsumerCommit(RDKafkaErrorCode::NoOffset)) => Ok(()), // nothing was received
            result => result,
        }
    }
}

/// Receives the next records: at least one.
async fn receive(consumer: &StreamConsumer) -> KafkaResult<Vec<BorrowedMessage<'_>>> {
    let mut batch = vec![consumer.recv().await?];
    let deadline = Instant::now() + LINGER;
    while batch.len() < BATCH {
        match timeout_at(deadline, consumer.recv()).await {
            Ok(message) => batch.push(message?),
            Err(_) => break,
        }
    }
    Ok(batch)
}
