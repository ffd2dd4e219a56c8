//! Apache Kafka and its topics. A script starts, kills and restarts the broker.

use crate::{cleanup, here};
use anyhow::{Context, Result, bail};
use futures_executor::block_on;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
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

    /// Starts a cluster of brokers, each of which is a controller as well. Topics have a replica on three of them.
    pub fn cluster(folder: &Path, count: usize) -> Result<Vec<Self>> {
        let folders: Vec<_> = (1..=count).map(|node| folder.join(node.to_string())).collect();
        for folder in folders.clone() {
            cleanup::add(move || {
                // The folder may already be removed.
                let _ = script("kill", &folder, &[]);
            });
        }
        let (process, count) = (process::id().to_string(), count.to_string());
        let addresses = script("start", folder, &["--for", &process, "--nodes", &count])?;
        let broker = |(folder, address): (_, &str)| Self { folder, address: address.to_owned() };
        Ok(folders.into_iter().zip(addresses.split(',')).map(broker).collect())
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

    /// Lets it hand over its partitions and end.
    pub fn stop(&self) -> Result<()> {
        script("stop", &self.folder, &[]).map(drop)
    }

    /// Stops its process. To its peers and clients, it is behind a cut network: connections stay, and nothing answers.
    pub fn freeze(&self) -> Result<()> {
        self.signal(Signal::STOP)
    }

    /// Continues its process.
    pub fn thaw(&self) -> Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let pid: i32 = fs::read_to_string(self.folder.join("pid"))?.trim().parse()?;
        Ok(kill_process(Pid::from_raw(pid).context("no process")?, signal)?)
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

/// A topic with as many replicas as the cluster's default: one, or three in a [cluster](Broker::cluster).
pub fn topic(name: &str, partitions: i32) -> NewTopic<'_> {
    NewTopic::new(name, partitions, TopicReplication::Fixed(-1))
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
