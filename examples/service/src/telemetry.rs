//! `tracing` and OpenTelemetry.

use crate::NAME;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, SpanExporter};
use tracebaton_opentelemetry::Metrics;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;

/// The providers of the service.
pub struct Telemetry {
    spans: SdkTracerProvider,
    meters: SdkMeterProvider,
}

impl Telemetry {
    /// Makes the providers with these exporters; `opentelemetry-otlp` has exporters for a collector.
    pub fn new(spans: impl SpanExporter + 'static, metrics: impl PushMetricExporter) -> Self {
        let resource = Resource::builder().with_service_name(NAME).build();
        let spans = SdkTracerProvider::builder().with_resource(resource.clone()).with_batch_exporter(spans);
        let reader = PeriodicReader::builder(metrics).build();
        let meters = SdkMeterProvider::builder().with_resource(resource).with_reader(reader);
        Self { spans: spans.build(), meters: meters.build() }
    }

    /// Logs of `tracing` to standard error, and spans of this level and above to the exporter.
    pub fn subscriber(&self, level: LevelFilter) -> impl Subscriber + Send + Sync + use<> {
        let spans = tracing_opentelemetry::layer().with_tracer(self.tracer());
        let logs =
            tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(LevelFilter::INFO);
        tracing_subscriber::registry().with(level).with(spans).with(logs)
    }

    /// The tracer of the spans of `tracing`, and of spans that `tracing` cannot make.
    pub fn tracer(&self) -> SdkTracer {
        self.spans.tracer(NAME)
    }

    /// The instruments of the messaging conventions.
    pub fn metrics(&self) -> Metrics {
        Metrics::new(&self.meters.meter(NAME))
    }

    /// Exports what was recorded so far.
    pub fn flush(&self) -> OTelSdkResult {
        self.spans.force_flush()?;
        self.meters.force_flush()
    }

    /// Exports the rest and ends.
    pub fn shutdown(&self) -> OTelSdkResult {
        self.spans.shutdown()?;
        self.meters.shutdown()
    }
}
