//! The setting of a run: the broker, and the count of records.

use super::sabotage::Sabotage;
use crate::broker::Broker;
use anyhow::{Result, bail};
use rdkafka::ClientConfig;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The longest time for anything.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The setting that all faults of a run share.
pub struct Setting {
    /// `host:port` of the broker.
    pub brokers: String,
    /// The broker, if it was started here.
    pub broker: Option<Broker>,
    /// Count of records for the largest fault.
    pub records: u64,
    /// The deliberate fault, if any.
    pub sabotage: Option<Sabotage>,
}

impl Setting {
    /// Whether the broker answers, or there is none to answer.
    pub fn is_answered(&self) -> bool {
        self.brokers.is_empty() || self.brokers.split(',').any(|broker| TcpStream::connect(broker).is_ok())
    }

    /// The version of librdkafka, and its codecs.
    pub fn libraries(&self) -> Result<String> {
        let version = rdkafka::util::get_rdkafka_version().1;
        let is_own = self.broker.is_some() || self.brokers.is_empty();
        let broker = if is_own { "Apache Kafka of tests/systems/interop/kafka" } else { &self.brokers };
        Ok(format!("{broker}; librdkafka {version} with {}", codecs()?.join(", ")))
    }
}

/// The codecs of the librdkafka that is linked.
pub fn codecs() -> Result<Vec<String>> {
    let features = ClientConfig::new().create_native_config()?.get("builtin.features")?;
    let has = |codec: &&str| *codec == "none" || features.split(',').any(|feature| feature.trim() == *codec);
    Ok(["none", "gzip", "snappy", "lz4", "zstd"]
        .iter()
        .filter(|codec| has(codec))
        .map(|it| (*it).to_owned())
        .collect())
}

/// Waits until the condition holds; fails after a time.
pub fn until(what: &str, holds: impl Fn() -> bool) -> Result<()> {
    let begin = Instant::now();
    while !holds() {
        if begin.elapsed() > PATIENCE {
            bail!("not after {} s: {what}", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}
