//! The broker, through the script that starts, kills and restarts it.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::{self, Command, Stdio};
use tempfile::TempDir;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../kafka/run");

/// A broker of one's own, which ends with this value, and with this process; at a signal its folder goes, too.
#[derive(Debug)]
pub struct Broker {
    folder: TempDir,
    address: String,
}

impl Broker {
    /// Starts one in a folder of its own.
    pub fn start() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("tracebaton-kafka-").tempdir()?;
        let path = folder.path().to_owned();
        ctrlc::set_handler(move || {
            // There is nobody left to tell.
            let _ = script("kill", &path, &[]);
            let _ = fs::remove_dir_all(&path);
            process::exit(1);
        })?;
        let address = script("start", folder.path(), &["--for", &process::id().to_string()])?;
        Ok(Self { folder, address })
    }

    /// Its `host:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The folder of its data.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// `kill -9`.
    pub fn kill(&self) -> Result<()> {
        script("kill", self.folder.path(), &[]).map(drop)
    }

    /// Starts it again, at the same address and with the same data.
    pub fn restart(&self) -> Result<()> {
        script("restart", self.folder.path(), &[]).map(drop)
    }

    /// What it has said last.
    pub fn last_lines(&self) -> String {
        let log = fs::read(self.folder.path().join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            eprintln!("faults: {error:#}");
        }
    }
}

/// Runs the script; what it prints.
fn script(command: &str, folder: &Path, options: &[&str]) -> Result<String> {
    let run = Command::new(SCRIPT).arg(command).arg(folder).args(options).stderr(Stdio::inherit()).output();
    let output = run.with_context(|| format!("{SCRIPT} cannot be run"))?;
    if !output.status.success() {
        bail!("the broker: {command} failed");
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
