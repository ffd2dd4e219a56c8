//! Runs the examples of the guide to Kafka in Rust: each hands its functions to a check here, which has them do their
//! work on real records.

mod kafka_protocol;
mod rskafka;

pub use kafka_protocol::check_kafka_protocol;
pub use rskafka::check_rskafka;

use tracebaton::SpanId;

/// What the examples receive, and one header that is none of theirs.
const RECEIVED: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const BAGGAGE: &str = "tenant=7";

/// What they send on, with [`span`] as the parent.
const SENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01";

fn span() -> SpanId {
    SpanId::from_hex(b"b9c7c989f97918e1").expect("an id")
}

#[cfg(doctest)]
#[doc = include_str!("../../../../src/guides/kafka_in_rust.md")]
struct KafkaInRust;
