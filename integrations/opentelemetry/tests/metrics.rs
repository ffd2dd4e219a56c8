//! The metrics of producers and consumers as an exporter sees them.

use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tracebaton::{QueueTime, TimestampKind};
use tracebaton_opentelemetry::{Batch, Client, Metrics, Record, Topic};

const METRICS: &str = "OpenTelemetry semantic conventions, messaging metrics";
const C7: &str = "PROFILE.md, C7";

/// Attributes as one text, and what was measured with them: the sum and the number of measurements.
type Points = BTreeMap<String, (f64, u64)>;

/// Unit, boundaries and points of each metric.
fn exported(work: impl FnOnce(&Metrics)) -> BTreeMap<String, (String, Vec<f64>, Points)> {
    let exporter = InMemoryMetricExporter::default();
    let provider =
        SdkMeterProvider::builder().with_reader(PeriodicReader::builder(exporter.clone()).build()).build();
    work(&Metrics::new(&provider.meter("test")));
    provider.force_flush().unwrap();
    let resource = exporter.get_finished_metrics().unwrap();
    let metrics = resource.iter().flat_map(|it| it.scope_metrics()).flat_map(|it| it.metrics());
    let part = |data: &AggregatedMetrics| match data {
        AggregatedMetrics::U64(MetricData::Sum(sum)) => {
            assert!(sum.is_monotonic());
            let points = sum.data_points();
            (Vec::new(), points.map(|it| (text(it.attributes()), (it.value() as f64, 0))).collect())
        }
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
            let bounds = histogram.data_points().next().unwrap().bounds().collect();
            let points = histogram.data_points();
            (bounds, points.map(|it| (text(it.attributes()), (it.sum(), it.count()))).collect())
        }
        other => panic!("{other:?}"),
    };
    metrics
        .map(|metric| {
            let (bounds, points) = part(metric.data());
            (metric.name().to_owned(), (metric.unit().to_owned(), bounds, points))
        })
        .collect()
}

fn text<'a>(attributes: impl Iterator<Item = &'a opentelemetry::KeyValue>) -> String {
    let sorted: BTreeSet<String> = attributes.map(|it| format!("{}={}", it.key, it.value)).collect();
    sorted.into_iter().collect::<Vec<_>>().join(" ")
}

const CLIENT: Client<'_> =
    Client::new().with_id("billing-1").with_group("billing").with_cluster_id("c").with_server("kafka", 9092);

fn record() -> Record<'static> {
    Record::new("orders").with_client(CLIENT).with_partition(2).with_offset(7).with_key("order-17")
}

const COMMON: &str = "messaging.destination.name=orders messaging.destination.partition.id=2";
const SERVER: &str = "messaging.system=kafka server.address=kafka server.port=9092";

#[test]
fn names_units_buckets_and_attributes_are_those_of_the_conventions() {
    let metrics = exported(|metrics| {
        let (record_sent, batch_sent) = (&record(), &Batch::new("orders", 40).with_client(CLIENT));
        metrics.sent(record_sent, Duration::from_millis(20), None);
        metrics.sent(record(), Duration::from_millis(30), Some("QueueFull")); // by value or by reference
        metrics.sent(batch_sent, Duration::from_secs(1), None);
        metrics.polled(record(), Duration::from_millis(7), None);
        metrics.consumed(&record());
        metrics.consumed(&record());
        metrics.processed(record(), Duration::from_millis(250), Some("billing"));
    });
    let sent = "messaging.operation.name=send";
    let all_sent = "messaging.destination.name=orders messaging.operation.name=send";
    let of_group = format!("messaging.consumer.group.name=billing {COMMON}");
    let points = |rows: &[(String, f64, u64)]| -> Points {
        rows.iter().map(|(attributes, sum, count)| (attributes.clone(), (*sum, *count))).collect()
    };
    let rows: [(&str, &str, Points); 4] = [
        (
            "messaging.client.sent.messages",
            "{message}",
            points(&[
                (format!("{COMMON} {sent} {SERVER}"), 1.0, 0),
                (format!("error.type=QueueFull {COMMON} {sent} {SERVER}"), 1.0, 0),
                (format!("{all_sent} {SERVER}"), 40.0, 0),
            ]),
        ),
        (
            "messaging.client.operation.duration",
            "s",
            points(&[
                (format!("{COMMON} {sent} messaging.operation.type=send {SERVER}"), 0.02, 1),
                (
                    format!("error.type=QueueFull {COMMON} {sent} messaging.operation.type=send {SERVER}"),
                    0.03,
                    1,
                ),
                (format!("{all_sent} messaging.operation.type=send {SERVER}"), 1.0, 1),
                (
                    format!(
                        "{of_group} messaging.operation.name=poll messaging.operation.type=receive {SERVER}"
                    ),
                    0.007,
                    1,
                ),
            ]),
        ),
        (
            "messaging.client.consumed.messages",
            "{message}",
            points(&[(format!("{of_group} messaging.operation.name=poll {SERVER}"), 2.0, 0)]),
        ),
        (
            "messaging.process.duration",
            "s",
            points(&[(
                format!("error.type=billing {of_group} messaging.operation.name=process {SERVER}"),
                0.25,
                1,
            )]),
        ),
    ];
    assert_eq!(metrics.len(), rows.len(), "no queue time without a timestamp: {metrics:?}");
    for (name, unit, points) in rows {
        let (found_unit, bounds, found) = &metrics[name];
        assert_eq!((found_unit.as_str(), found), (unit, &points), "{name} ({METRICS})");
        let expected: &[f64] =
            &[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
        assert_eq!(bounds, if unit == "s" { expected } else { &[] }, "{name} ({METRICS})");
    }
}

#[test]
fn a_topic_with_a_template_is_measured_under_the_template() {
    let topic = Topic::new("orders-eu-17").with_template("orders-{region}-{shop}");
    let metrics = exported(|metrics| metrics.sent(Record::new(topic), Duration::from_millis(1), None));
    let attributes = metrics["messaging.client.sent.messages"].2.keys().next().unwrap();
    let expected = "messaging.destination.template=orders-{region}-{shop} messaging.operation.name=send messaging.system=kafka";
    assert_eq!(attributes, expected, "{METRICS}");
}

#[test]
fn queue_times_have_a_clock_and_negative_ones_are_counted_apart() {
    let waited = |milliseconds, kind| Record::new("orders").with_queue_time(QueueTime { milliseconds, kind });
    let (create, append) = (TimestampKind::CreateTime, TimestampKind::LogAppendTime);
    let metrics = exported(|metrics| {
        for (milliseconds, kind) in [
            (0, create),
            (84, create),
            (3_600_000, append),
            (-1, create),
            (-20, append),
            (-30, append),
            (5, TimestampKind::NotAvailable),
        ] {
            metrics.consumed(&waited(milliseconds, kind));
        }
    });
    let attributes = |clock| {
        format!(
            "kafka.record.timestamp_type={clock} messaging.destination.name=orders messaging.operation.name=poll \
             messaging.system=kafka"
        )
    };
    let (create, append) = (attributes("create_time"), attributes("log_append_time"));
    let (unit, bounds, points) = &metrics["kafka.record.queue_time"];
    assert_eq!(unit, "s");
    assert!(bounds.is_sorted() && bounds.last() > Some(&3_600.0));
    assert_eq!(
        *points,
        BTreeMap::from([(create.clone(), (0.084, 2)), (append.clone(), (3_600.0, 1))]),
        "{C7}"
    );
    let (unit, _, points) = &metrics["kafka.record.queue_time.negative"];
    assert_eq!(unit, "{message}");
    assert_eq!(*points, BTreeMap::from([(create, (1.0, 0)), (append, (2.0, 0))]), "{C7}");
    assert_eq!(metrics["messaging.client.consumed.messages"].2.values().map(|it| it.0).sum::<f64>(), 7.0);
}
