//! The processing of one order.

use crate::billing::{MAX_ATTEMPTS, bill};
use crate::send::attempts;
use crate::{DEAD_LETTERS, PARTNERS, PAYMENTS, RETRY, Service};
use opentelemetry::Context;
use opentelemetry::trace::{FutureExt, TraceContextExt};
use rdkafka::error::KafkaResult;
use rdkafka::message::{BorrowedMessage, Message};
use std::time::Instant;
use tracebaton::TrustPolicy;
use tracebaton_opentelemetry::{Record, admit_trace_context, describe, failed, kafka_error_type};
use tracing::{Instrument, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// An order, and what is to be kept of its trace in the records that it causes.
pub(crate) struct Order<'a> {
    pub(crate) message: &'a BorrowedMessage<'a>,
    /// Whether the producers of its topic are trusted.
    pub(crate) is_trusted: bool,
    /// Whether no parent was admitted, so that this service starts the trace.
    pub(crate) starts_trace: bool,
}

/// Whose trace continues. The records of the retry topic are the service's own.
fn policy(topic: &str) -> TrustPolicy {
    if topic == PARTNERS { TrustPolicy::RestartWithLink } else { TrustPolicy::Continue }
}

impl Service {
    /// Processes one message, in a span that is a child of the producer's span if the producer is trusted. `record` was
    /// made when it was polled.
    pub(crate) async fn process(
        &self,
        message: &BorrowedMessage<'_>,
        record: &Record<'_>,
    ) -> KafkaResult<()> {
        let policy = policy(message.topic());
        let admitted = admit_trace_context(message, policy);
        let builder = record.process(&admitted.linked);
        let span = info_span!("process", otel.name = %builder.name, otel.kind = "consumer");
        describe(&span, builder);
        let _ = span.set_parent(admitted.parent.clone()); // an error is a disabled span
        let order = Order {
            message,
            is_trusted: policy == TrustPolicy::Continue,
            starts_trace: !admitted.parent.span().span_context().is_valid(),
        };

        let start = Instant::now();
        // If the span is disabled, the records carry the admitted context.
        let result = self.work(&order).instrument(span.clone()).with_context(admitted.parent).await;
        let error_type = match &result {
            Ok(error_type) => error_type.map(str::to_owned),
            Err(error) => {
                failed(&span.context().span(), kafka_error_type(error), error.to_string());
                Some(kafka_error_type(error))
            }
        };
        self.metrics.processed(record, start.elapsed(), error_type.as_deref());
        result.map(drop)
    }

    /// Bills an order, and sends the result. Returns the `error.type` if the order failed, and an error if a record that it
    /// caused was not delivered.
    async fn work(&self, order: &Order<'_>) -> KafkaResult<Option<&'static str>> {
        let (payload, attempt) = (order.message.payload().unwrap_or_default(), attempts(order) + 1);
        let failure = match bill(payload, attempt).await {
            Ok(payment) => {
                self.send(PAYMENTS, order, payment.as_bytes(), 0).await?;
                return Ok(None);
            }
            Err(failure) => failure,
        };
        failed(&Context::current().span(), failure.name(), format!("attempt {attempt}: {failure:?}"));
        let topic = if failure.is_temporary() && attempt < MAX_ATTEMPTS { RETRY } else { DEAD_LETTERS };
        tracing::warn!(attempt, topic, error = failure.name(), "not billed");
        self.send(topic, order, payload, attempt).await?;
        Ok(Some(failure.name()))
    }
}
