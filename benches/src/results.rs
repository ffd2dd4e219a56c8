//! The results of a run, in a file that the other commands read.

use crate::plan::Plan;
use crate::timing::Time;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// One subject at one work.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    pub work: String,
    pub subject: String,
    /// The median of the rounds. All figures are for one operation.
    pub nanoseconds: f64,
    pub least: f64,
    pub greatest: f64,
    pub instructions: Option<f64>,
    pub allocations: f64,
}

/// A count of threads, and the records that they extracted together in a second.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Threads {
    pub threads: usize,
    pub records_per_second: f64,
}

/// One run of the benchmark.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// Processor and system.
    pub machine: String,
    pub rows: Vec<Row>,
    pub threads: Vec<Threads>,
}

impl Results {
    pub fn row(&self, work: &str, subject: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.work == work && row.subject == subject)
    }

    pub fn read(path: &Path) -> Result<Self> {
        let missing = || format!("{}: measure first, with `quick` or `full`", path.display());
        Ok(serde_json::from_str(&std::fs::read_to_string(path).with_context(missing)?)?)
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        Ok(std::fs::write(path, serde_json::to_string_pretty(self)? + "\n")?)
    }
}

/// The results of a plan.
pub fn rows(plan: &Plan, times: &[Time], instructions: Option<&[f64]>, allocations: &[f64]) -> Vec<Row> {
    let entries = plan.entries.iter().zip(times).zip(allocations).enumerate();
    let row = |(index, ((entry, time), allocations)): (usize, ((&crate::plan::Entry, &Time), &f64))| Row {
        work: entry.work.id.clone(),
        subject: entry.subject.name.to_owned(),
        nanoseconds: time.median,
        least: time.least,
        greatest: time.greatest,
        instructions: instructions.and_then(|counts| counts.get(index).copied()),
        allocations: *allocations,
    };
    entries.map(row).collect()
}

/// The folder for results and intermediate files, in Cargo's target folder.
pub fn folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).context("a program in a target folder")?;
    let folder = target.join("benches");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The name of the processor, and its count of hardware threads.
pub fn machine() -> String {
    let about = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = about.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let processor = name.map_or("unknown processor", |(_, name)| name);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{processor}, {threads} threads, {}", std::env::consts::ARCH)
}
