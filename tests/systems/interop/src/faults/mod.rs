//! Trace contexts while a real broker fails, and with features of Kafka such as transactions and compaction.
//!
//! Every record has the context that it was sent with in its value, so that each reader can compare the headers with
//! it. No context may be lost, doubled or attached to another record.
//!
//! Records are read and forwarded in Rust with `tracebaton-rdkafka`, and in C with `tracebaton_rdkafka.h`.

pub mod clients;
pub mod fault;
pub mod hop;
pub mod language;
pub mod ledger;
pub mod report;
pub mod sabotage;
pub mod setting;
pub mod source;
pub mod topics;
