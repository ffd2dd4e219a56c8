//! The broker: one that the script beside this starts, or one that runs already.

use crate::{cleanup, program};
use anyhow::{Context, Result, bail};
use futures_executor::block_on;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);
/// How long a broker that runs may take to answer.
const LOOK: Duration = Duration::from_secs(2);

/// Starts a broker of our own, whose data are in this folder; gives its host and port, a free one if none is asked for.
pub fn start(folder: &Path, port: Option<u16>) -> Result<String> {
    let script = program::here().join("kafka/run");
    let mut command = Command::new(&script);
    command.arg("start").arg(folder).args(["--for", &process::id().to_string()]);
    if let Some(port) = port {
        command.args(["--port", &port.to_string()]);
    }
    let stopped = (script.clone(), folder.to_owned());
    cleanup::add(move || {
        let (script, folder) = stopped;
        // There is nobody left to tell.
        let _ = Command::new(script).arg("stop").arg(folder).stderr(Stdio::null()).status();
    });
    let output = command.stderr(Stdio::inherit()).output().with_context(|| script.display().to_string())?;
    let address = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if !output.status.success() || address.is_empty() {
        // The script has said why.
        bail!("the broker does not come up ({})", output.status);
    }
    Ok(address)
}

/// Makes these topics, each of one partition.
pub fn create_topics(brokers: &str, names: &[String]) -> Result<()> {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", brokers).create()?;
    let new: Vec<NewTopic> =
        names.iter().map(|name| NewTopic::new(name, 1, TopicReplication::Fixed(1))).collect();
    let options = AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE));
    let results = block_on(admin.create_topics(&new, &options))
        .with_context(|| format!("no topics can be made at {brokers}"))?;
    match results.into_iter().find_map(Result::err) {
        None => Ok(()),
        Some((topic, error)) => bail!("topic {topic} cannot be made: {error}"),
    }
}

/// How many records there are in each of these topics.
pub fn count(brokers: &str, topics: &[String]) -> Result<Vec<i64>> {
    let client: BaseConsumer = ClientConfig::new().set("bootstrap.servers", brokers).create()?;
    topics.iter().map(|topic| Ok(client.fetch_watermarks(topic, 0, LOOK)?.1)).collect()
}
