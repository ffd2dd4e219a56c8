//! Formats other than W3C's between real tracers and ours over a real Kafka.

use anyhow::{Context as _, Result, bail, ensure};
use clap::Parser;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tracebaton_interop::broker::Broker;
use tracebaton_interop::driver::program::Program;
use tracebaton_interop::driver::{expected, readme};
use tracebaton_interop::formats::peer::{self, Peer};
use tracebaton_interop::formats::{conflict, matrix, migration, picture, table};
use tracebaton_interop::{cleanup, here, process};

const COMMAND: &str = "tests/systems/interop/run formats bless";

/// Lets tracers send in their formats and continue what ours send; prints the table of formats by implementation.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Use this Kafka, which is as it was after its start, instead of one that is started and stopped here.
    #[arg(long, value_name = "HOST:PORT")]
    brokers: Option<String>,
    /// Only tracers whose path contains one of these; the table is not looked at.
    #[arg(long, value_name = "PART", value_delimiter = ',')]
    only: Vec<String>,
    /// Write the table, instead of comparing it.
    #[arg(long, conflicts_with = "only")]
    bless: bool,
    /// Where the logs are, which are kept if something fails.
    #[arg(long, value_name = "FOLDER")]
    logs: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match cleanup::around(|| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("interop-formats: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let logs = options.logs.clone().unwrap_or_else(process::default_logs);
    fs::create_dir_all(&logs).with_context(|| logs.display().to_string())?;
    let logs = fs::canonicalize(logs)?;
    let brokers = match &options.brokers {
        Some(brokers) => brokers.clone(),
        None => Broker::start(&logs.join("kafka"), None)?.address().to_owned(),
    };
    let mut programs = start(options, &brokers, &logs)?;
    show_matrix(options, &mut programs, &brokers)?;
    if options.only.is_empty() {
        show_migration(options, &mut programs, &brokers)?;
        let table = conflict::run(&mut programs, &brokers)?;
        println!("{table}\n");
        keep(options, "../../../src/guides/closing_a_boundary.md", &table)?;
    }
    programs.into_iter().try_for_each(|(_, program)| program.finish())?;
    cleanup::stop();
    fs::remove_dir_all(&logs).with_context(|| logs.display().to_string())
}

fn show_matrix(options: &Options, programs: &mut [(Peer, Program)], brokers: &str) -> Result<()> {
    let expected = expected::read(&here().join("formats/expected.json"))?;
    let seen = matrix::run(programs, brokers)?;
    let ran: Vec<_> = programs.iter().map(|(peer, program)| (*peer, program.ready.clone())).collect();
    let table = table::render(&ran, &seen, &expected);
    println!("{table}");
    println!("{} fields compared\n", seen.len());
    let wrong = expected::check(&seen, &expected);
    if !wrong.is_empty() {
        bail!("the formats are not as formats/expected.json has them:\n  {}", wrong.join("\n  "));
    }
    if options.only.is_empty() { keep(options, "formats/README.md", &table) } else { Ok(()) }
}

fn show_migration(options: &Options, programs: &mut [(Peer, Program)], brokers: &str) -> Result<()> {
    let rounds = migration::run(programs, brokers)?;
    let too_early = migration::too_early(programs, brokers)?;
    let table = picture::table(&rounds, &too_early);
    println!("{table}\n");
    keep(options, "../../../src/guides/from_b3.md", &table)?;
    let (path, svg) = (here().join("formats/migration.svg"), picture::svg(&rounds));
    if options.bless {
        return fs::write(&path, svg).with_context(|| path.display().to_string());
    }
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    ensure!(text == svg, "{} is another picture: {COMMAND} draws it", path.display());
    Ok(())
}

/// Writes a table into this file, or fails if another is there.
fn keep(options: &Options, file: &str, table: &str) -> Result<()> {
    let keep = if options.bless { readme::write } else { readme::check };
    keep(&here().join(file), COMMAND, table)
}

fn start(options: &Options, brokers: &str, logs: &Path) -> Result<Vec<(Peer, Program)>> {
    let is_wanted =
        |name: &str| options.only.is_empty() || options.only.iter().any(|part| name.contains(part));
    let wanted = peer::ALL.iter().filter(|peer| is_wanted(peer.name));
    let start = |peer: &Peer| Ok((*peer, Program::start(peer.name, brokers, logs)?));
    let programs: Vec<(Peer, Program)> = wanted.map(start).collect::<Result<_>>()?;
    ensure!(!programs.is_empty(), "--only: no tracer has this in its path");
    Ok(programs)
}
