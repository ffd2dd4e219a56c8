//! A soak test: many records, many threads, failing brokers. No record may be lost or get a wrong context.

use clap::Parser;
use std::process::ExitCode;
use std::time::Duration;
use tracebaton_test_soak::faults::Fault;
use tracebaton_test_soak::run::{Plan, Sabotage, run};

/// Records for each fault that is injected, unless their number is given.
const RECORDS_PER_FAULT: u64 = 5_000;

/// Sends records through two hops over librdkafka's mock cluster, inside this process, while its brokers fail.
///
/// Exit code 1 if a record is lost, has another context than it should have, or has none; if anything stops; or if
/// memory grows.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// How many records to send.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    records: u64,
    /// How many threads at each stage: source, first hop, second hop, consumer.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=64))]
    threads: u32,
    /// Decides what each record is, and what goes wrong when.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many faults to inject; without this one for every 5,000 records, and each kind at least once.
    #[arg(long, value_name = "N")]
    faults: Option<usize>,
    /// Give up when no record has moved for so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    patience: u64,
    /// Do something wrong with one record in a thousand.
    #[arg(long, hide = true)]
    sabotage: Option<Sabotage>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let plan = Plan {
        records: options.records,
        lanes: options.threads,
        seed: options.seed,
        faults: options
            .faults
            .unwrap_or(Fault::ALL.len().max((options.records / RECORDS_PER_FAULT) as usize)),
        patience: Duration::from_secs(options.patience),
        sabotage: options.sabotage,
    };
    match run(&plan) {
        Ok(report) => {
            println!("{report}");
            report.failures().iter().for_each(|failure| eprintln!("soak: {failure}"));
            if report.failures().is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("soak: {error:#}");
            ExitCode::FAILURE
        }
    }
}
