//! A process with a log, which ends with this one.

use crate::{cleanup, here};
use anyhow::{Context, Result};
use rustix::process::{Pid, Signal};
use std::env;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command};

/// How many lines of a log are shown.
const TAIL: usize = 20;

/// A process and all that it starts. They are killed when this value is dropped, and when this process ends in any way.
#[derive(Debug)]
pub struct Process {
    /// The process.
    pub child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a process whose standard error goes to a log.
    pub fn start(command: &mut Command, log: PathBuf) -> Result<Self> {
        end_with_us(command);
        let file = File::create(&log).with_context(|| log.display().to_string())?;
        let child = command.stderr(file).process_group(0).spawn()?;
        cleanup::add_group(Pid::from_child(&child));
        Ok(Self { child, log })
    }

    /// The process group.
    pub fn group(&self) -> i32 {
        Pid::from_child(&self.child).as_raw_nonzero().get()
    }

    /// The last lines of its log.
    pub fn tail(&self) -> String {
        tail(&self.log)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        cleanup::remove_group(Pid::from_child(&self.child));
        // It was killed, or has ended; there is nobody to tell if not.
        let _ = self.child.wait();
    }
}

/// The process is killed when this one ends, in whatever way.
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

/// Where the logs of this process are, unless it is told another folder.
pub fn default_logs() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| here().join("../../../target"));
    target.join(format!("interop/run-{}", process::id()))
}
