//! One trace through a chain of services over Kafka.

use anyhow::{Context as _, Result, bail};
use clap::{CommandFactory, Parser};
use indicatif::{ProgressBar, ProgressStyle};
use pipeline::cluster::Cluster;
use pipeline::metrics::MetricStore;
use pipeline::otlp::Receiver;
use pipeline::report::{self, Findings};
use pipeline::service::Run;
use pipeline::shop;
use pipeline::spans::SpanStore;
use pipeline::text::Page;
use pipeline::waterfall::Waterfall;
use pipeline::{chain, svg};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

/// Sends orders through four services over Kafka, and shows one of them as a trace.
///
/// checkout → orders → payment → payments → packing (in C) → parcels → shipping. Without options it runs on
/// librdkafka's mock cluster inside this process, so you need not install or start anything.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Write the waterfall to this file, as a picture.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Send no trace headers, to see the difference.
    #[arg(long)]
    without: bool,
    /// Use this Kafka (plaintext) instead of the mock cluster: the address of a broker, or of several. The topics
    /// created there are deleted at the end.
    #[arg(long, value_name = "HOST:PORT,…")]
    brokers: Option<String>,
    /// Send the spans and metrics to this receiver too: an OpenTelemetry Collector or a back end, by OTLP over plain
    /// HTTP, for example http://127.0.0.1:4318. If it is missing or does not accept everything, a warning is printed
    /// and the exit code is unchanged.
    #[arg(long, value_name = "URL")]
    otlp: Option<String>,
    /// Number of orders to send.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    records: u32,
}

fn main() -> ExitCode {
    let options = Options::parse();
    // Parsed here and not by clap, which prints an invalid value: it may contain a password.
    let receiver = options.otlp.as_deref().map(Receiver::at).transpose().unwrap_or_else(|error| {
        let error = format!("invalid value for '--otlp <URL>': {error}");
        Options::command().error(clap::error::ErrorKind::ValueValidation, error).exit()
    });
    match run(&options, receiver) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pipeline: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options, receiver: Option<Receiver>) -> Result<()> {
    options.svg.as_deref().map_or(Ok(()), check_place)?;
    let stop = Arc::<AtomicBool>::default();
    stop_at_interrupt(stop.clone())?;
    let cluster = match &options.brokers {
        Some(brokers) => Cluster::real(brokers, &shop::TOPICS)?,
        None => Cluster::mock(&shop::TOPICS)?,
    };
    eprintln!("{} orders through 4 services, on {}", options.records, cluster.kafka.description);
    let run = Run {
        progress: progress(u64::from(options.records) * shop::TOPICS.len() as u64),
        kafka: cluster.kafka.clone(),
        orders: options.records as usize,
        propagate: !options.without,
        store: SpanStore::default(),
        metrics: MetricStore::default(),
        receiver,
        stop: stop.clone(),
        reading: AtomicUsize::new(0),
    };
    let start = Instant::now();
    let (passages, with_baggage) = chain::run(&run)?;
    let took = start.elapsed();
    run.progress.finish_and_clear();
    if stop.load(Ordering::Relaxed) {
        // Returning drops the cluster, which deletes its topics.
        bail!("interrupted");
    }

    let spans = run.store.spans();
    let key = report::typical_key(&spans).context("there are no spans")?;
    let waterfall = Waterfall::of_key(&spans, &key);
    let passage = passages.get(&key).with_context(|| format!("{key} did not pass payment"))?;
    let findings = Findings {
        spans: &spans,
        metrics: &run.metrics.measured(),
        waterfall: &waterfall,
        passage,
        hops: &[("payment", "orders"), ("packing", "payments"), ("shipping", "parcels")],
        with_baggage,
        orders: run.orders,
        took,
        propagate: run.propagate,
    };
    print(&report::render(&findings, page())?)?;
    if let Some(receiver) = &run.receiver {
        tell(receiver, spans.len());
    }
    if let Some(path) = &options.svg {
        fs::write(path, svg::render(&waterfall)).with_context(|| format!("--svg {}", path.display()))?;
        eprintln!("The picture is in {}.", path.display());
    }
    Ok(())
}

/// The first interrupt ends the run, which deletes its topics. The second interrupt ends the process.
fn stop_at_interrupt(stop: Arc<AtomicBool>) -> Result<()> {
    let handler = move || {
        if stop.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler).context("interrupts cannot be handled")
}

/// Checks before the run that there is a folder for the picture.
fn check_place(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        bail!("--svg {}: there is no folder {}", path.display(), folder.display());
    }
    if path.is_dir() {
        bail!("--svg {}: this is a folder", path.display());
    }
    Ok(())
}

/// Reports a receiver that did not accept everything, which does not fail the run.
fn tell(receiver: &Receiver, spans: usize) {
    let late = "it did not take the others in time";
    match (receiver.received(), receiver.failure()) {
        (received, None) if received == spans => eprintln!("{spans} spans are at {}.", receiver.traces_url()),
        (received, failure) => {
            let (url, failure) = (receiver.traces_url(), failure.unwrap_or(late));
            eprintln!(
                "pipeline: warning: --otlp: {received} of {spans} spans are known to be at {url}: {failure}"
            );
            return;
        }
    }
    let (services, url) = (shop::TOPICS.len() + 1, receiver.metrics_url());
    match (receiver.received_metrics(), receiver.metrics_failure()) {
        (received, None) if received == services => {
            eprintln!("The metrics of {services} services are at {url}.");
        }
        (received, failure) => eprintln!(
            "pipeline: warning: --otlp: the metrics of {received} of {services} services are known to be at {url}: {}",
            failure.unwrap_or(late)
        ),
    }
}

/// Draws on standard error, but only if it is a terminal.
fn progress(records: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("  {bar:40.blue} {pos} of {len} records processed, {elapsed}");
    ProgressBar::new(records).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn page() -> Page {
    let terminal = console::Term::stdout();
    let width = terminal.size_checked().map_or(100, |(_, columns)| usize::from(columns));
    Page { width: width.clamp(80, 120), color: console::colors_enabled() }
}

/// Ignores a reader that has closed the pipe, as `head` does.
fn print(report: &str) -> Result<()> {
    match std::io::stdout().write_all(report.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result.context("standard output"),
    }
}
