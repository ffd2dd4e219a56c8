//! Records with good and bad trace headers through two hops, while the brokers fail.
//!
//! A source sends records to librdkafka's mock cluster; two services send each on in the same trace, one of them in C
//! with `tracebaton_rdkafka.h`, the other in Rust with `tracebaton-rdkafka`; a consumer reads it. Whoever reads a record
//! holds its verdicts, its parent, its lists and all its headers against what the oracle makes of what was sent. One
//! record in five is poison. Meanwhile [faults] are injected, and a [watchdog](watch) looks on.

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
