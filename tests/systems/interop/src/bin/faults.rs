//! Runs the faults, and prints what was seen.

use anyhow::Result;
use clap::Parser;
use std::process::ExitCode;
use tracebaton_interop::broker::Broker;
use tracebaton_interop::cleanup;
use tracebaton_interop::faults::fault::Fault;
use tracebaton_interop::faults::report::{Row, table};
use tracebaton_interop::faults::sabotage::Sabotage;
use tracebaton_interop::faults::setting::Setting;
use tracebaton_interop::process::tail;

/// Compares the context of every record with the one stored in its value, while a real broker fails.
///
/// Starts and stops Apache Kafka with tests/systems/interop/kafka/run.
///
/// The exit code is 1 if a context is lost, doubled or attached to another record, or if a fault did not happen.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Count of records for the largest fault; other faults send a part of them.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(2_000..=1_000_000))]
    records: u64,
    /// Run only these faults.
    #[arg(long, value_name = "FAULT", value_delimiter = ',')]
    only: Vec<Fault>,
    /// Do not run these faults.
    #[arg(long, value_name = "FAULT", value_delimiter = ',')]
    skip: Vec<Fault>,
    /// Use this running broker. It is not killed, so the fault "crash" is left out.
    #[arg(long, value_name = "HOST:PORT")]
    brokers: Option<String>,
    /// Break one record in a hundred; every fault must find it.
    #[arg(long = "break", value_name = "HOW")]
    sabotage: Option<Sabotage>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match cleanup::around(|| run(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("faults: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<bool> {
    let needs_one = options.brokers.is_none() && options.only != [Fault::Cluster];
    let broker = needs_one.then(start_broker).transpose()?;
    let setting = Setting {
        brokers: options
            .brokers
            .clone()
            .or_else(|| Some(broker.as_ref()?.address().to_owned()))
            .unwrap_or_default(),
        broker,
        records: options.records,
        sabotage: options.sabotage,
    };
    println!("{}\n", setting.libraries()?);
    let faults = Fault::chosen(&options.only, &options.skip, options.brokers.is_none());
    let rows = rows(&faults, &setting);
    print!("{}", table(&rows));
    let mut broken: Vec<_> = rows.iter().flat_map(Row::broken).collect();
    if rows.len() < faults.len() {
        broken.push(format!("{} does not answer: the rest was not run", setting.brokers));
    }
    broken.iter().for_each(|promise| eprintln!("faults: {promise}"));
    if let (false, Some(broker)) = (broken.is_empty(), &setting.broker) {
        eprintln!("faults: the broker{}", tail(&broker.log()));
    }
    Ok(broken.is_empty())
}

fn start_broker() -> Result<Broker> {
    Broker::start(&cleanup::folder()?, None)
}

/// Runs the faults until the broker stops answering.
fn rows(faults: &[Fault], setting: &Setting) -> Vec<Row> {
    let mut rows = Vec::new();
    for fault in faults {
        if !setting.is_answered() {
            break;
        }
        let row = Row::of(*fault, setting);
        eprintln!("faults: {} after {:.1} s", row.summary(), row.seconds());
        rows.push(row);
    }
    rows
}
