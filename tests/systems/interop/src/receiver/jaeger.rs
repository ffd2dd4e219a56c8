//! Jaeger as a child process, and its query API.

use super::trace::Trace;
use crate::process::Process;
use anyhow::{Context, Result, bail, ensure};
use opentelemetry_proto::tonic::trace::v1::TracesData;
use serde::Deserialize;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(60);
const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/receiver/jaeger.yaml");

/// A Jaeger process, which ends when this value is dropped, and with this process.
pub struct Jaeger {
    /// The address of its OTLP receiver.
    pub otlp: String,
    query: String,
    process: Process,
    agent: ureq::Agent,
}

/// The answer of its API.
#[derive(Deserialize)]
struct Answer {
    result: TracesData,
}

impl Jaeger {
    /// Starts the program, and waits until it answers.
    pub fn start(program: &Path) -> Result<Self> {
        let [otlp, query] = free_addresses()?;
        let mut command = Command::new(program);
        command
            .args(["--config", CONFIG])
            .env("OTLP_ADDRESS", otlp.to_string())
            .env("QUERY_ADDRESS", query.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let process = Process::start(&mut command, program.with_extension("log"))
            .with_context(|| format!("{} does not start", program.display()))?;
        let (otlp, query) = (format!("http://{otlp}"), format!("http://{query}"));
        let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(10))).proxy(None);
        let mut jaeger = Self { otlp, query, process, agent: config.build().new_agent() };
        jaeger.wait()?;
        Ok(jaeger)
    }

    fn wait(&mut self) -> Result<()> {
        let start = Instant::now();
        while let Err(error) = self.get("/api/v3/services") {
            if let Some(status) = self.process.child.try_wait()? {
                bail!("Jaeger ended, {status}{}", self.tail());
            }
            if start.elapsed() > PATIENCE {
                bail!("Jaeger does not answer in {PATIENCE:?}: {error:#}{}", self.tail());
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// The process group that ends with it.
    pub fn group(&self) -> i32 {
        self.process.group()
    }

    /// The trace with this id in hexadecimal digits.
    pub fn trace(&self, id: &str) -> Result<Trace> {
        let mut traces = self.traces(&format!("/api/v3/traces/{id}"))?;
        ensure!(traces.len() == 1, "it has {} traces {id}", traces.len());
        Ok(traces.remove(0))
    }

    /// All traces with spans of this service.
    pub fn traces_of(&self, service: &str) -> Result<Vec<Trace>> {
        let times = "query.start_time_min=2000-01-01T00:00:00Z&query.start_time_max=2100-01-01T00:00:00Z";
        self.traces(&format!("/api/v3/traces?query.service_name={service}&query.num_traces=100000&{times}"))
    }

    fn traces(&self, path: &str) -> Result<Vec<Trace>> {
        let text = self.get(path)?;
        let answer: Answer = serde_json::from_str(&text).with_context(|| format!("{path}: {text:.300}"))?;
        Ok(Trace::all(answer.result))
    }

    fn get(&self, path: &str) -> Result<String> {
        let url = format!("{}{path}", self.query);
        let answer = self.agent.get(&url).call();
        let text =
            answer.and_then(|mut answer| answer.body_mut().with_config().limit(1 << 30).read_to_string());
        text.with_context(|| url)
    }

    /// The last lines of its log, as the end of a message.
    pub fn tail(&self) -> String {
        self.process.tail()
    }
}

/// Two loopback addresses that are free at the moment.
fn free_addresses() -> Result<[SocketAddr; 2]> {
    let (one, other) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
    Ok([one.local_addr()?, other.local_addr()?])
}
