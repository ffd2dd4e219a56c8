//! Jaeger as a process of ours, and its query API.

use crate::trace::Trace;
use anyhow::{Context, Result, bail, ensure};
use opentelemetry_proto::tonic::trace::v1::TracesData;
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long it may take to come up.
const PATIENCE: Duration = Duration::from_secs(60);
const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/jaeger.yaml");

/// Ends with this value, or with a signal to this process.
pub struct Jaeger {
    /// Where it receives.
    pub otlp: String,
    query: String,
    child: Arc<Mutex<Child>>,
    log: PathBuf,
    agent: ureq::Agent,
}

/// What its API answers with.
#[derive(Deserialize)]
struct Answer {
    result: TracesData,
}

impl Jaeger {
    /// Starts the program, and returns when it answers.
    pub fn start(program: &Path) -> Result<Self> {
        let [otlp, query] = free_addresses()?;
        let log = program.with_extension("log");
        let file = File::create(&log).with_context(|| log.display().to_string())?;
        let child = Command::new(program)
            .args(["--config", CONFIG])
            .env("OTLP_ADDRESS", otlp.to_string())
            .env("QUERY_ADDRESS", query.to_string())
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let child = Arc::new(Mutex::new(child));
        let ended_by_signal = child.clone();
        ctrlc::set_handler(move || {
            end(&ended_by_signal);
            std::process::exit(1);
        })?;
        let (otlp, query) = (format!("http://{otlp}"), format!("http://{query}"));
        let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(10))).proxy(None);
        let jaeger = Self { otlp, query, child, log, agent: config.build().new_agent() };
        jaeger.wait()?;
        Ok(jaeger)
    }

    fn wait(&self) -> Result<()> {
        let start = Instant::now();
        while let Err(error) = self.get("/api/v3/services") {
            let ended = self.child.lock().unwrap_or_else(PoisonError::into_inner).try_wait()?;
            if let Some(status) = ended {
                bail!("Jaeger ended, {status}{}", self.log_tail());
            }
            if start.elapsed() > PATIENCE {
                bail!("Jaeger does not answer in {PATIENCE:?}: {error:#}{}", self.log_tail());
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// The process group that ends with it.
    pub fn group(&self) -> i32 {
        let child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        Pid::from_child(&child).as_raw_nonzero().get()
    }

    /// The trace of this id, in hexadecimal digits.
    pub fn trace(&self, id: &str) -> Result<Trace> {
        let mut traces = self.traces(&format!("/api/v3/traces/{id}"))?;
        ensure!(traces.len() == 1, "it has {} traces {id}", traces.len());
        Ok(traces.remove(0))
    }

    /// All traces in which this service has a part.
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

    /// The last lines of its log, for an error.
    pub fn log_tail(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let last = &lines[lines.len().saturating_sub(20)..];
        format!("; the last lines of {}:\n{}", self.log.display(), last.join("\n"))
    }
}

impl Drop for Jaeger {
    fn drop(&mut self) {
        end(&self.child);
    }
}

/// It keeps nothing that would need an orderly end. It may have ended already.
fn end(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
    let _ = child.wait();
}

/// Two on loopback that nobody else has for now.
fn free_addresses() -> Result<[SocketAddr; 2]> {
    let (one, other) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
    Ok([one.local_addr()?, other.local_addr()?])
}
