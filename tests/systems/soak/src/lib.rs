//! Sends records with valid and invalid trace headers through two hops, while the brokers fail.
//!
//! A source sends records to librdkafka's mock cluster. Two services forward each record in the same trace, one in C
//! with `tracebaton_rdkafka.h`, the other in Rust with `tracebaton-rdkafka`. A consumer reads the records. Every
//! reader compares the verdicts, the parent, the lists and all headers with the oracle's reading of the sent record.
//! One record in five is invalid. Meanwhile [faults] are injected, and a [watchdog](watch) supervises the run.

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

/// What SECURITY.md shows in Rust.
#[cfg(doctest)]
#[doc = include_str!("../../../../SECURITY.md")]
struct Security;
