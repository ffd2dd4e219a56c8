//! The faults of brokers and services.

use crate::ledger::{Ledger, STAGES};
use crate::payload::Random;
use crate::run::TOPICS;
use anyhow::Result;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use std::time::Duration;

/// The count of brokers, which are numbered from 1.
pub const BROKERS: i32 = 3;

/// The cluster in which faults are injected.
pub type Cluster = MockCluster<'static, DefaultProducerContext>;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Produce requests are answered with errors.
    ProduceErrors,
    /// Connections are cut at produce requests.
    ProduceCut,
    /// Fetch requests are answered with errors.
    FetchErrors,
    /// Connections are cut at fetch requests.
    FetchCut,
    /// Metadata requests are answered with errors.
    MetadataErrors,
    /// One broker goes down.
    BrokerDown,
    /// All brokers go down.
    AllDown,
    /// A broker answers late.
    Slow,
    /// A broker stores records, and goes down before it answers.
    AnswersLost,
    /// Partitions move to other brokers.
    LeadersMove,
    /// Services are restarted, and read uncommitted records again.
    Restart,
}

impl Fault {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::ProduceErrors,
        Self::ProduceCut,
        Self::FetchErrors,
        Self::FetchCut,
        Self::MetadataErrors,
        Self::BrokerDown,
        Self::AllDown,
        Self::Slow,
        Self::AnswersLost,
        Self::LeadersMove,
        Self::Restart,
    ];

    /// Its name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::ProduceErrors => "errors to produce requests",
            Self::ProduceCut => "connections cut at produce requests",
            Self::FetchErrors => "errors to fetch requests",
            Self::FetchCut => "connections cut at fetch requests",
            Self::MetadataErrors => "errors to metadata requests",
            Self::BrokerDown => "one broker down",
            Self::AllDown => "all brokers down",
            Self::Slow => "broker slow",
            Self::AnswersLost => "records stored, answers lost",
            Self::LeadersMove => "partitions moved",
            Self::Restart => "services restarted",
        }
    }

    /// This many faults. Each kind is equally frequent; the seed decides their sequence.
    pub fn plan(random: &mut Random, count: usize) -> Vec<Self> {
        let mut plan = Vec::new();
        while plan.len() < count {
            let mut round = Self::ALL;
            random.shuffle(&mut round);
            plan.extend(round);
        }
        plan.truncate(count);
        plan
    }

    /// Injects the fault; returns how many single failures it consists of, and how long to wait before healing it.
    pub fn inject(self, cluster: &Cluster, ledger: &Ledger, random: &mut Random) -> Result<(u64, Duration)> {
        let broker = 1 + random.below(BROKERS as usize) as i32;
        let count = 1 + random.below(5);
        let milliseconds = |low: usize, high: usize, random: &mut Random| {
            Duration::from_millis((low + random.below(high - low)) as u64)
        };
        Ok(match self {
            Self::ProduceErrors => errors(cluster, RDKafkaApiKey::Produce, &PRODUCE_ERRORS, count, random),
            Self::ProduceCut => errors(cluster, RDKafkaApiKey::Produce, &CUT, count, random),
            Self::FetchErrors => errors(cluster, RDKafkaApiKey::Fetch, &FETCH_ERRORS, count, random),
            Self::FetchCut => errors(cluster, RDKafkaApiKey::Fetch, &CUT, count, random),
            Self::MetadataErrors => errors(cluster, RDKafkaApiKey::Metadata, &METADATA_ERRORS, count, random),
            Self::BrokerDown => {
                cluster.broker_down(broker)?;
                (1, milliseconds(100, 600, random))
            }
            Self::AllDown => {
                cluster.broker_down(-1)?;
                (1, milliseconds(50, 300, random))
            }
            Self::Slow => {
                cluster.broker_round_trip_time(broker, milliseconds(20, 150, random))?;
                (1, milliseconds(300, 800, random))
            }
            Self::AnswersLost => {
                cluster.broker_round_trip_time(-1, Duration::from_millis(150))?;
                std::thread::sleep(Duration::from_millis(100));
                cluster.broker_down(broker)?;
                (1, milliseconds(50, 150, random))
            }
            Self::LeadersMove => (move_leaders(cluster, ledger, random)?, Duration::from_millis(100)),
            Self::Restart => {
                (0..count)
                    .for_each(|_| ledger.restart(random.below(STAGES.len()), random.below(ledger.lanes())));
                (count as u64, Duration::from_millis(100))
            }
        })
    }

    /// Ends the fault.
    pub fn heal(self, cluster: &Cluster) -> Result<()> {
        match self {
            Self::ProduceErrors | Self::ProduceCut => cluster.clear_request_errors(RDKafkaApiKey::Produce),
            Self::FetchErrors | Self::FetchCut => cluster.clear_request_errors(RDKafkaApiKey::Fetch),
            Self::MetadataErrors => cluster.clear_request_errors(RDKafkaApiKey::Metadata),
            Self::BrokerDown | Self::AllDown => cluster.broker_up(-1)?,
            Self::Slow => cluster.broker_round_trip_time(-1, Duration::ZERO)?,
            Self::AnswersLost => {
                cluster.broker_round_trip_time(-1, Duration::ZERO)?;
                cluster.broker_up(-1)?;
            }
            Self::LeadersMove | Self::Restart => {}
        }
        Ok(())
    }
}

fn errors(
    cluster: &Cluster,
    api: RDKafkaApiKey,
    kinds: &[RDKafkaRespErr],
    count: usize,
    random: &mut Random,
) -> (u64, Duration) {
    let errors: Vec<RDKafkaRespErr> = (0..count).map(|_| *random.one_of(kinds)).collect();
    cluster.request_errors(api, &errors);
    (count as u64, Duration::from_millis(200))
}

/// Partitions always get a leader: the mock cluster of librdkafka 2.12.1 crashes on writes to one without.
fn move_leaders(cluster: &Cluster, ledger: &Ledger, random: &mut Random) -> Result<u64> {
    let moves = 1 + random.below(ledger.lanes());
    for _ in 0..moves {
        let partition = random.below(ledger.lanes()) as i32;
        let broker = 1 + random.below(BROKERS as usize) as i32;
        cluster.partition_leader(TOPICS[random.below(TOPICS.len())], partition, Some(broker))?;
    }
    Ok(moves as u64)
}

const CUT: [RDKafkaRespErr; 1] = [RDKafkaRespErr::RD_KAFKA_RESP_ERR__TRANSPORT];
/// Errors that librdkafka retries; NETWORK_EXCEPTION, for example, is not retried.
const PRODUCE_ERRORS: [RDKafkaRespErr; 5] = [
    RDKafkaRespErr::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
    RDKafkaRespErr::RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
    RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
    RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    RDKafkaRespErr::RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
];
const FETCH_ERRORS: [RDKafkaRespErr; 4] = [
    RDKafkaRespErr::RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
    RDKafkaRespErr::RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE,
    RDKafkaRespErr::RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
    RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN,
];
const METADATA_ERRORS: [RDKafkaRespErr; 2] = [
    RDKafkaRespErr::RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
    RDKafkaRespErr::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
];
