//! Common parts of the Rust services: a tracer, a producer whose spans end with the delivery, a consumer.

use crate::cluster::{Kafka, PARTITIONS, Topic};
use crate::metrics::{Meters, MetricStore};
use crate::otlp::Receiver;
use crate::spans::SpanStore;
use crate::telemetry;
use anyhow::{Context as _, Result, anyhow, bail};
use indicatif::ProgressBar;
use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, DeliveryResult, Message, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer, ProducerContext, ThreadedProducer};
use rdkafka::{ClientContext, Offset, TopicPartitionList};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant, SystemTime};
use tracebaton_opentelemetry::{
    Client, Metrics, Record, acknowledged, extract_trace_context, failed, kafka_error_type,
};

/// Maximum time that a consumer waits for the next record.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Data that all services of a run share.
pub struct Run {
    /// The cluster.
    pub kafka: Kafka,
    /// Number of orders, and so of records in each topic.
    pub orders: usize,
    /// Whether trace headers are written and read.
    pub propagate: bool,
    /// Store for the spans.
    pub store: SpanStore,
    /// Store for the metrics.
    pub metrics: MetricStore,
    /// An additional receiver for both.
    pub receiver: Option<Receiver>,
    /// Number of records that were processed.
    pub progress: ProgressBar,
    /// Set if one service fails or the user interrupts, so that all services stop.
    pub stop: Arc<AtomicBool>,
    /// Number of consumers that have started to read.
    pub reading: AtomicUsize,
}

impl Run {
    /// Every consumer calls this when it reads, which takes a new client some time.
    pub fn ready(&self) {
        self.reading.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns when this number of consumers read, or one of them has failed.
    pub fn wait_for(&self, consumers: usize) {
        while self.reading.load(Ordering::Relaxed) < consumers && !self.stop.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// One service.
pub struct Service<'a> {
    /// The run that the service belongs to.
    pub run: &'a Run,
    /// Its `service.name`, and its `client.id`.
    pub name: &'static str,
    /// Its tracer.
    pub tracer: SdkTracer,
    meters: Meters,
    provider: SdkTracerProvider,
}

impl<'a> Service<'a> {
    /// A service with an OpenTelemetry SDK of its own.
    pub fn new(run: &'a Run, name: &'static str) -> Self {
        let provider = telemetry::provider(name, run);
        let meters = Meters::new(&telemetry::resource(name), run);
        Self { run, name, tracer: provider.tracer("pipeline"), meters, provider }
    }

    /// Its producer.
    pub fn sender(&self, topic: &str) -> Result<Sender<'_>> {
        let mut config = self.run.kafka.client(self.name);
        config.set("linger.ms", "0").set("message.timeout.ms", "10000");
        let topic = self.run.kafka.topic(topic);
        let end = EndSpan {
            service: self.name,
            topic: topic.clone(),
            metrics: self.meters.messaging.clone(),
            failure: OnceLock::new(),
        };
        Ok(Sender { service: self, topic, producer: config.create_with_context(end)? })
    }

    /// Calls `handle` for every record of a topic, in the extracted context and with a span for its processing.
    pub fn consume(
        &self,
        topic: &str,
        mut handle: impl FnMut(&BorrowedMessage<'_>, &Context) -> Result<()>,
    ) -> Result<()> {
        let topic = self.run.kafka.topic(topic);
        let consumer = self.consumer(&topic)?;
        let (mut last, mut last_error) = (Instant::now(), None);
        let (mut handled, mut ends) = (0, 0);
        while handled < self.run.orders && !self.run.stop.load(Ordering::Relaxed) {
            let Some(message) = consumer.poll(Duration::from_millis(100)) else {
                if last.elapsed() > PATIENCE {
                    let reason = last_error
                        .map_or(String::new(), |error: KafkaError| format!("; last error: {error}"));
                    bail!(
                        "{}: no record from {} for {PATIENCE:?}, {handled} so far{reason}",
                        self.name,
                        topic.name
                    );
                }
                continue;
            };
            let message = match message {
                Err(KafkaError::PartitionEOF(_)) => {
                    ends += 1;
                    if ends == PARTITIONS {
                        self.run.ready();
                    }
                    continue;
                }
                Err(error @ KafkaError::MessageConsumptionFatal(_)) => {
                    return Err(error).with_context(|| format!("{} cannot read {}", self.name, topic.name));
                }
                // librdkafka recovers from it, for example with another broker.
                Err(error) => {
                    last_error = Some(error);
                    continue;
                }
                Ok(message) => message,
            };
            let consumed = SystemTime::now();
            let record = Record::from(&message)
                .with_client(self.client().with_group(self.name))
                .with_topic(described(&topic))
                .with_queue_time(tracebaton_rdkafka::queue_time(&message, consumed));
            self.meters.messaging.consumed(&record);
            let (start, context) = (Instant::now(), self.start_processing(&record, &message, consumed));
            handle(&message, &context)?;
            context.span().end();
            self.meters.messaging.processed(record, start.elapsed(), None);
            self.run.progress.inc(1);
            handled += 1;
            last = Instant::now();
        }
        Ok(())
    }

    /// Assigns the partitions by hand, since joining a group would cost seconds at the start.
    fn consumer(&self, topic: &Topic) -> Result<BaseConsumer> {
        let mut config = self.run.kafka.client(self.name);
        config.set("group.id", self.name).set("enable.auto.commit", "false");
        config.set("fetch.wait.max.ms", "5").set("enable.partition.eof", "true");
        let consumer: BaseConsumer = config.create()?;
        let mut partitions = TopicPartitionList::new();
        for partition in 0..PARTITIONS {
            partitions.add_partition_offset(&topic.name, partition, Offset::Beginning)?;
        }
        consumer.assign(&partitions)?;
        Ok(consumer)
    }

    /// The span for processing one record: a child of the producer's span, with a link to it.
    fn start_processing(
        &self,
        record: &Record<'_>,
        message: &BorrowedMessage<'_>,
        consumed: SystemTime,
    ) -> Context {
        let received = match self.run.propagate {
            true => extract_trace_context(message),
            false => Context::new(),
        };
        let span = record.process(&received).with_start_time(consumed);
        received.with_span(span.start_with_context(&self.tracer, &received))
    }

    fn client(&self) -> Client<'_> {
        Client::new().with_id(self.name)
    }
}

impl Drop for Service<'_> {
    fn drop(&mut self) {
        // The receiver's outcome reports spans that were not received in time.
        let _ = self.provider.shutdown();
    }
}

/// The key of a record as text.
pub fn key(message: &BorrowedMessage<'_>) -> String {
    String::from_utf8_lossy(message.key().unwrap_or_default()).into_owned()
}

/// The topic as spans report it: with a template if its name belongs to this run alone.
pub fn described(topic: &Topic) -> tracebaton_opentelemetry::Topic<'_> {
    let described = tracebaton_opentelemetry::Topic::new(&topic.name);
    if topic.name == topic.template { described } else { described.with_template(topic.template) }
}

/// Sends records to one topic.
pub struct Sender<'a> {
    service: &'a Service<'a>,
    topic: Topic,
    producer: ThreadedProducer<EndSpan>,
}

impl Sender<'_> {
    /// Sends a record, with a span that lasts until the broker has it. `prepare` writes that span's context into the
    /// headers.
    pub fn send(
        &self,
        key: &str,
        payload: &[u8],
        context: &Context,
        prepare: impl FnOnce(&Context) -> Result<OwnedHeaders>,
    ) -> Result<()> {
        let record = Record::new(described(&self.topic)).with_client(self.service.client()).with_key(key);
        let context = context.with_span(record.send().start_with_context(&self.service.tracer, context));
        let headers = prepare(&context)?;
        let sending = Box::new(Sending { context, start: Instant::now() });
        let record = BaseRecord::with_opaque_to(&self.topic.name, sending).key(key).payload(payload);
        self.producer.send(record.headers(headers)).map_err(|(error, _)| {
            anyhow!("{} cannot send to {}: {error}", self.service.name, self.topic.name)
        })
    }

    /// Waits until every record is delivered. Returns an error if one is not.
    pub fn finish(self) -> Result<()> {
        let (name, topic) = (self.service.name, &self.topic.name);
        self.producer.flush(Duration::from_secs(15)).with_context(|| format!("{name} waits for {topic}"))?;
        match self.producer.context().failure.get() {
            None => Ok(()),
            Some(failure) => bail!("{name}: a record was not delivered to {topic}: {failure}"),
        }
    }
}

/// A record on its way to the broker.
struct Sending {
    context: Context,
    start: Instant,
}

/// Ends the span of each record when its delivery is reported, and measures it.
struct EndSpan {
    service: &'static str,
    topic: Topic,
    metrics: Metrics,
    /// The first failed delivery.
    failure: OnceLock<String>,
}

impl ClientContext for EndSpan {}

impl ProducerContext for EndSpan {
    type DeliveryOpaque = Box<Sending>;

    fn delivery(&self, result: &DeliveryResult<'_>, sending: Box<Sending>) {
        let span = sending.context.span();
        let record = Record::new(described(&self.topic)).with_client(Client::new().with_id(self.service));
        match result {
            Ok(message) => {
                acknowledged(&span, message.partition(), message.offset());
                let record = record.with_partition(message.partition());
                self.metrics.sent(record, sending.start.elapsed(), None);
            }
            Err((error, _)) => {
                let _ = self.failure.set(error.to_string());
                let error_type = kafka_error_type(error);
                self.metrics.sent(record, sending.start.elapsed(), Some(&error_type));
                failed(&span, error_type, error.to_string());
            }
        }
        span.end();
    }
}
