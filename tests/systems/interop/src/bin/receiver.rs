//! Runs the demo with `--otlp`, and checks the traces in Jaeger.

use anyhow::{Context, Result, anyhow, ensure};
use clap::Parser;
use pipeline::text::{self, Page};
use pipeline::waterfall::Waterfall;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use tracebaton_interop::cleanup;
use tracebaton_interop::receiver::jaeger::Jaeger;
use tracebaton_interop::receiver::trace::Trace;

/// Starts Jaeger on 127.0.0.1, sends it the spans of the demo, reads the traces from it, and stops it.
#[derive(Parser)]
struct Options {
    /// The Jaeger program.
    jaeger: PathBuf,
    /// The demo program.
    pipeline: PathBuf,
    /// Count of orders to send.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    records: u32,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match cleanup::around(|| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("receiver: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let jaeger = Jaeger::start(&options.jaeger)?;
    check(options, &jaeger)
        .map_err(|error| anyhow!("Jaeger at {}: {error:#}{}", jaeger.otlp, jaeger.tail()))?;
    let otlp = jaeger.otlp.clone();
    drop(jaeger);
    let (_, said) = demo(&options.pipeline, 0, &["--records", "5", "--otlp", &otlp])?;
    ensure!(said.contains("pipeline: warning: --otlp: "), "no warning that Jaeger has stopped: {said}");
    println!("  With Jaeger stopped the demo warns and continues.");
    Ok(())
}

fn check(options: &Options, jaeger: &Jaeger) -> Result<()> {
    let orders = options.records as usize;
    let records = orders.to_string();
    let (shown, said) =
        demo(&options.pipeline, jaeger.group(), &["--records", &records, "--otlp", &jaeger.otlp])?;
    let id = between(&shown, ", trace ", "\n").context("the demo shows no trace")?;
    let trace = jaeger.trace(id)?;
    trace.check().with_context(|| format!("trace {id}"))?;
    show(&trace.spans()?, id);

    let traces = jaeger.traces_of("packing")?;
    ensure!(
        traces.len() == orders,
        "Jaeger has {} traces of {orders} orders; the demo printed: {said}",
        traces.len()
    );
    traces.iter().try_for_each(Trace::check)?;
    println!("  {orders} orders, {orders} traces in Jaeger, each with the spans of all four services.");

    // The control: without trace headers no trace is whole.
    let control = ["--without", "--records", "5", "--otlp", &jaeger.otlp];
    demo(&options.pipeline, jaeger.group(), &control)?;
    let broken = jaeger.traces_of("packing")?.iter().filter(|trace| trace.check().is_err()).count();
    ensure!(broken == 5, "of 5 orders without trace headers {broken} are not whole");
    println!("  5 orders without trace headers, none of them whole.");
    Ok(())
}

/// The standard output and standard error of a run of the demo in this process group.
fn demo(program: &Path, group: i32, arguments: &[&str]) -> Result<(String, String)> {
    let output = Command::new(program)
        .args(arguments)
        .process_group(group)
        .output()
        .with_context(|| program.display().to_string())?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "the demo ends with {}: {said}", output.status);
    Ok((String::from_utf8_lossy(&output.stdout).into_owned(), said))
}

fn show(spans: &[pipeline::spans::Span], id: &str) {
    let key = spans.iter().find_map(|span| span.record.as_ref()).map(|record| record.key.clone());
    let key = key.unwrap_or_default();
    println!("Trace {id} in Jaeger: {key}\n");
    println!("{}", text::render(&Waterfall::of_key(spans, &key), Page { width: 100, color: false }));
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}
