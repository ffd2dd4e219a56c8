//! The clients: their settings, which both languages share, and their statistics.

use crate::ledger::Ledger;
use rdkafka::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::DeliveryResult;
use rdkafka::producer::ProducerContext;
use rdkafka::statistics::Statistics;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

/// The largest message that a producer accepts; one case depends on it.
pub const MESSAGE_MAX_BYTES: usize = 150_000;

/// Settings of all clients: short reconnects, and statistics.
const ALL: [(&str, &str); 5] = [
    ("reconnect.backoff.ms", "50"),
    ("reconnect.backoff.max.ms", "200"),
    ("retry.backoff.ms", "50"),
    ("retry.backoff.max.ms", "200"),
    ("statistics.interval.ms", "1000"),
];

/// Settings of a producer. It retries forever.
///
/// It is not idempotent, because that loses records with the mock cluster of librdkafka 2.12.1. The cluster checks
/// sequence numbers only in transactions. So it accepts a batch after a failed one, and the client then counts the
/// failed batch as delivered.
///
/// Therefore records may arrive twice and in another sequence. The queue is short, so that it fills up when brokers
/// fail.
const PRODUCER: [(&str, &str); 5] = [
    ("acks", "all"),
    ("message.timeout.ms", "0"),
    ("message.max.bytes", "150000"),
    ("linger.ms", "5"),
    ("queue.buffering.max.messages", "2000"),
];

/// Settings of a consumer of one partition, which is assigned by hand, since a group would take seconds to form. A
/// missing offset is an error, because it means a lost record.
const CONSUMER: [(&str, &str); 7] = [
    ("group.id", "soak"),
    ("enable.auto.commit", "false"),
    ("auto.offset.reset", "error"),
    ("fetch.wait.max.ms", "20"),
    ("fetch.error.backoff.ms", "20"),
    ("check.crcs", "true"),
    ("queued.min.messages", "1000"),
];

/// The settings of a producer.
pub fn producer_settings(brokers: &str) -> Vec<(String, String)> {
    settings(brokers, &PRODUCER)
}

/// The settings of a consumer.
pub fn consumer_settings(brokers: &str) -> Vec<(String, String)> {
    settings(brokers, &CONSUMER)
}

fn settings(brokers: &str, own: &[(&str, &str)]) -> Vec<(String, String)> {
    let all = [("bootstrap.servers", brokers)].into_iter().chain(ALL).chain(own.iter().copied());
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Settings in the form of rust-rdkafka.
pub fn config(settings: Vec<(String, String)>) -> ClientConfig {
    settings.into_iter().collect()
}

/// Receives the events of a client in either language.
#[derive(Clone)]
pub struct Listener {
    /// Where events are recorded.
    pub ledger: Arc<Ledger>,
    /// The last statistics of each client.
    pub statistics: Arc<Totals>,
}

impl Listener {
    /// An error reported by librdkafka, which retries unless the error is fatal.
    pub fn client_error(&self, code: RDKafkaErrorCode, reason: &str) {
        self.ledger.counters.client_errors.fetch_add(1, Ordering::Relaxed);
        let gives_up = [
            RDKafkaErrorCode::Fatal,
            RDKafkaErrorCode::AutoOffsetReset,
            RDKafkaErrorCode::OffsetOutOfRange,
            RDKafkaErrorCode::LogTruncation,
            RDKafkaErrorCode::BadMessage,
        ];
        if gives_up.contains(&code) {
            self.ledger.stopped(format!("librdkafka: {code:?}: {reason}"));
        }
    }

    /// A delivery report.
    pub fn delivered(&self, error: Option<RDKafkaErrorCode>) {
        match error {
            None => {
                self.ledger.counters.delivered.fetch_add(1, Ordering::Relaxed);
            }
            Some(RDKafkaErrorCode::PurgeQueue | RDKafkaErrorCode::PurgeInflight) if self.ledger.is_over() => {
            }
            Some(error) => self.ledger.stopped(format!("a record was not delivered: {error:?}")),
        }
    }
}

impl ClientContext for Listener {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}

    fn error(&self, error: KafkaError, reason: &str) {
        if let Some(code) = error.rdkafka_error_code() {
            self.client_error(code, reason);
        }
    }

    fn stats(&self, statistics: Statistics) {
        self.statistics.add(&statistics);
    }
}

impl ConsumerContext for Listener {}

impl ProducerContext for Listener {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        let error = result.as_ref().err().map(|(error, _)| error.rdkafka_error_code());
        self.delivered(error.map(|code| code.unwrap_or(RDKafkaErrorCode::Unknown)));
    }
}

/// The last statistics of all clients.
#[derive(Debug, Default)]
pub struct Totals(Mutex<HashMap<String, Total>>);

/// How often a client, or all of them, repeated something.
#[derive(Clone, Copy, Debug, Default)]
pub struct Total {
    /// Messages written to a socket, counted each time.
    pub messages_sent: u64,
    /// Requests of other kinds that were sent again.
    pub requests_retried: u64,
    /// Connections that broke.
    pub disconnects: u64,
}

impl Totals {
    /// Replaces the previous statistics of this client.
    pub fn add(&self, statistics: &Statistics) {
        let partitions = statistics.topics.values().flat_map(|topic| topic.partitions.values());
        let brokers = || statistics.brokers.values();
        let total = Total {
            messages_sent: partitions.map(|partition| partition.txmsgs).sum(),
            requests_retried: brokers().map(|broker| broker.txretries).sum(),
            disconnects: brokers().filter_map(|broker| u64::try_from(broker.disconnects?).ok()).sum(),
        };
        self.lock().insert(statistics.name.clone(), total);
    }

    /// The sum over all clients.
    pub fn sum(&self) -> Total {
        self.lock().values().fold(Total::default(), |sum, of| Total {
            messages_sent: sum.messages_sent + of.messages_sent,
            requests_retried: sum.requests_retried + of.requests_retried,
            disconnects: sum.disconnects + of.disconnects,
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Total>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
