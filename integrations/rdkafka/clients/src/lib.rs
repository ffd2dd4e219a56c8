//! Runs the examples of the guide to Kafka in Rust, for which it has every client that is in it.

#[cfg(doctest)]
#[doc = include_str!("../../../../src/guides/kafka_in_rust.md")]
struct KafkaInRust;
