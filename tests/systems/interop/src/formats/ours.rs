//! Our side: writing a format into records, and reading it from them.

use super::case::Case;
use super::protocol::Told;
use crate::kafka;
use anyhow::{Context as _, Result, bail};
use rdkafka::message::{Message, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::collections::BTreeMap;
use tracebaton::formats::{self, Format, FormatInjection, choose};
use tracebaton::{Context, SpanContext, TraceFlags};
use tracebaton_rdkafka::HeadersMut;

/// Sends these contexts in this format.
pub fn write(brokers: &str, topic: &str, format: Format, cases: &[Case]) -> Result<()> {
    let producer: BaseProducer = kafka::client(brokers, "ours").create()?;
    for case in cases {
        let flags = TraceFlags::default().with_sampled(case.sampling.is_sampled(false));
        let context = Context::from(SpanContext::root(case.trace_id, case.span_id, flags));
        let injection = FormatInjection::new(&context, format).sampling(case.sampling);
        let mut headers = OwnedHeaders::new();
        formats::inject(&injection, &mut HeadersMut(&mut headers)).context("the headers take no context")?;
        let record = BaseRecord::to(topic).key(case.name).payload("an order").headers(headers);
        producer.send(record).map_err(|(error, _)| error)?;
    }
    producer.flush(kafka::PATIENCE).context("the broker does not take the records")
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
