//! A program of the matrix, while it runs.

use crate::cleanup;
use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal};
use serde::de::DeserializeOwned;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use tracebaton_interop_protocol::{Command as Told, Ready};

/// How long a program may take to be ready, and to end.
const PATIENCE: Duration = Duration::from_secs(90);
/// How many lines of a log are shown.
const TAIL: usize = 20;

/// The folder that holds the programs.
pub fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

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
    log: PathBuf,
    child: Child,
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
    pub fn ask<T: DeserializeOwned>(&mut self, command: &Told, patience: Duration) -> Result<T> {
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
            bail!("{} cannot {line:.200}: {error}{}", self.name, tail(&self.running.log));
        }
        serde_json::from_value(value).with_context(|| format!("{} answers {shown}", self.name))
    }

    /// Ends its input, upon which it ends with 0.
    pub fn finish(mut self) -> Result<()> {
        let Running { name, log, child, input, .. } = &mut self.running;
        *input = None;
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            match child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => bail!("{name} ends with {status}{}", tail(log)),
                None => thread::sleep(Duration::from_millis(20)),
            }
        }
        bail!("{name} does not end with its input{}", tail(log))
    }
}

/// What is still running of it ends.
impl Drop for Running {
    fn drop(&mut self) {
        cleanup::remove_group(Pid::from_child(&self.child));
        // It was killed, or has ended; there is nobody to tell if not.
        let _ = self.child.wait();
    }
}

impl Running {
    fn start(name: &str, brokers: &str, logs: &Path) -> Result<Self> {
        let path = here().join(name);
        let service = name.replace('/', "-");
        let log = logs.join(format!("{service}.log"));
        let mut command = Command::new(&path);
        end_with_us(&mut command);
        let mut child = command
            .args([brokers, &service])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).with_context(|| log.display().to_string())?)
            .process_group(0)
            .spawn()
            .with_context(|| format!("{}, which `install` beside it makes", path.display()))?;
        cleanup::add_group(Pid::from_child(&child));
        let (sender, lines) = mpsc::channel();
        let output = BufReader::new(child.stdout.take().context("a pipe")?);
        thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)).ok();
        });
        let input = child.stdin.take();
        Ok(Self { name: name.to_owned(), log, child, input, lines })
    }

    fn line(&mut self, patience: Duration) -> Result<String> {
        match self.lines.recv_timeout(patience) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
            Err(RecvTimeoutError::Timeout) => {
                bail!("{} does not answer within {patience:?}{}", self.name, tail(&self.log))
            }
        }
    }

    fn ended(&mut self) -> anyhow::Error {
        // Its output has ended; the process needs a moment more.
        thread::sleep(Duration::from_millis(200));
        let how = match self.child.try_wait() {
            Ok(Some(status)) => format!("has ended with {status}"),
            _ => "has closed its output".to_owned(),
        };
        anyhow!("{} {how}{}", self.name, tail(&self.log))
    }
}

/// What is started so is killed when this process is, in whatever way.
fn end_with_us(command: &mut Command) {
    #[cfg(target_os = "linux")]
    // SAFETY: between fork and exec nothing but one system call is made.
    unsafe {
        command.pre_exec(|| Ok(rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?));
    }
    #[cfg(not(target_os = "linux"))]
    let _ = command;
}

/// The last lines of a log, as the end of a message.
pub fn tail(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    match &lines[lines.len().saturating_sub(TAIL)..] {
        [] => format!("; {} is empty", log.display()),
        last => format!("; the last lines of {}:\n    {}", log.display(), last.join("\n    ")),
    }
}
