//! Batches with headers, compressed with every codec of librdkafka.

use crate::broker::Broker;
use crate::faults::clients;
use crate::faults::fault::Seen;
use crate::faults::hop;
use crate::faults::language::Language;
use crate::faults::ledger::Ledger;
use crate::faults::setting::{Setting, codecs};
use crate::faults::source;
use crate::faults::topics;
use anyhow::{Context, Result};
use std::collections::BTreeSet;

/// Compression.
pub fn run(setting: &Setting, ledger: &Ledger) -> Result<Seen> {
    let (codecs, mut seen) = (codecs()?, Seen::default());
    let topics: Vec<_> = codecs.iter().map(|codec| format!("codec-{codec}")).collect();
    for (index, (codec, topic)) in codecs.iter().zip(&topics).enumerate() {
        topics::create(setting, topic, 1, &[])?;
        let producer = clients::producer(setting, &[("compression.codec", codec)])?;
        let end = ledger.records() * (index as u64 + 1) / codecs.len() as u64;
        while end > 0 && ledger.source(end - 1).is_none() {
            source::next(setting, ledger, &producer, topic)?;
        }
        clients::flush(&producer)?;
    }
    let mut count = 0;
    for topic in &topics {
        topics::read_whole(setting, topic, 1, &[], |message| {
            count += 1;
            ledger.read("consumer", hop::identity(message)?, &Language::alternating(count).read(message));
            Ok(())
        })?;
    }
    ledger.arrived("consumer", |_| true);
    seen.words = match &setting.broker {
        Some(broker) => on_disk(broker, &codecs, &topics, &mut seen)?,
        None => format!("sent with {}; the broker's files were not checked", codecs.join(", ")),
    };
    Ok(seen)
}

/// Checks the broker's files, which keep batches unchanged.
fn on_disk(broker: &Broker, codecs: &[String], topics: &[String], seen: &mut Seen) -> Result<String> {
    let mut sizes = Vec::new();
    for (codec, topic) in codecs.iter().zip(topics) {
        let path = broker.data().join(format!("{topic}-0/00000000000000000000.log"));
        let log = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let kept = batches(&log);
        seen.require(
            kept == BTreeSet::from([codec.as_str()]),
            &format!("{topic} is kept with {codec}: {kept:?}"),
        );
        sizes.push(format!("{codec} {}", log.len() / 1000));
    }
    Ok(format!("kept so in the broker's files: {} kB", sizes.join(", ")))
}

/// The codecs of all batches, from the low three bits of a batch's attributes.
fn batches(mut log: &[u8]) -> BTreeSet<&'static str> {
    const LENGTH: std::ops::Range<usize> = 8..12;
    const ATTRIBUTES: usize = 22;
    let mut found = BTreeSet::new();
    while let (Some(length), Some(attributes)) = (log.get(LENGTH), log.get(ATTRIBUTES)) {
        let length = u32::from_be_bytes(length.try_into().unwrap_or_default()) as usize;
        let codec = ["none", "gzip", "snappy", "lz4", "zstd"].get(usize::from(attributes & 7));
        found.insert(codec.copied().unwrap_or("?"));
        log = log.get(LENGTH.end + length..).unwrap_or_default();
    }
    found
}
