//! The metrics of every service: kept for the report of the run, and sent to a receiver if there is one.

use crate::service::Run;
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tracebaton_opentelemetry::{Metrics, TIMESTAMP_TYPE};

/// Longer than a run, so everything is exported once at the end.
const INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// The meters of one service. Dropping them exports their measurements.
pub struct Meters {
    /// The instruments of the messaging conventions.
    pub messaging: Metrics,
    provider: SdkMeterProvider,
}

impl Meters {
    /// Creates the meters of this service.
    pub fn new(resource: &Resource, run: &Run) -> Self {
        let store = PeriodicReader::builder(run.metrics.clone()).with_interval(INTERVAL).build();
        let builder = SdkMeterProvider::builder().with_resource(resource.clone()).with_reader(store);
        let builder = match run.receiver.as_ref().and_then(|receiver| receiver.metrics()) {
            Some(exporter) => {
                builder.with_reader(PeriodicReader::builder(exporter).with_interval(INTERVAL).build())
            }
            None => builder,
        };
        let provider = builder.build();
        Self { messaging: Metrics::new(&provider.meter("pipeline")), provider }
    }
}

impl Drop for Meters {
    fn drop(&mut self) {
        // The receiver's outcome reports measurements that were not received in time.
        let _ = self.provider.shutdown();
    }
}

/// Measurements of one metric with one set of attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The name of the metric.
    pub name: String,
    /// The clock of a queue time.
    pub clock: Option<String>,
    /// Sum of the measurements of a histogram in seconds, or of a counter.
    pub sum: f64,
    /// Number of measurements of a histogram.
    pub count: u64,
}

/// Store for the metrics of all services in one run, in place of a metrics back end.
#[derive(Clone, Debug, Default)]
pub struct MetricStore(Arc<Mutex<Vec<Measured>>>);

impl MetricStore {
    /// All measurements.
    pub fn measured(&self) -> Vec<Measured> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl PushMetricExporter for MetricStore {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let metrics = metrics.scope_metrics().flat_map(|scope| scope.metrics());
        let measured: Vec<Measured> = metrics.flat_map(measured).collect();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(measured);
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        // Each export contains the measurements since the last export.
        Temporality::Delta
    }
}

fn measured(metric: &Metric) -> Vec<Measured> {
    let of = |mut attributes: &mut dyn Iterator<Item = &opentelemetry::KeyValue>, sum, count| {
        let clock = Iterator::find(&mut attributes, |it| it.key.as_str() == TIMESTAMP_TYPE);
        let clock = clock.map(|it| it.value.to_string());
        Measured { name: metric.name().to_owned(), clock, sum, count }
    };
    match metric.data() {
        AggregatedMetrics::U64(MetricData::Sum(sum)) => {
            sum.data_points().map(|point| of(&mut point.attributes(), point.value() as f64, 0)).collect()
        }
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
            let points = histogram.data_points();
            points.map(|point| of(&mut point.attributes(), point.sum(), point.count())).collect()
        }
        _ => Vec::new(),
    }
}
