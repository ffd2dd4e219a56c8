//! `tracebaton-bench-librdkafka quick` prints the cost of the codec in a producer and a consumer.

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use tracebaton_bench_librdkafka::{Error, Plan, measure, measure_kafka, run_counted};

/// Measures the cost of the codec in a librdkafka producer and consumer.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: What,
    /// Prints JSON instead of tables.
    #[arg(long, global = true)]
    json: bool,
    /// Counts no instructions, so that valgrind is not needed.
    #[arg(long, global = true)]
    uncounted: bool,
}

#[derive(Subcommand)]
enum What {
    /// Measures for less than a minute.
    Quick,
    /// Measures for several minutes.
    Full,
    /// Measures the same clients with a real Kafka.
    Kafka {
        /// The address of a broker. Each run creates a topic on it.
        address: String,
        /// How many rounds each carrier has.
        #[arg(long, default_value_t = 9)]
        rounds: usize,
        /// Records of each thread in one round.
        #[arg(long, default_value_t = 200_000)]
        records: u64,
    },
    /// Runs a work to be counted under callgrind.
    #[command(hide = true)]
    Counted {
        /// traffic, extract, inject, hop or strip
        work: String,
        /// How often to repeat it.
        times: u64,
    },
}

fn run(arguments: Arguments) -> Result<(), Error> {
    let mut plan = match arguments.command {
        What::Quick => Plan::quick(),
        What::Full => Plan::full(),
        What::Kafka { address, rounds, records } => {
            println!("{}", measure_kafka(&address, rounds, records)?);
            return Ok(());
        }
        What::Counted { work, times } => return run_counted(&work, times),
    };
    if !arguments.uncounted {
        plan.counted_program = Some(std::env::current_exe()?);
    }
    let report = measure(&plan)?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{}", report.to_markdown());
    }
    Ok(())
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
