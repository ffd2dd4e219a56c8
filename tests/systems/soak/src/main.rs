//! A soak test: many records, many threads, failing brokers. No record may be lost or get another's context.

use clap::Parser;
use std::process::ExitCode;
use std::time::Duration;
use tracebaton_test_soak::faults::Fault;
use tracebaton_test_soak::run::{Plan, Sabotage, run};

/// Records for each injected fault, unless the count of faults is given.
const RECORDS_PER_FAULT: u64 = 5_000;

/// Sends records through two hops over librdkafka's mock cluster in this process, while its brokers fail.
///
/// The exit code is 1 if a record is lost, has no context or a wrong one, if the run hangs, or if memory grows.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Count of records to send.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    records: u64,
    /// Count of threads at each stage: source, first hop, second hop, consumer.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=64))]
    threads: u32,
    /// Seed for the cases of the records, and for the faults and their times.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Count of faults to inject [default: one for every 5,000 records, each kind at least once]
    #[arg(long, value_name = "N")]
    faults: Option<usize>,
    /// Seconds without progress after which the run fails.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    patience: u64,
    /// Break one record in a thousand, to test the checks.
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
