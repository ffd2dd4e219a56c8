//! Runs the service on a Kafka.

use anyhow::{Context as _, Result};
use rdkafka::config::ClientConfig;
use service::Service;
use service::telemetry::Telemetry;
use tokio::signal::unix::{SignalKind, signal};
use tracing::level_filters::LevelFilter;

#[tokio::main]
async fn main() -> Result<()> {
    let brokers = std::env::args().nth(1).context("usage: service HOST:PORT")?;
    let (spans, metrics) =
        (opentelemetry_stdout::SpanExporter::default(), opentelemetry_stdout::MetricExporter::default());
    let telemetry = Telemetry::new(spans, metrics);
    tracing::subscriber::set_global_default(telemetry.subscriber(LevelFilter::INFO))?;

    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &brokers);
    let service = Service::new(config, &telemetry)?;
    let result = service.run(interrupt()?).await;
    telemetry.shutdown()?;
    Ok(result?)
}

/// Ready at the first SIGINT or SIGTERM.
fn interrupt() -> Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
    })
}
