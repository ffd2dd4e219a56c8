//! A program of the matrix, while it runs.

use crate::here;
use crate::process::Process;
use crate::protocol::Ready;
use anyhow::{Context, Result, anyhow, bail};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take to be ready, and to end.
const PATIENCE: Duration = Duration::from_secs(90);

/// One program.
#[derive(Debug)]
pub struct Program {
    /// Where it is: `peers/LANGUAGE/NAME`.
    pub name: String,
    /// What it said of itself.
    pub ready: Ready,
    running: Running,
}

#[derive(Debug)]
struct Running {
    name: String,
    process: Process,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Program {
    /// Starts it, with a log in this folder, and waits until it is ready.
    pub fn start(name: &str, brokers: &str, logs: &Path) -> Result<Self> {
        let mut running = Running::start(name, brokers, logs)?;
        let line = running.line(PATIENCE)?;
        let ready = serde_json::from_str(&line).with_context(|| format!("{name} begins with {line}"))?;
        Ok(Self { name: name.to_owned(), ready, running })
    }

    /// Tells it what to do, and gives its answer.
    pub fn ask<T: DeserializeOwned>(&mut self, command: &impl Serialize, patience: Duration) -> Result<T> {
        let line = serde_json::to_string(command)?;
        let input = self.running.input.as_mut().context("its input has ended")?;
        if writeln!(input, "{line}").and_then(|()| input.flush()).is_err() {
            return Err(self.running.ended());
        }
        let answer = self.running.line(patience)?;
        let shown: String = answer.chars().take(400).collect();
        let value: serde_json::Value =
            serde_json::from_str(&answer).with_context(|| format!("{} answers {shown}", self.name))?;
        if let Some(error) = value.get("error") {
            bail!("{} cannot {line:.200}: {error}{}", self.name, self.running.process.tail());
        }
        serde_json::from_value(value).with_context(|| format!("{} answers {shown}", self.name))
    }

    /// Ends its input, upon which it ends with 0.
    pub fn finish(mut self) -> Result<()> {
        let Running { name, process, input, .. } = &mut self.running;
        *input = None;
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            match process.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => bail!("{name} ends with {status}{}", process.tail()),
                None => thread::sleep(Duration::from_millis(20)),
            }
        }
        bail!("{name} does not end with its input{}", process.tail())
    }
}

impl Running {
    fn start(name: &str, brokers: &str, logs: &Path) -> Result<Self> {
        let path = here().join(name);
        let service = name.replace('/', "-");
        let log = logs.join(format!("{service}.log"));
        let mut command = Command::new(&path);
        command.args([brokers, &service]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = Process::start(&mut command, log)
            .with_context(|| format!("{}, which `install` beside it makes", path.display()))?;
        let (sender, lines) = mpsc::channel();
        let output = BufReader::new(process.child.stdout.take().context("a pipe")?);
        thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)).ok();
        });
        let input = process.child.stdin.take();
        Ok(Self { name: name.to_owned(), process, input, lines })
    }

    fn line(&mut self, patience: Duration) -> Result<String> {
        match self.lines.recv_timeout(patience) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
            Err(RecvTimeoutError::Timeout) => {
                bail!("{} does not answer within {patience:?}{}", self.name, self.process.tail())
            }
        }
    }

    fn ended(&mut self) -> anyhow::Error {
        // Its output has ended; the process needs a moment more.
        thread::sleep(Duration::from_millis(200));
        let how = match self.process.child.try_wait() {
            Ok(Some(status)) => format!("has ended with {status}"),
            _ => "has closed its output".to_owned(),
        };
        anyhow!("{} {how}{}", self.name, self.process.tail())
    }
}
