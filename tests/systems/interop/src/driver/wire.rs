//! The headers of records on the wire, as the codec reads them.

use crate::protocol::Context;
use crate::{contexts, kafka};
use anyhow::{Result, bail};
use rdkafka::message::Message;
use tracebaton::Header;

/// One record.
#[derive(Clone, Debug)]
pub struct Wire {
    /// Its key.
    pub key: String,
    /// The context that the codec reads.
    pub context: Context,
    /// The names with several headers, and their counts.
    pub doubled: Option<String>,
}

/// The first records of a topic.
pub fn read(brokers: &str, topic: &str, count: usize) -> Result<Vec<Wire>> {
    let mut records = Vec::new();
    kafka::read(&kafka::client(brokers, "driver"), topic, count, |message| {
        let headers: Vec<Header> = tracebaton_rdkafka::headers(message).collect();
        let extracted = tracebaton::extract(headers.iter().copied());
        let Ok(key) = str::from_utf8(message.key().unwrap_or_default()) else {
            bail!("{topic}: the key of a record is not known")
        };
        records.push(Wire {
            key: key.to_owned(),
            context: contexts::answer(&extracted.context())?,
            doubled: doubled(&headers),
        });
        Ok(())
    })?;
    Ok(records)
}

fn doubled(headers: &[Header]) -> Option<String> {
    let count = |name: &&str| {
        headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name.as_bytes())).count()
    };
    let counts = ["traceparent", "tracestate", "baggage"].map(|name| (count(&name), name));
    let several =
        counts.iter().filter(|(count, _)| *count > 1).map(|(count, name)| format!("{count} {name}"));
    let several: Vec<String> = several.collect();
    (!several.is_empty()).then(|| several.join(", "))
}
