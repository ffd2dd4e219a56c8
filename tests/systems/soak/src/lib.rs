//! Sends records with valid and invalid trace headers through two hops while the brokers fail.
//!
//! A source sends records to librdkafka's mock cluster. Two services produce each record again in the same trace: one
//! in C with `tracebaton_rdkafka.h`, one in Rust with `tracebaton-rdkafka`. A consumer reads the result.
//!
//! Every reader compares the verdicts, the parent, the lists and all headers of a record with the oracle's. One record
//! in five has malformed or unusual headers. Meanwhile [faults] are injected, and a [watchdog](watch) ends runs that
//! hang.

pub mod cases;
pub mod check;
pub mod clients;
pub mod faults;
pub mod ledger;
pub mod native;
pub mod pattern;
pub mod payload;
pub mod poison;
pub mod process;
pub mod report;
pub mod run;
pub mod source;
pub mod watch;
pub mod well_formed;
pub mod worker;

/// The Rust snippets in SECURITY.md.
#[cfg(doctest)]
#[doc = include_str!("../../../../SECURITY.md")]
struct Security;
