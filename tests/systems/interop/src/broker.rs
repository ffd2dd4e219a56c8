//! Apache Kafka and its topics. A script starts, kills and restarts the broker.

use crate::{cleanup, here};
use anyhow::{Context, Result, bail};
use futures_executor::block_on;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

/// A broker that was started by this process, and is killed by [`cleanup`].
#[derive(Debug)]
pub struct Broker {
    folder: PathBuf,
    address: String,
}

impl Broker {
    /// Starts a broker with its data in this folder, on this port or on a free one.
    pub fn start(folder: &Path, port: Option<u16>) -> Result<Self> {
        let folder = folder.to_owned();
        let killed = folder.clone();
        cleanup::add(move || {
            // The folder may already be removed.
            let _ = script("kill", &killed, &[]);
        });
        let (process, port) = (process::id().to_string(), port.map(|port| port.to_string()));
        let mut options = vec!["--for", &process];
        options.extend(port.iter().flat_map(|port| ["--port", port]));
        let address = script("start", &folder, &options)?;
        Ok(Self { folder, address })
    }

    /// Its `host:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The folder of its data.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Its log.
    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Kills it with `kill -9`.
    pub fn kill(&self) -> Result<()> {
        script("kill", &self.folder, &[]).map(drop)
    }

    /// Starts it again, at the same address and with the same data.
    pub fn restart(&self) -> Result<()> {
        script("restart", &self.folder, &[]).map(drop)
    }
}

/// Runs the script, and returns its output.
fn script(command: &str, folder: &Path, options: &[&str]) -> Result<String> {
    let script = here().join("kafka/run");
    let run = Command::new(&script).arg(command).arg(folder).args(options).stderr(Stdio::inherit()).output();
    let output = run.with_context(|| format!("{} cannot be run", script.display()))?;
    if !output.status.success() {
        // The script has already printed the reason.
        bail!("{} {command}: {}", script.display(), output.status);
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// A topic with one replica.
pub fn topic(name: &str, partitions: i32) -> NewTopic<'_> {
    NewTopic::new(name, partitions, TopicReplication::Fixed(1))
}

/// Creates these topics.
pub fn create_topics(brokers: &str, topics: &[NewTopic<'_>]) -> Result<()> {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", brokers).create()?;
    let options = AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE));
    let results = block_on(admin.create_topics(topics, &options))
        .with_context(|| format!("no topics can be created at {brokers}"))?;
    match results.into_iter().find_map(Result::err) {
        None => Ok(()),
        Some((topic, error)) => bail!("topic {topic} cannot be created: {error}"),
    }
}

/// The count of used offsets in this topic, including those of transactions.
pub fn length(brokers: &str, topic: &str, partitions: i32, patience: Duration) -> Result<i64> {
    let client: BaseConsumer = ClientConfig::new().set("bootstrap.servers", brokers).create()?;
    (0..partitions).map(|partition| Ok(client.fetch_watermarks(topic, partition, patience)?.1)).sum()
}
