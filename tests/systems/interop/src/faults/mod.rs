//! What becomes of trace contexts while a real broker fails, and where records go ways of their own.
//!
//! Every record says in its value which context it was sent with, so that whoever reads it holds the headers against the
//! value: none may be lost, doubled or attached to another record. Records are read and sent on in Rust, with
//! `tracebaton-rdkafka`, and in C, with `tracebaton_rdkafka.h`.

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
