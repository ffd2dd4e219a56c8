//! A service with rdkafka, tokio, `tracing` and OpenTelemetry: batches, retries, dead letters, a graceful shutdown.

pub mod billing;
pub mod consume;
mod process;
mod rebalance;
mod send;
pub mod telemetry;

use crate::rebalance::Revoked;
use crate::telemetry::Telemetry;
use opentelemetry_sdk::trace::SdkTracer;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{Consumer, StreamConsumer};
use rdkafka::error::KafkaResult;
use rdkafka::producer::FutureProducer;
use std::time::Duration;
use tracebaton_opentelemetry::{Client, Metrics};

/// Name of the service, which is also the id of its clients and of their consumer group.
pub const NAME: &str = "billing";

/// Orders to bill.
pub const ORDERS: &str = "orders";
/// Orders of partners, whose traces are not continued.
pub const PARTNERS: &str = "orders.partners";
/// Orders that will be tried again.
pub const RETRY: &str = "orders.retry";
/// Orders that failed finally.
pub const DEAD_LETTERS: &str = "orders.dead_letters";
/// Paid orders.
pub const PAYMENTS: &str = "payments";

/// The service.
pub struct Service {
    /// Maximum time that the first record of a batch waits for the others.
    pub linger: Duration,
    consumer: StreamConsumer<Revoked>,
    producer: FutureProducer,
    tracer: SdkTracer,
    metrics: Metrics,
}

impl Service {
    /// Connects to the cluster; `config` has at least `bootstrap.servers`.
    pub fn new(mut config: ClientConfig, telemetry: &Telemetry) -> KafkaResult<Self> {
        config.set("client.id", NAME).set("group.id", NAME);
        // Offsets are stored when a record is done, and committed in the background.
        config.set("enable.auto.offset.store", "false").set("auto.offset.reset", "earliest");
        let consumer: StreamConsumer<_> = config.create_with_context(Revoked::default())?;
        consumer.subscribe(&[ORDERS, PARTNERS, RETRY])?;
        let (linger, producer) = (Duration::from_millis(50), config.create()?);
        Ok(Self { linger, consumer, producer, tracer: telemetry.tracer(), metrics: telemetry.metrics() })
    }

    /// Number of partitions that the service receives from, for a readiness check.
    pub fn partitions(&self) -> KafkaResult<usize> {
        Ok(self.consumer.assignment()?.count())
    }

    fn client(&self) -> Client<'static> {
        Client::new().with_id(NAME).with_group(NAME)
    }
}
