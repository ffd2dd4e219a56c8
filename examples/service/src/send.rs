//! Sends the result of a message, with the message's headers.

use crate::process::Order;
use crate::{NAME, Service};
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::{Header, Message, OwnedHeaders};
use rdkafka::producer::FutureRecord;
use rdkafka::util::Timeout;
use std::time::{Duration, Instant};
use tracebaton::Carrier;
use tracebaton::formats::{self, Formats};
use tracebaton_opentelemetry::{
    Client, Propagators, Record, acknowledged, describe, failed, inject_context, kafka_error_type,
    strip_formats,
};
use tracebaton_rdkafka::HeadersMut;
use tracing::{Instrument, info_span};

/// Number of attempts: a header of the service, beside the trace headers.
const ATTEMPTS: &str = "attempts";

/// Number of earlier attempts for an order. A partner cannot set it.
pub(crate) fn attempts(order: &Order<'_>) -> u32 {
    let mut headers = tracebaton_rdkafka::headers(order.message).take_while(|_| order.is_trusted);
    let header = headers.find(|header| header.name == ATTEMPTS.as_bytes());
    let text = header.and_then(|header| std::str::from_utf8(header.value?).ok());
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

impl Service {
    /// Sends a record with the key and headers of an order, in a span that lasts until the broker has the record.
    pub(crate) async fn send(
        &self,
        topic: &str,
        order: &Order<'_>,
        payload: &[u8],
        attempts: u32,
    ) -> KafkaResult<()> {
        let mut record = FutureRecord::<[u8], [u8]>::to(topic).payload(payload);
        record.key = order.message.key();
        let about = Record::from(&record).with_client(Client::new().with_id(NAME));
        let builder = about.send();
        let span = info_span!("send", otel.name = %builder.name, otel.kind = "producer");
        describe(&span, builder);
        let sending = async {
            let mut headers = headers_of(order, attempts)?;
            inject(order, &mut headers);
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

/// The headers of an order without a partner's trace, and with a new number of attempts; without that header for 0.
fn headers_of(order: &Order<'_>, attempts: u32) -> KafkaResult<OwnedHeaders> {
    let mut headers = tracebaton_rdkafka::owned_headers(order.message);
    if !order.is_trusted {
        strip_formats(&mut headers, Formats::ALL).map_err(KafkaError::MessageProduction)?;
    }
    // The list is a copy, which librdkafka always lets be changed.
    let _ = HeadersMut::new(&mut headers).remove(|name| name == ATTEMPTS.as_bytes());
    Ok(match attempts {
        0 => headers,
        _ => headers.insert(Header { key: ATTEMPTS, value: Some(&attempts.to_string()) }),
    })
}

/// Writes the current context, with the random flag in a trace that this service starts: the SDK's ids are random. If it
/// fails, the record can still be sent.
fn inject(order: &Order<'_>, headers: &mut OwnedHeaders) {
    let mut outgoing = inject_context(&Context::current());
    if order.starts_trace {
        outgoing = outgoing.with_random(true);
    }
    let _ = formats::inject(&Propagators::configured().injection(&outgoing), &mut HeadersMut::new(headers));
}
