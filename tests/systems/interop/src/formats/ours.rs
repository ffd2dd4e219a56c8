//! Our side: writing a format into records, and reading it from them.

use super::case::{self, Case};
use super::protocol::Told;
use crate::kafka;
use anyhow::{Context as _, Result, bail};
use rdkafka::message::{Message, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::collections::BTreeMap;
use tracebaton::formats::{self, Format, FormatInjection, Formats, Sampling, choose};
use tracebaton::{Context, SpanContext, TraceFlags};
use tracebaton_rdkafka::HeadersMut;

/// Sends these contexts in these formats.
pub fn write(brokers: &str, topic: &str, formats: impl Into<Formats>, cases: &[Case]) -> Result<()> {
    let producer: BaseProducer = kafka::client(brokers, "ours").create()?;
    let formats = formats.into();
    for case in cases {
        let flags = TraceFlags::default().with_sampled(case.sampling.is_sampled(false));
        let context = Context::from(SpanContext::root(case.trace_id, case.span_id, flags));
        let injection = FormatInjection::new(&context, formats).sampling(case.sampling);
        send(&producer, topic, &case.name, OwnedHeaders::new(), &injection)?;
    }
    producer.flush(kafka::PATIENCE).context("the broker does not take the records")
}

fn send(
    producer: &BaseProducer,
    topic: &str,
    key: &str,
    mut headers: OwnedHeaders,
    injection: &FormatInjection<'_>,
) -> Result<()> {
    formats::inject(injection, &mut HeadersMut::new(&mut headers)).context("the headers take no context")?;
    let record = BaseRecord::to(topic).key(key).payload("an order").headers(headers);
    producer.send(record).map_err(|(error, _)| error.into())
}

/// What the codec reads from the first records of a topic in this format, by their keys.
pub fn read(
    brokers: &str,
    topic: &str,
    format: Format,
    count: usize,
) -> Result<BTreeMap<String, Option<Told>>> {
    let mut read = BTreeMap::new();
    kafka::read(&kafka::client(brokers, "ours"), topic, count, |message| {
        let Ok(key) = str::from_utf8(message.key().unwrap_or_default()) else {
            bail!("{topic}: a strange key")
        };
        let choice = choose(tracebaton_rdkafka::headers(message), std::slice::from_ref(&format));
        let ids = choice.verdict(format).accepted().and_then(|context| context.ids);
        let told =
            ids.zip(choice.sampling()).map(|((trace, span), sampling)| Told::new(trace, span, sampling));
        read.insert(key.to_owned(), told);
        Ok(())
    })?;
    Ok(read)
}

/// What a service of ours reads, writes and removes.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The formats to read, in their order.
    pub reads: &'static [Format],
    /// The formats to write.
    pub writes: Formats,
    /// The formats to remove besides.
    pub removes: Formats,
}

/// A record that a service of ours has forwarded.
#[derive(Clone, Debug)]
pub struct Hop {
    /// Its key.
    pub key: String,
    /// The format of the parent, if one was found.
    pub arrived_as: Option<Format>,
    /// The parent.
    pub received: Option<Told>,
    /// The span in the forwarded record: a child, or a root without a parent.
    pub sent: Told,
}

/// Receives records, and sends each on with its headers and the context of a child.
pub fn relay(brokers: &str, from: &str, to: &str, way: Way, count: usize) -> Result<Vec<Hop>> {
    let client = kafka::client(brokers, "ours");
    let producer: BaseProducer = client.create()?;
    let mut hops = Vec::new();
    kafka::read(&client, from, count, |message| {
        let Ok(key) = str::from_utf8(message.key().unwrap_or_default()) else {
            bail!("{from}: a strange key")
        };
        let choice = choose(tracebaton_rdkafka::headers(message), way.reads);
        let parent = choice.span_context(false);
        let span_id = case::span_id();
        let root = || SpanContext::root(case::trace_id(), span_id, TraceFlags::SAMPLED);
        let child = parent.map_or_else(root, |parent| parent.child(span_id));
        let injection = FormatInjection::new(&Context::from(child), way.writes).replacing(way.removes);
        send(&producer, to, key, tracebaton_rdkafka::owned_headers(message), &injection)?;
        hops.push(Hop {
            key: key.to_owned(),
            arrived_as: choice.arrived_as(),
            received: parent.map(|parent| Told::new(parent.trace_id, parent.span_id, Sampling::Accept)),
            sent: Told::new(child.trace_id, child.span_id, Sampling::Accept),
        });
        Ok(())
    })?;
    producer.flush(kafka::PATIENCE).context("the broker does not take the records")?;
    Ok(hops)
}
