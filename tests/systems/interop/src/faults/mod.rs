//! Tests trace contexts while a real broker fails, and where records take unusual ways.
//!
//! The value of every record contains the context that it was sent with, and every reader compares the headers with
//! the value. No context may be lost, doubled or attached to another record. Records are read and forwarded in Rust
//! with `tracebaton-rdkafka`, and in C with `tracebaton_rdkafka.h`.

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
