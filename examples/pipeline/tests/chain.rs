//! Runs the services, in Rust and C, on the mock cluster. Checks the records of the last topic and the spans.

use indicatif::ProgressBar;
use pipeline::chain;
use pipeline::cluster::{Cluster, PARTITIONS};
use pipeline::metrics::MetricStore;
use pipeline::report::orphans;
use pipeline::service::Run;
use pipeline::shop::TOPICS;
use pipeline::spans::{Kind, Span, SpanStore};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::{Offset, TopicPartitionList};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;
use tracebaton::TraceId;

const ORDERS: usize = 30;

type HeaderList = Vec<(Vec<u8>, Option<Vec<u8>>)>;

fn run() -> (Cluster, Vec<Span>) {
    let cluster = Cluster::mock(&TOPICS).unwrap();
    let run = Run {
        kafka: cluster.kafka.clone(),
        orders: ORDERS,
        propagate: true,
        store: SpanStore::default(),
        metrics: MetricStore::default(),
        receiver: None,
        progress: ProgressBar::hidden(),
        stop: Arc::default(),
        reading: AtomicUsize::new(0),
    };
    let (passages, with_baggage) = chain::run(&run).unwrap();
    assert_eq!((passages.len(), with_baggage), (ORDERS, ORDERS));
    (cluster, run.store.spans())
}

fn records(cluster: &Cluster, topic: &str) -> Vec<HeaderList> {
    let consumer: BaseConsumer =
        cluster.kafka.client("test").set("group.id", "test").set("fetch.wait.max.ms", "5").create().unwrap();
    let mut partitions = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        partitions.add_partition_offset(topic, partition, Offset::Beginning).unwrap();
    }
    consumer.assign(&partitions).unwrap();
    (0..ORDERS)
        .map(|_| {
            let message = consumer.poll(Duration::from_secs(10)).expect("a record in time").unwrap();
            let headers = tracebaton_rdkafka::headers(&message);
            headers.map(|header| (header.name.to_vec(), header.value.map(<[u8]>::to_vec))).collect()
        })
        .collect()
}

#[test]
fn every_record_carries_its_trace_and_its_own_headers_to_the_end() {
    let (cluster, spans) = run();
    let sent: HashSet<String> = spans
        .iter()
        .filter(|span| span.name == "send parcels")
        .map(|span| format!("00-{}-{}-03", span.trace_id, span.span_id))
        .collect();
    let mut arrived = HashSet::new();
    for headers in records(&cluster, "parcels") {
        let names: Vec<&[u8]> = headers.iter().map(|(name, _)| name.as_slice()).collect();
        let expected: [&[u8]; 6] =
            [b"content-type", b"digest", b"coupon", b"traceparent", b"tracestate", b"baggage"];
        assert_eq!(names, expected);
        let value = |index: usize| headers[index].1.as_deref();
        assert_eq!(value(0), Some(&b"application/json"[..]));
        assert_eq!(value(1).map(<[u8]>::len), Some(8));
        assert_eq!(value(2), None);
        assert_eq!(value(4), Some(&b"ot=th:0"[..]));
        assert_eq!(value(5), Some(&b"tenant=Caf%C3%A9%2017;plan=gold"[..]));
        arrived.insert(String::from_utf8(value(3).unwrap().to_vec()).unwrap());
    }
    assert_eq!(arrived, sent, "each record names the span that sent it, its trace sampled and random");
}

#[test]
fn every_trace_goes_from_the_first_service_to_the_last() {
    let (_cluster, spans) = run();
    assert_eq!(orphans(&spans), 0);
    let mut traces: HashMap<TraceId, Vec<&Span>> = HashMap::new();
    for span in &spans {
        traces.entry(span.trace_id).or_default().push(span);
    }
    assert_eq!(traces.len(), ORDERS);
    for trace in traces.values() {
        let way = way(trace);
        let expected = [
            ("checkout", "place order"),
            ("checkout", "send orders"),
            ("payment", "process orders"),
            ("payment", "send payments"),
            ("packing", "process payments"),
            ("packing", "send parcels"),
            ("shipping", "process parcels"),
        ];
        assert_eq!(way, expected);
        let waits = trace.iter().filter(|span| span.kind == Kind::Consumer);
        let waits: Vec<i64> =
            waits.map(|span| span.record.as_ref().unwrap().queue_time.unwrap().milliseconds).collect();
        assert!(waits.len() == 3 && waits.iter().all(|wait| (0..60_000).contains(wait)), "{waits:?}");
    }
}

/// The spans of a trace from parent to child; a trace must be a single line.
fn way<'a>(trace: &[&'a Span]) -> Vec<(&'a str, &'a str)> {
    let mut way = Vec::new();
    let mut parent = None;
    while let Some(span) = trace.iter().find(|span| span.parent == parent) {
        way.push((span.service.as_str(), span.name.as_str()));
        parent = Some(span.span_id);
    }
    way
}
