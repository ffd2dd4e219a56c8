//! Sends the result of a message, with the message's headers.

use crate::{NAME, Service};
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use rdkafka::error::KafkaResult;
use rdkafka::message::{BorrowedMessage, Header, Message, OwnedHeaders};
use rdkafka::producer::FutureRecord;
use rdkafka::util::Timeout;
use std::time::{Duration, Instant};
use tracebaton::Carrier;
use tracebaton_opentelemetry::{
    Client, Record, acknowledged, describe, failed, inject_trace_context, kafka_error_type,
};
use tracebaton_rdkafka::HeadersMut;
use tracing::{Instrument, info_span};

/// Number of attempts: a header of the service, beside the trace headers.
const ATTEMPTS: &str = "attempts";

/// Number of earlier attempts for a message.
pub(crate) fn attempts(message: &BorrowedMessage<'_>) -> u32 {
    let mut headers = tracebaton_rdkafka::headers(message);
    let header = headers.find(|header| header.name == ATTEMPTS.as_bytes());
    let text = header.and_then(|header| std::str::from_utf8(header.value?).ok());
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

impl Service {
    /// Sends a record with the key and headers of a message, in a span that lasts until the broker has the record.
    pub(crate) async fn send(
        &self,
        topic: &str,
        message: &BorrowedMessage<'_>,
        payload: &[u8],
        attempts: u32,
    ) -> KafkaResult<()> {
        let mut record = FutureRecord::<[u8], [u8]>::to(topic).payload(payload);
        record.key = message.key();
        let about = Record::from(&record).with_client(Client::new().with_id(NAME));
        let builder = about.send();
        let span = info_span!("send", otel.name = %builder.name, otel.kind = "producer");
        describe(&span, builder);
        let sending = async {
            let mut headers = headers_of(message, attempts);
            inject_trace_context(&Context::current(), &mut headers);
            let start = Instant::now();
            let result =
                self.producer.send(record.headers(headers), Timeout::After(Duration::from_secs(10))).await;
            let error_type = result.as_ref().err().map(|(error, _)| kafka_error_type(error));
            self.metrics.sent(about, start.elapsed(), error_type.as_deref());
            let current = Context::current();
            match result {
                Ok(delivery) => {
                    acknowledged(&current.span(), delivery.partition, delivery.offset);
                    Ok(())
                }
                Err((error, _)) => {
                    failed(&current.span(), kafka_error_type(&error), error.to_string());
                    Err(error)
                }
            }
        };
        sending.instrument(span).await
    }
}

/// The headers of a message, with a new number of attempts; without that header for 0.
fn headers_of(message: &BorrowedMessage<'_>, attempts: u32) -> OwnedHeaders {
    let mut headers = tracebaton_rdkafka::owned_headers(message);
    // The list is a copy, which librdkafka always lets be changed.
    let _ = HeadersMut::new(&mut headers).remove(|name| name == ATTEMPTS.as_bytes());
    match attempts {
        0 => headers,
        _ => headers.insert(Header { key: ATTEMPTS, value: Some(&attempts.to_string()) }),
    }
}
