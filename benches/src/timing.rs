//! Measures time with Criterion. Each round is a separate process, so that a disturbance affects one round only.

use crate::plan::Plan;
use anyhow::{Context, Result, bail};
use criterion::Criterion;
use serde::Deserialize;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// The duration of the measurement.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Effort {
    /// Count of samples of each cell in a round
    #[arg(long)]
    pub samples: usize,
    /// Duration of the warm-up of a cell in a round
    #[arg(long)]
    pub warm_up_milliseconds: u64,
    /// Duration of the samples of a cell in a round
    #[arg(long)]
    pub milliseconds: u64,
}

impl Effort {
    fn arguments(self) -> [String; 6] {
        [
            "--samples".to_owned(),
            self.samples.to_string(),
            "--warm-up-milliseconds".to_owned(),
            self.warm_up_milliseconds.to_string(),
            "--milliseconds".to_owned(),
            self.milliseconds.to_string(),
        ]
    }
}

/// One round in this process; Criterion stores its estimates in a folder.
pub fn run(plan: &Plan, effort: Effort, folder: &Path) {
    let mut criterion = Criterion::default()
        .without_plots()
        .nresamples(1_000)
        .sample_size(effort.samples)
        .warm_up_time(Duration::from_millis(effort.warm_up_milliseconds))
        .measurement_time(Duration::from_millis(effort.milliseconds))
        .output_directory(folder);
    for (index, entry) in plan.entries.iter().enumerate() {
        criterion.bench_function(&index.to_string(), |bencher| {
            bencher.iter_custom(|rounds| {
                let start = Instant::now();
                entry.cell.rounds(rounds);
                start.elapsed()
            });
        });
    }
}

/// The nanoseconds of one operation of one cell: the median of the rounds' medians, the lowest and the highest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    pub median: f64,
    pub least: f64,
    pub greatest: f64,
}

/// Measures a plan in this many rounds, each in a separate process; `arguments` start this program for one round.
pub fn rounds(
    plan: &Plan,
    arguments: &[&str],
    effort: Effort,
    rounds: usize,
    folder: &Path,
) -> Result<Vec<Time>> {
    let mut medians = vec![Vec::new(); plan.entries.len()];
    for round in 1..=rounds {
        eprintln!("timing, round {round} of {rounds}: {} cells", plan.entries.len());
        let _ = std::fs::remove_dir_all(folder);
        let mut program = Command::new(std::env::current_exe()?);
        let output = program.args(arguments).args(effort.arguments()).arg(folder).output()?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        for (index, cell) in medians.iter_mut().enumerate() {
            cell.push(median(&folder.join(index.to_string()).join("new/estimates.json"))?);
        }
    }
    Ok(medians.into_iter().map(time).collect())
}

fn time(mut medians: Vec<f64>) -> Time {
    medians.sort_by(f64::total_cmp);
    let at = |index: usize| medians.get(index).copied().unwrap_or(f64::NAN);
    Time { median: at(medians.len() / 2), least: at(0), greatest: at(medians.len().saturating_sub(1)) }
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

fn median(path: &Path) -> Result<f64> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str::<Estimates>(&text)?.median.point_estimate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_the_rounds_counts() {
        let time = time(vec![9.0, 2.0, 3.0]);
        assert_eq!((time.least, time.median, time.greatest), (2.0, 3.0, 9.0));
    }
}
