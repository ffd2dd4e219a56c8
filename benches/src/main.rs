//! Compares the codec with its peers at the same works: time, instructions, allocations, size.

mod allocations;
mod cell;
mod chart;
mod committed;
mod cpp_peer;
mod emulated;
mod fixture;
mod fleet;
mod instructions;
mod machine_code;
mod malformed;
mod plan;
mod results;
mod size;
mod subjects;
mod tables;
mod threads;
mod timing;
mod works;

#[cfg(all(test, feature = "peers"))]
mod agreement;
#[cfg(all(test, feature = "peers"))]
mod comparison;

use crate::committed::Committed;
use crate::plan::{Plan, Scope};
use crate::results::{Results, folder, machine};
use crate::size::Then;
use crate::subjects::Kind;
use crate::timing::Effort;
use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The codec and its peers at the same works: time, instructions, allocations, size
#[derive(Parser)]
struct Arguments {
    /// File for the figures of a run, read by `fleet` and `chart` [default: benches/results.json of the target folder]
    #[arg(long, global = true)]
    results: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure every work by every subject, in under two minutes
    Quick,
    /// The same with more samples, and with malformed records and batches by every subject
    Full,
    /// Count instructions under callgrind
    Instructions {
        /// Count the codec only, and fail if a count is more than 3 % above the committed one
        #[arg(long)]
        check: bool,
        /// Count the codec only, and write the counts to be committed
        #[arg(long)]
        bless: bool,
    },
    /// Compute the cores for 80 million records a second from the last run
    Fleet,
    /// Draw a chart of the last run
    Chart {
        /// File for the chart
        #[arg(default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/chart.svg"))]
        path: PathBuf,
    },
    /// The size of the library's machine code, function by function
    Size {
        /// Fail if it is more than 3 % above the committed size
        #[arg(long)]
        check: bool,
        /// Write the table to be committed
        #[arg(long)]
        bless: bool,
    },
    /// Count the codec's instructions on emulated aarch64, too
    Aarch64,
    /// Count the instructions of the C API and of opentelemetry-cpp
    OpentelemetryCpp,
    /// One round of measuring time, in a separate process
    #[command(hide = true)]
    Time {
        scope: Scope,
        #[command(flatten)]
        effort: Effort,
        folder: PathBuf,
    },
    /// The works to be counted under callgrind
    #[command(hide = true)]
    Count { scope: Scope },
}

const QUICK: Effort = Effort { samples: 10, warm_up_milliseconds: 30, milliseconds: 60 };
const FULL: Effort = Effort { samples: 20, warm_up_milliseconds: 100, milliseconds: 250 };

fn main() -> Result<()> {
    // Otherwise, a peer whose errors capture a backtrace would be measured with it.
    // SAFETY: there is one thread.
    unsafe { std::env::remove_var("RUST_BACKTRACE") };
    let arguments = Arguments::parse();
    let folder = folder()?;
    let path = arguments.results.unwrap_or_else(|| folder.join("results.json"));
    match arguments.command {
        Command::Quick => measure(Scope::Quick, QUICK, 3, &folder)?.write(&path),
        Command::Full => measure(Scope::Full, FULL, 9, &folder)?.write(&path),
        Command::Instructions { check, bless } => {
            let bless = bless || std::env::var_os("TRACEBATON_BLESS").is_some_and(|value| value == "1");
            count(check, bless, &folder)
        }
        Command::Fleet => Results::read(&path).map(|results| fleet::print(&results)),
        Command::Chart { path: drawing } => {
            std::fs::write(&drawing, chart::render(&Results::read(&path)?)?)?;
            println!("wrote {}", drawing.display());
            Ok(())
        }
        Command::Size { check, bless } => size::print(
            &folder,
            match (bless, check) {
                (true, _) => Then::Bless,
                (false, true) => Then::Check,
                (false, false) => Then::Nothing,
            },
        ),
        Command::Aarch64 => emulated::print(&folder),
        Command::OpentelemetryCpp => cpp_peer::print(&folder),
        Command::Time { scope, effort, folder } => {
            timing::run(&Plan::of(scope), effort, &folder);
            Ok(())
        }
        Command::Count { scope } => {
            instructions::run(&Plan::of(scope));
            Ok(())
        }
    }
}

/// Measures everything in a scope, and prints it.
fn measure(scope: Scope, effort: Effort, rounds: usize, folder: &Path) -> Result<Results> {
    let plan = Plan::of(scope);
    plan.check()?;
    let allocations: Vec<_> =
        plan.entries.iter().map(|entry| allocations::per_operation(&entry.cell)).collect();
    eprintln!("counting instructions: {} cells", plan.entries.len());
    let counts = instructions::count(&plan, &["count", scope.name()], &folder.join("callgrind"))?;
    let times = timing::rounds(&plan, &["time", scope.name()], effort, rounds, &folder.join("criterion"))?;
    let time = Duration::from_millis(40 * effort.samples as u64);
    let threads = [1, 2].map(|threads| threads::throughput(threads, time)).to_vec();
    let rows = results::rows(&plan, &times, counts.as_deref(), &allocations);
    let results = Results { machine: machine(), rows, threads };
    tables::print(&results);
    Ok(results)
}

/// Counts instructions only.
fn count(check: bool, bless: bool, folder: &Path) -> Result<()> {
    let scope = if check || bless { Scope::Ours } else { Scope::Full };
    let plan = Plan::of(scope);
    plan.check()?;
    let counts = instructions::count(&plan, &["count", scope.name()], &folder.join("callgrind"))?;
    let counts = counts.ok_or_else(|| anyhow::anyhow!("valgrind is missing: apt-get install valgrind"))?;
    tables::print_counts(&plan, &counts);
    let ours = plan.entries.iter().zip(&counts).filter(|(entry, _)| entry.subject.kind == Kind::Ours);
    let today =
        Committed::of(ours.map(|(entry, count)| (entry.work.id.as_str(), entry.subject.name, *count)));
    if bless {
        return today.write();
    }
    let checked = Committed::read().and_then(|committed| committed.check(&today));
    if check { checked } else { Ok(()) }
}
