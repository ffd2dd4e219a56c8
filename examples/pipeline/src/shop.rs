//! The services: a shop takes orders, a bank is paid, a warehouse packs (in C, see `packing`), a carrier ships.

use crate::service::{Run, Service, key};
use anyhow::Result;
use opentelemetry::baggage::{Baggage, BaggageExt};
use opentelemetry::trace::{TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue};
use rdkafka::message::{Header, Message, OwnedHeaders};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::Duration;
use tracebaton_opentelemetry::inject_trace_context;

/// The topics, in the order of the chain.
pub const TOPICS: [&str; 3] = ["orders", "payments", "parcels"];

/// Orders arrive in bursts, so that records wait.
const BURST: usize = 8;
const PAUSE: Duration = Duration::from_millis(48);

/// The headers of a record: names and values.
pub type HeaderList = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// The headers of one order, received by payment and sent by payment.
#[derive(Debug)]
pub struct Passage {
    /// Headers of the record in `orders`.
    pub received: HeaderList,
    /// Headers of the record in `payments`.
    pub sent: HeaderList,
}

/// Takes the orders and starts their traces.
pub fn checkout(run: &Run) -> Result<()> {
    let service = Service::new(run, "checkout");
    let sender = service.sender("orders")?;
    run.wait_for(TOPICS.len());
    for number in 1..=run.orders {
        if run.stop.load(Ordering::Relaxed) {
            break;
        }
        let order = format!("order-{number:04}");
        let span = service.tracer.start_with_context("place order", &Context::new());
        let context = Context::new().with_span(span).with_baggage(baggage());
        work(&order, "checkout", 800..2_600);
        let payload = format!(r#"{{"order":"{order}","cents":{}}}"#, 990 + number * 7);
        sender.send(&order, payload.as_bytes(), &context, |context| {
            let mut headers = user_headers(number);
            if run.propagate {
                // This service starts the trace, and its SDK makes random ids.
                let outgoing = tracebaton_opentelemetry::inject_context(context).with_random(true);
                tracebaton_rdkafka::inject(&outgoing.injection(), &mut headers)?;
            }
            Ok(headers)
        })?;
        context.span().end();
        if number % BURST == 0 {
            sleep(PAUSE);
        }
    }
    sender.finish()
}

/// Charges for each order, and sends the received record with the headers that the shop wrote.
pub fn payment(run: &Run) -> Result<HashMap<String, Passage>> {
    let service = Service::new(run, "payment");
    let sender = service.sender("payments")?;
    let mut passages = HashMap::new();
    service.consume("orders", |message, context| {
        let order = key(message);
        work(&order, "payment", 3_000..8_000);
        sender.send(&order, message.payload().unwrap_or_default(), context, |context| {
            let mut headers = tracebaton_rdkafka::owned_headers(message);
            let received = list(&headers);
            if run.propagate {
                inject_trace_context(context, &mut headers);
            }
            passages.insert(order.clone(), Passage { received, sent: list(&headers) });
            Ok(headers)
        })
    })?;
    sender.finish()?;
    Ok(passages)
}

/// Ships the parcels. Returns how many of them arrived with the baggage of checkout.
pub fn shipping(run: &Run) -> Result<usize> {
    let service = Service::new(run, "shipping");
    let mut with_baggage = 0;
    service.consume("parcels", |message, context| {
        work(&key(message), "shipping", 1_500..5_000);
        if let Some(tenant) = context.baggage().get("tenant") {
            context.span().set_attribute(KeyValue::new("tenant", tenant.clone()));
            with_baggage += 1;
        }
        Ok(())
    })?;
    Ok(with_baggage)
}

fn baggage() -> Baggage {
    let mut baggage = Baggage::new();
    baggage.insert_with_metadata("tenant", "Café 17", "plan=gold");
    baggage
}

/// Application headers of a shop: text, bytes that are not text, and a null.
fn user_headers(number: usize) -> OwnedHeaders {
    let digest = hash(&number).to_be_bytes();
    OwnedHeaders::new()
        .insert(Header { key: "content-type", value: Some("application/json") })
        .insert(Header { key: "digest", value: Some(&digest) })
        .insert(Header { key: "coupon", value: None::<&str> })
}

fn list(headers: &OwnedHeaders) -> HeaderList {
    tracebaton_rdkafka::headers(headers)
        .map(|header| (header.name.to_vec(), header.value.map(<[u8]>::to_vec)))
        .collect()
}

/// Works as long as this order takes in this service. The time differs between orders, but not between runs.
fn work(order: &str, service: &str, microseconds: std::ops::Range<u64>) {
    let spread = hash(&(order, service)) % (microseconds.end - microseconds.start);
    sleep(Duration::from_micros(microseconds.start + spread));
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
