//! The processing of one order.

use crate::billing::{MAX_ATTEMPTS, bill};
use crate::send::attempts;
use crate::{DEAD_LETTERS, PAYMENTS, RETRY, Service};
use opentelemetry::Context;
use opentelemetry::trace::{FutureExt, TraceContextExt};
use rdkafka::error::KafkaResult;
use rdkafka::message::{BorrowedMessage, Message};
use std::time::Instant;
use tracebaton_opentelemetry::{Record, describe, extract_trace_context, failed};
use tracing::{Instrument, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

impl Service {
    /// Processes one message, in a span that is a child of the producer's span. `record` was made when it was polled.
    pub(crate) async fn process(
        &self,
        message: &BorrowedMessage<'_>,
        record: &Record<'_>,
    ) -> KafkaResult<()> {
        let received = extract_trace_context(message);
        let builder = record.process(&received);
        let span = info_span!("process", otel.name = %builder.name, otel.kind = "consumer");
        describe(&span, builder);
        let _ = span.set_parent(received.clone()); // an error is a disabled span

        let start = Instant::now();
        // If the span is disabled, the records carry the received context.
        let error_type = self.work(message).instrument(span).with_context(received).await?;
        self.metrics.processed(record, start.elapsed(), error_type);
        Ok(())
    }

    /// Bills an order, and sends the result. Returns the `error.type` if the order failed.
    async fn work(&self, message: &BorrowedMessage<'_>) -> KafkaResult<Option<&'static str>> {
        let (order, attempt) = (message.payload().unwrap_or_default(), attempts(message) + 1);
        let failure = match bill(order, attempt).await {
            Ok(payment) => {
                self.send(PAYMENTS, message, payment.as_bytes(), 0).await?;
                return Ok(None);
            }
            Err(failure) => failure,
        };
        failed(&Context::current().span(), failure.name(), format!("attempt {attempt}: {failure:?}"));
        let topic = if failure.is_temporary() && attempt < MAX_ATTEMPTS { RETRY } else { DEAD_LETTERS };
        tracing::warn!(attempt, topic, error = failure.name(), "not billed");
        self.send(topic, message, order, attempt).await?;
        Ok(Some(failure.name()))
    }
}
