//! One trace through every runtime: the matrix, the long chain and what is drawn of them.

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use pipeline::text::Page;
use pipeline::waterfall::{Activity, Waterfall, duration};
use pipeline::{report, svg, text};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tracebaton_interop::broker::Broker;
use tracebaton_interop::driver::program::Program;
use tracebaton_interop::driver::{chain, expected, matrix, readme, runtime, spans, table};
use tracebaton_interop::{cleanup, here, process};

/// Sends contexts between real programs over a real Kafka, and one trace through all of them.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Use this Kafka, which is as it was after its start, instead of one that is started and stopped here.
    #[arg(long, value_name = "HOST:PORT")]
    brokers: Option<String>,
    /// Start Kafka at this port instead of a free one.
    #[arg(long, conflicts_with = "brokers")]
    port: Option<u16>,
    /// Only programs whose path contains one of these, to look for a fault.
    #[arg(long, value_name = "PART", value_delimiter = ',')]
    only: Vec<String>,
    /// Leave the matrix out.
    #[arg(long)]
    without_matrix: bool,
    /// How many chains to send; 0 for none.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    chains: usize,
    /// Write the chain's waterfall as a picture.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Write the table into this file, between its two comments.
    #[arg(long, value_name = "FILE")]
    readme: Option<PathBuf>,
    /// Where the logs are, which are kept if something fails.
    #[arg(long, value_name = "FOLDER")]
    logs: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match cleanup::around(|| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("interop: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let expected = expected::read(&here().join("expected.json"))?;
    let logs = options.logs.clone().unwrap_or_else(process::default_logs);
    fs::create_dir_all(&logs).with_context(|| logs.display().to_string())?;
    let logs = fs::canonicalize(logs)?;
    let brokers = match &options.brokers {
        Some(brokers) => brokers.clone(),
        None => Broker::start(&logs.join("kafka"), options.port)?.address().to_owned(),
    };
    let mut programs = start(options, &brokers, &logs)?;
    let matrix = show_matrix(options, &mut programs, &brokers, &expected);
    let chain = show_chain(options, &mut programs, &brokers);
    match (matrix, chain) {
        (Err(matrix), Err(chain)) => bail!("{matrix:#}\n{chain:#}"),
        (matrix, chain) => matrix.and(chain)?,
    }
    programs.into_iter().try_for_each(Program::finish)?;
    cleanup::stop();
    fs::remove_dir_all(&logs).with_context(|| logs.display().to_string())
}

fn start(options: &Options, brokers: &str, logs: &Path) -> Result<Vec<Program>> {
    let is_wanted =
        |name: &str| options.only.is_empty() || options.only.iter().any(|part| name.contains(part));
    let wanted = runtime::ALL.iter().filter(|runtime| is_wanted(runtime.name));
    let programs: Vec<Program> =
        wanted.map(|runtime| Program::start(runtime.name, brokers, logs)).collect::<Result<_>>()?;
    if programs.is_empty() {
        bail!("--only: no program has this in its path");
    }
    eprintln!("{} programs on Kafka at {brokers}", programs.len());
    Ok(programs)
}

fn show_matrix(
    options: &Options,
    programs: &mut [Program],
    brokers: &str,
    expected: &[expected::Row],
) -> Result<()> {
    if options.without_matrix {
        return Ok(());
    }
    let seen = matrix::run(programs, brokers)?;
    let ran = programs.iter().map(|program| (program.name.clone(), program.ready.clone())).collect();
    println!("{}\n", table::matrix(&ran, &seen));
    let table = table::readme(&ran, &seen, expected);
    println!("{table}");
    let wrong = expected::check(&seen.observations, expected);
    if !wrong.is_empty() {
        bail!("the matrix is not as expected.json has it:\n  {}", wrong.join("\n  "));
    }
    options
        .readme
        .as_deref()
        .map_or(Ok(()), |path| readme::write(path, "tests/systems/interop/run readme", &table))
}

fn show_chain(options: &Options, programs: &mut [Program], brokers: &str) -> Result<()> {
    if options.chains == 0 {
        return Ok(());
    }
    let seen = chain::run(programs, brokers, options.chains)?;
    let key = report::typical_key(&seen.spans).context("there are no spans")?;
    let waterfall = Waterfall::of_key(&seen.spans, &key);
    println!("One trace through {} programs: {key}\n", seen.way.len());
    print!("{}", text::render(&waterfall, page()));
    println!(
        "  {} in all: {} waiting in topics, {} processing\n",
        duration(waterfall.length),
        duration(waterfall.total(Activity::Queueing)),
        duration(waterfall.total(Activity::Processing)),
    );
    if let Some(path) = &options.svg {
        fs::write(path, svg::render(&waterfall)).with_context(|| format!("--svg {}", path.display()))?;
    }
    judge(options, &seen)
}

fn judge(options: &Options, seen: &spans::Seen) -> Result<()> {
    let (orphans, broken) = (report::orphans(&seen.spans), seen.broken());
    let whole = seen.last.iter().filter(|received| received.context.baggage == chain::baggage()).count();
    println!(
        "  {} chains, {} spans, {orphans} orphans, {} broken, baggage at the end on {whole} ({:.1} s)",
        options.chains,
        seen.spans.len(),
        broken.len(),
        seen.took.as_secs_f64(),
    );
    for (program, count) in &seen.linked {
        println!("  {program}: {count} traces of its own only link to the sending, and are drawn below it");
    }
    if orphans > 0 || !broken.is_empty() || [whole, seen.count()] != [options.chains; 2] {
        let broken: Vec<&str> = broken.iter().take(5).map(String::as_str).collect();
        let chains = seen.count();
        bail!("not whole: {orphans} orphans, spans of {chains} chains, broken: {}", broken.join(", "));
    }
    Ok(())
}

fn page() -> Page {
    let terminal = console::Term::stdout();
    let width = terminal.size_checked().map_or(100, |(_, columns)| usize::from(columns));
    Page { width: width.clamp(80, 120), color: console::colors_enabled() }
}
