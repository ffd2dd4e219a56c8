//! The cluster of a run: librdkafka's mock cluster in this process, or a given Kafka.

use anyhow::{Context as _, Result, bail};
use futures_executor::block_on;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaError;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, DefaultProducerContext, Producer, ProducerContext};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{ClientContext, message::DeliveryResult};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Number of partitions of each topic.
pub const PARTITIONS: i32 = 3;

/// Maximum time until the first answer of a broker.
const PATIENCE: Duration = Duration::from_secs(5);

/// A topic: its name in spans, and its name on the cluster.
#[derive(Clone, Debug)]
pub struct Topic {
    /// The name in spans, which is the same in every run.
    pub template: &'static str,
    /// The name on the cluster.
    pub name: String,
}

/// A cluster, as its clients need it.
#[derive(Clone, Debug)]
pub struct Kafka {
    /// Its `bootstrap.servers`.
    pub brokers: String,
    /// Description in a sentence.
    pub description: String,
    topics: Vec<Topic>,
}

impl Kafka {
    /// One of the topics of the run.
    pub fn topic(&self, template: &str) -> Topic {
        self.topics.iter().find(|topic| topic.template == template).expect("a topic of the run").clone()
    }

    /// The configuration that all clients of a service start from.
    pub fn client(&self, service: &str) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.brokers).set("client.id", service);
        config
    }
}

/// A cluster with the topics of one run. Dropping it ends the cluster or deletes the topics.
pub struct Cluster {
    /// The data that clients need.
    pub kafka: Kafka,
    mock: Option<MockCluster<'static, DefaultProducerContext>>,
}

impl Cluster {
    /// The mock cluster of librdkafka.
    pub fn mock(topics: &[&'static str]) -> Result<Self> {
        let mock = MockCluster::new(1).context("librdkafka's mock cluster does not start")?;
        for topic in topics {
            mock.create_topic(topic, PARTITIONS, 1).with_context(|| format!("topic {topic}"))?;
        }
        let brokers = mock.bootstrap_servers();
        let description =
            format!("librdkafka {}'s mock cluster, {brokers}", rdkafka::util::get_rdkafka_version().1);
        let topics =
            topics.iter().map(|topic| Topic { template: topic, name: (*topic).to_owned() }).collect();
        Ok(Self { kafka: Kafka { brokers, description, topics }, mock: Some(mock) })
    }

    /// A running Kafka. The topics are created for this run, with unique names, and deleted at its end.
    pub fn real(brokers: &str, topics: &[&'static str]) -> Result<Self> {
        wait_for_broker(brokers)?;
        let run = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u32;
        let name = |topic: &&'static str| Topic {
            template: topic,
            name: format!("tracebaton-demo-{run:08x}-{topic}"),
        };
        let topics: Vec<Topic> = topics.iter().map(name).collect();
        let new = |topic| NewTopic::new(topic, PARTITIONS, TopicReplication::Fixed(-1));
        let new: Vec<NewTopic> = topics.iter().map(|topic| new(&topic.name)).collect();
        let results = block_on(admin(brokers)?.create_topics(&new, &options()))
            .context("the topics cannot be created")?;
        if let Some((topic, error)) = results.into_iter().find_map(Result::err) {
            bail!("topic {topic} cannot be created: {error}");
        }
        let (brokers, description) = (brokers.to_owned(), format!("Kafka at {brokers}"));
        Ok(Self { kafka: Kafka { brokers, description, topics }, mock: None })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.mock.is_some() {
            return;
        }
        let names: Vec<&str> = self.kafka.topics.iter().map(|topic| topic.name.as_str()).collect();
        let deleted = admin(&self.kafka.brokers)
            .and_then(|admin| Ok(block_on(admin.delete_topics(&names, &options()))?));
        if let Err(error) = deleted {
            eprintln!("pipeline: these topics are left behind: {} ({error:#})", names.join(", "));
        }
    }
}

fn admin(brokers: &str) -> Result<AdminClient<DefaultClientContext>> {
    Ok(ClientConfig::new().set("bootstrap.servers", brokers).create()?)
}

fn options() -> AdminOptions {
    AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE))
}

/// Returns when a broker has answered. The error is the reason why none did.
fn wait_for_broker(brokers: &str) -> Result<()> {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers).set("socket.connection.setup.timeout.ms", "4000");
    let client: BaseProducer<LastError> =
        config.create_with_context(LastError::default()).with_context(|| format!("--brokers {brokers}"))?;
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let answer = client.client().fetch_metadata(None, Duration::from_millis(500));
        if answer.is_ok_and(|metadata| !metadata.brokers().is_empty()) {
            return Ok(());
        }
        client.poll(Duration::ZERO);
        if client.context().all_down() {
            break;
        }
    }
    let reason = client.context().reason().unwrap_or_else(|| "no answer".to_owned());
    bail!("no Kafka broker answers at {brokers}: {reason}")
}

/// Keeps the last reason why a client cannot reach its brokers.
#[derive(Default)]
struct LastError(Mutex<(Option<String>, bool)>);

impl LastError {
    fn reason(&self) -> Option<String> {
        self.0.lock().ok()?.0.clone()
    }

    fn all_down(&self) -> bool {
        self.0.lock().is_ok_and(|state| state.1)
    }
}

impl ClientContext for LastError {
    fn log(&self, _: rdkafka::config::RDKafkaLogLevel, _: &str, _: &str) {}

    fn error(&self, error: KafkaError, reason: &str) {
        if let Ok(mut state) = self.0.lock() {
            if error.rdkafka_error_code() == Some(RDKafkaErrorCode::AllBrokersDown) {
                state.1 = true;
            } else {
                state.0 = Some(reason.to_owned());
            }
        }
    }
}

impl ProducerContext for LastError {
    type DeliveryOpaque = ();

    fn delivery(&self, _: &DeliveryResult<'_>, _: ()) {}
}
