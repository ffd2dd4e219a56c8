//! Real programs on a real Apache Kafka.
//!
//! - [`driver`] starts the programs of the matrix, tells them what to do over [`protocol`], and compares.
//! - [`formats`] does the same for the tracers that have formats of their own.
//! - [`faults`] lets a broker fail while records flow.
//! - [`receiver`] asks a tracing backend for the traces of the demo.
//!
//! The rest serves these, and the two programs of the matrix that are written in Rust.

use std::path::Path;

pub mod broker;
pub mod cleanup;
pub mod contexts;
pub mod driver;
pub mod faults;
pub mod formats;
pub mod kafka;
pub mod process;
pub mod protocol;
pub mod receiver;
pub mod telemetry;

/// The folder of this package, which holds the programs of the matrix.
pub fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
