//! Runs the service on librdkafka's mock cluster. Every order must end in the right topic, in its original trace.

use opentelemetry::trace::SpanKind;
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::metrics::InMemoryMetricExporter;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData};
use rdkafka::bindings::rd_kafka_resp_err_t as RDKafkaRespErr;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{Consumer, StreamConsumer};
use rdkafka::message::{Header, Message, OwnedHeaders};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::types::{RDKafkaApiKey, RDKafkaErrorCode};
use rdkafka::{Offset, TopicPartitionList};
use service::telemetry::Telemetry;
use service::{DEAD_LETTERS, ORDERS, PARTNERS, PAYMENTS, RETRY, Service};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, SystemTime};
use tokio::sync::oneshot;
use tracebaton::{Context, SpanContext, SpanId, TraceFlags, TraceId};
use tracebaton_opentelemetry::QUEUE_TIME;
use tracing::level_filters::LevelFilter;

const PARTITIONS: i32 = 2;
const PATIENCE: Duration = Duration::from_secs(30);

/// A record in a topic: its key, trace, parent and attempts.
struct Arrived {
    trace_id: TraceId,
    parent: SpanId,
    baggage: String,
    attempts: Option<String>,
    /// The names of the other headers.
    others: Vec<String>,
}

/// Orders by number: billed in the first attempt, after one or two failures, never, or invalid.
fn order(number: u8) -> (&'static str, &'static str, u32) {
    match number % 8 {
        1 => ("cents=990 fails=1", PAYMENTS, 2),
        2 => ("cents=990 fails=2", PAYMENTS, 3),
        3 => ("cents=990 fails=9", DEAD_LETTERS, 3),
        4 => ("free", DEAD_LETTERS, 1),
        _ => ("cents=990", PAYMENTS, 1),
    }
}

fn trace_id(number: u8) -> TraceId {
    TraceId::from_bytes([number; 16]).unwrap()
}

async fn produce(brokers: &ClientConfig, numbers: std::ops::RangeInclusive<u8>) {
    produce_to(ORDERS, brokers, numbers, OwnedHeaders::new()).await;
}

async fn produce_to(
    topic: &str,
    brokers: &ClientConfig,
    numbers: std::ops::RangeInclusive<u8>,
    others: OwnedHeaders,
) {
    let producer: FutureProducer = brokers.create().unwrap();
    for number in numbers {
        let span_id = SpanId::from_bytes([number; 8]).unwrap();
        let root = SpanContext::root(trace_id(number), span_id, TraceFlags::SAMPLED | TraceFlags::RANDOM);
        let baggage = tracebaton::Baggage::parse(b"tenant=7").unwrap();
        let mut headers = others.clone();
        tracebaton_rdkafka::inject(&Context::new(Some(root), baggage).injection(), &mut headers).unwrap();
        let key = [number];
        let record = FutureRecord::to(topic).key(&key[..]).payload(order(number).0).headers(headers);
        producer.send(record, PATIENCE).await.map_err(|(error, _)| error).unwrap();
    }
}

/// The records of a topic from its beginning, by key.
async fn arrived(brokers: &ClientConfig, topic: &str, count: usize) -> BTreeMap<u8, Arrived> {
    let consumer: StreamConsumer = brokers.clone().set("group.id", "test").create().unwrap();
    let mut partitions = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        partitions.add_partition_offset(topic, partition, Offset::Beginning).unwrap();
    }
    consumer.assign(&partitions).unwrap();
    let mut arrived = BTreeMap::new();
    while arrived.len() < count {
        let message =
            tokio::time::timeout(PATIENCE, consumer.recv()).await.expect("a message in time").unwrap();
        let context = tracebaton_rdkafka::extract(&message).context();
        let parent = context.span_context.unwrap();
        assert_eq!(parent.trace_flags, TraceFlags::SAMPLED | TraceFlags::RANDOM);
        let value = |name: &[u8]| {
            let header = tracebaton_rdkafka::headers(&message).find(|header| header.name == name)?;
            Some(String::from_utf8(header.value?.to_vec()).unwrap())
        };
        assert_eq!(tracebaton_rdkafka::headers(&message).filter(|it| it.name == b"traceparent").count(), 1);
        let others =
            tracebaton_rdkafka::headers(&message).map(|it| String::from_utf8_lossy(it.name).into_owned());
        let others =
            others.filter(|it| !["traceparent", "baggage", "attempts"].contains(&it.as_str())).collect();
        let (baggage, attempts) =
            (String::from_utf8_lossy(context.baggage.as_bytes()).into_owned(), value(b"attempts"));
        let number = message.key().unwrap()[0];
        let (trace_id, parent) = (parent.trace_id, parent.span_id);
        let record = Arrived { trace_id, parent, baggage, attempts, others };
        assert!(arrived.insert(number, record).is_none(), "order {number} twice in {topic}");
    }
    let more = tokio::time::timeout(Duration::from_millis(300), consumer.recv()).await;
    assert!(more.is_err(), "more than {count} records in {topic}");
    arrived
}

/// Runs the service during `work`, then stops it. Returns the spans and the counters.
async fn serving<T>(
    brokers: &ClientConfig,
    level: LevelFilter,
    work: impl Future<Output = T>,
) -> (T, Vec<SpanData>, HashMap<String, u64>) {
    let (spans, metrics) = (InMemorySpanExporter::default(), InMemoryMetricExporter::default());
    let telemetry = Telemetry::new(spans.clone(), metrics.clone());
    let _subscriber = tracing::subscriber::set_default(telemetry.subscriber(level));
    let service = Service::new(brokers.clone(), &telemetry).unwrap();
    let worked = running(&service, work).await;
    drop(service); // leaves the group
    telemetry.flush().unwrap();
    let spans = spans.get_finished_spans().unwrap();
    (worked, spans, counts(&metrics))
}

/// Runs the service during `work`, then stops it.
async fn running<T>(service: &Service, work: impl Future<Output = T>) -> T {
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async {
        let _ = stopped.await;
    };
    let (result, worked) = tokio::join!(service.run(shutdown), async {
        let worked = work.await;
        let _ = stop.send(()); // closed if the service has ended with an error
        worked
    });
    result.unwrap();
    worked
}

/// The value of an attribute that is an integer.
fn attribute(attributes: &[KeyValue], key: &str) -> Option<i64> {
    match attributes.iter().find(|it| it.key.as_str() == key)?.value {
        Value::I64(value) => Some(value),
        _ => None,
    }
}

fn counts(exporter: &InMemoryMetricExporter) -> HashMap<String, u64> {
    let mut counts = HashMap::new();
    let resource = exporter.get_finished_metrics().unwrap();
    let metrics = resource.last().unwrap().scope_metrics().flat_map(|scope| scope.metrics());
    for metric in metrics {
        let count = match metric.data() {
            AggregatedMetrics::U64(MetricData::Sum(sum)) => sum.data_points().map(|it| it.value()).sum(),
            AggregatedMetrics::F64(MetricData::Histogram(it)) => it.data_points().map(|it| it.count()).sum(),
            other => panic!("{other:?}"),
        };
        counts.insert(metric.name().to_owned(), count);
    }
    counts
}

fn cluster() -> (MockCluster<'static, rdkafka::producer::DefaultProducerContext>, ClientConfig) {
    let cluster = MockCluster::new(1).unwrap();
    for topic in [ORDERS, PARTNERS, RETRY, DEAD_LETTERS, PAYMENTS] {
        cluster.create_topic(topic, PARTITIONS, 1).unwrap();
    }
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", cluster.bootstrap_servers()).set("fetch.wait.max.ms", "5");
    // The group on the mock cluster waits for the session of a member that has left.
    config.set("session.timeout.ms", "6000");
    (cluster, config)
}

#[tokio::test(flavor = "current_thread")]
async fn every_order_ends_where_it_belongs_in_its_own_trace() {
    let (_cluster, brokers) = cluster();
    let numbers = 1..=80_u8;
    let expected = |topic| numbers.clone().filter(|it| order(*it).1 == topic).collect::<BTreeSet<u8>>();
    let (paid, dead) = (expected(PAYMENTS), expected(DEAD_LETTERS));
    let ((produced, payments, dead_letters), spans, counts) = serving(&brokers, LevelFilter::INFO, async {
        let produced = SystemTime::now();
        produce(&brokers, numbers.clone()).await;
        let payments = arrived(&brokers, PAYMENTS, paid.len()).await;
        (produced, payments, arrived(&brokers, DEAD_LETTERS, dead.len()).await)
    })
    .await;
    assert_eq!(payments.keys().copied().collect::<BTreeSet<_>>(), paid);
    assert_eq!(dead_letters.keys().copied().collect::<BTreeSet<_>>(), dead);

    let ids: HashMap<_, &SpanData> = spans.iter().map(|span| (span.span_context.span_id(), span)).collect();
    let mut attempts_in_all = 0;
    for (number, record) in payments.iter().chain(&dead_letters) {
        let (_, topic, attempts) = order(*number);
        attempts_in_all += u64::from(attempts);
        assert_eq!((record.trace_id, &*record.baggage), (trace_id(*number), "tenant=7"), "order {number}");
        let counted = (topic == DEAD_LETTERS).then(|| attempts.to_string());
        assert_eq!(record.attempts, counted, "order {number}");
        // From the record back to the order: send and process for each attempt, then the producer's span.
        let mut way = Vec::new();
        let mut parent = opentelemetry::SpanId::from_bytes(record.parent.to_bytes());
        while let Some(span) = ids.get(&parent) {
            way.push((span.name.as_ref(), span.span_kind.clone()));
            parent = span.parent_span_id;
        }
        assert_eq!(parent.to_bytes(), [*number; 8], "order {number}: {way:?}");
        let mut expected = vec![(format!("send {topic}"), SpanKind::Producer)];
        for _ in 1..attempts {
            expected.push((format!("process {RETRY}"), SpanKind::Consumer));
            expected.push((format!("send {RETRY}"), SpanKind::Producer));
        }
        expected.push((format!("process {ORDERS}"), SpanKind::Consumer));
        let way: Vec<_> = way.into_iter().map(|(name, kind)| (name.to_owned(), kind)).collect();
        assert_eq!(way, expected, "order {number}");
    }

    let polls: Vec<&SpanData> = spans.iter().filter(|span| span.name.starts_with("poll ")).collect();
    let linked: usize = polls.iter().map(|poll| poll.links.len()).sum();
    assert_eq!(linked as u64, attempts_in_all, "a link to the sender of each record");
    assert!(polls.len() < linked, "batches of more than one");
    assert!(polls.iter().any(|poll| poll.start_time <= produced), "a poll begins with its wait");
    let mut waits = HashMap::new();
    for poll in &polls {
        let count = poll.links.len() as i64;
        assert_eq!(attribute(&poll.attributes, "messaging.batch.message_count"), Some(count), "{poll:?}");
        for link in poll.links.iter() {
            let sender = link.span_context.span_id();
            let sent = ids.get(&sender).map_or("send orders", |span| span.name.as_ref());
            assert_eq!(sent.strip_prefix("send "), poll.name.strip_prefix("poll "), "one topic");
            waits.insert(sender, attribute(&link.attributes, QUEUE_TIME).expect("a queue time"));
        }
    }
    for span in spans.iter().filter(|span| span.name.starts_with("process ")) {
        let wait = waits[&span.parent_span_id];
        assert_eq!(attribute(&span.attributes, QUEUE_TIME), Some(wait), "without the orders before it");
    }
    let operations = polls.len() as u64 + attempts_in_all;
    assert_eq!(counts["messaging.client.operation.duration"], operations);
    for name in
        ["messaging.client.sent.messages", "messaging.client.consumed.messages", "messaging.process.duration"]
    {
        assert_eq!(counts[name], attempts_in_all, "{name}");
    }
    assert_eq!(counts["kafka.record.queue_time"], attempts_in_all);
    let failed =
        spans.iter().filter(|span| matches!(span.status, opentelemetry::trace::Status::Error { .. }));
    assert_eq!(failed.count() as u64, attempts_in_all - paid.len() as u64);
}

#[tokio::test(flavor = "current_thread")]
async fn what_was_done_before_a_restart_is_not_done_again() {
    let (_cluster, brokers) = cluster();
    let first = async {
        produce(&brokers, 5..=7).await;
        arrived(&brokers, PAYMENTS, 3).await.len()
    };
    let (count, _, _) = serving(&brokers, LevelFilter::INFO, first).await;
    assert_eq!(count, 3);
    let second = async {
        produce(&brokers, 13..=15).await;
        arrived(&brokers, PAYMENTS, 6).await.len()
    };
    let (count, _, counts) = serving(&brokers, LevelFilter::INFO, second).await;
    assert_eq!((count, counts["messaging.client.consumed.messages"]), (6, 3));
}

/// The end of a partition reaches the service as an error, as a broker that is away for a moment does.
#[tokio::test(flavor = "current_thread")]
async fn an_error_that_is_not_fatal_does_not_end_the_service() {
    let (_cluster, brokers) = cluster();
    let with_events = brokers.clone().set("enable.partition.eof", "true").to_owned();
    let (payments, _, counts) = serving(&with_events, LevelFilter::WARN, async {
        produce(&brokers, 5..=6).await;
        assert_eq!(arrived(&brokers, PAYMENTS, 2).await.len(), 2);
        produce(&brokers, 7..=7).await;
        arrived(&brokers, PAYMENTS, 3).await
    })
    .await;
    assert_eq!((payments.len(), counts["messaging.client.consumed.messages"]), (3, 3));
}

/// A second member joins while the batch of the first is open. The first drops the records of the revoked partitions, and
/// receives some of them again.
#[tokio::test(flavor = "current_thread")]
async fn a_rebalance_during_a_batch_loses_and_repeats_nothing() {
    let (_cluster, mut brokers) = cluster();
    brokers.set("heartbeat.interval.ms", "200");
    for start in [5, 13, 21, 29, 37, 45, 53, 61] {
        produce(&brokers, start..=start + 3).await; // paid in the first attempt, three of one partition and one of the other
    }
    let (spans, metrics) = (InMemorySpanExporter::default(), InMemoryMetricExporter::default());
    let telemetry = Telemetry::new(spans.clone(), metrics.clone());
    let mut first = Service::new(brokers.clone(), &telemetry).unwrap();
    first.linger = Duration::from_secs(7); // the mock cluster needs five for a rebalance
    let (joined, second_spans, second_counts) = running(&first, async {
        while first.partitions().unwrap() == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await; // its batch has all orders
        let joined = SystemTime::now();
        let (payments, spans, counts) =
            serving(&brokers, LevelFilter::INFO, arrived(&brokers, PAYMENTS, 32)).await;
        assert_eq!(payments.len(), 32);
        (joined, spans, counts)
    })
    .await;
    telemetry.flush().unwrap();
    let (of_first, of_second) = (
        counts(&metrics)["messaging.client.consumed.messages"],
        second_counts["messaging.client.consumed.messages"],
    );
    assert!(of_first > 0 && of_second > 0 && of_first + of_second == 32, "{of_first} and {of_second} orders");
    let poll =
        spans.get_finished_spans().unwrap().into_iter().find(|span| span.name == "poll orders").unwrap();
    let received = second_spans.iter().find(|span| span.name == "poll orders").unwrap().end_time;
    assert!(poll.start_time < joined && received < poll.end_time, "no rebalance during the batch");
}

/// A commit fails while the group changes, such as when other members stop as well.
#[tokio::test(flavor = "current_thread")]
async fn a_stop_during_a_rebalance_commits() {
    let (cluster, mut brokers) = cluster();
    brokers.set("auto.commit.interval.ms", "600000"); // only the stop commits
    let in_progress = [RDKafkaRespErr::RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS; 3];
    let first = async {
        produce(&brokers, 5..=7).await;
        let count = arrived(&brokers, PAYMENTS, 3).await.len();
        cluster.request_errors(RDKafkaApiKey::OffsetCommit, &in_progress);
        count
    };
    let (count, _, _) = serving(&brokers, LevelFilter::INFO, first).await;
    assert_eq!(count, 3);
    let second = async {
        produce(&brokers, 13..=15).await;
        arrived(&brokers, PAYMENTS, 6).await.len()
    };
    let (count, _, counts) = serving(&brokers, LevelFilter::INFO, second).await;
    assert_eq!((count, counts["messaging.client.consumed.messages"]), (6, 3));
}

/// Spans of `tracing` below the level of the service are disabled: its records carry the received context. The spans of the
/// polls are the tracer's.
#[tokio::test(flavor = "current_thread")]
async fn without_spans_the_trace_goes_on() {
    let (_cluster, brokers) = cluster();
    let (payments, spans, _) = serving(&brokers, LevelFilter::WARN, async {
        produce(&brokers, 5..=7).await;
        arrived(&brokers, PAYMENTS, 3).await
    })
    .await;
    assert!(!spans.is_empty() && spans.iter().all(|span| span.name.starts_with("poll ")), "{spans:?}");
    for (number, record) in payments {
        assert_eq!((record.trace_id, record.parent.to_bytes()), (trace_id(number), [number; 8]));
        assert_eq!(record.baggage, "tenant=7");
    }
}

/// Of a partner's record only its own headers are kept. The first span of the new trace links to its sender.
#[tokio::test(flavor = "current_thread")]
async fn the_trace_of_a_partner_ends_here() {
    let (_cluster, brokers) = cluster();
    let header = |key, value| Header { key, value: Some(value) };
    let others = OwnedHeaders::new()
        .insert(header("b3", "01010101010101010101010101010101-0101010101010101-1"))
        .insert(header("attempts", "7"))
        .insert(header("schema", "3"));
    let (payments, spans, _) = serving(&brokers, LevelFilter::INFO, async {
        produce_to(PARTNERS, &brokers, 1..=1, others).await; // paid in the second attempt
        arrived(&brokers, PAYMENTS, 1).await
    })
    .await;
    let paid = &payments[&1];
    assert_ne!(paid.trace_id, trace_id(1));
    assert_eq!((&*paid.baggage, &paid.attempts, &paid.others[..]), ("", &None, &["schema".to_owned()][..]));
    let first = spans.iter().find(|span| span.name == format!("process {PARTNERS}")).unwrap();
    assert_eq!(first.span_context.trace_id().to_bytes(), paid.trace_id.to_bytes());
    assert_eq!(first.links[0].span_context.trace_id().to_bytes(), trace_id(1).to_bytes());
    assert!(
        spans.iter().any(|span| span.name == format!("process {RETRY}")),
        "the attempts of a partner count for nothing"
    );
}

/// A record that is not delivered ends the service: its order is processed again after the restart.
#[tokio::test(flavor = "current_thread")]
async fn a_failed_delivery_is_reported() {
    let (cluster, brokers) = cluster();
    produce(&brokers, 5..=5).await;
    cluster.request_errors(RDKafkaApiKey::Produce, &[RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE]);
    let (exporter, metrics) = (InMemorySpanExporter::default(), InMemoryMetricExporter::default());
    let telemetry = Telemetry::new(exporter.clone(), metrics.clone());
    let _subscriber = tracing::subscriber::set_default(telemetry.subscriber(LevelFilter::INFO));
    let service = Service::new(brokers.clone(), &telemetry).unwrap();
    let result = tokio::time::timeout(PATIENCE, service.run(std::future::pending())).await.expect("an end");
    assert_eq!(result.unwrap_err().rdkafka_error_code(), Some(RDKafkaErrorCode::MessageSizeTooLarge));
    drop(service);
    telemetry.flush().unwrap();
    assert_eq!(counts(&metrics)["messaging.process.duration"], 1);
    let spans = exporter.get_finished_spans().unwrap();
    for name in ["send payments", "process orders"] {
        let span = spans.iter().find(|span| span.name == name).expect(name);
        assert!(matches!(span.status, opentelemetry::trace::Status::Error { .. }), "{span:?}");
    }

    let (payments, _, _) = serving(&brokers, LevelFilter::INFO, arrived(&brokers, PAYMENTS, 1)).await;
    assert_eq!(payments[&5].trace_id, trace_id(5));
}
