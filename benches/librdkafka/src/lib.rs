//! The cost of the codec in a producer and a consumer that use librdkafka.
//!
//! [`measure`] returns a [`Report`]; the program of this package prints it as tables or as JSON.

mod callgrind;
mod glue;
mod kafka;
mod share;
mod spread;
mod table;
mod traffic;

pub use glue::{GlueRow, GlueWork};
pub use kafka::measure_kafka;
pub use share::Share;
pub use spread::Spread;
pub use traffic::{Carrier, TrafficRow};

use rdkafka_sys as _;
use serde::Serialize;
use std::path::PathBuf;
use tracebaton_ffi as _;

/// Why a measurement failed.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The extent of a measurement.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many rounds each carrier has. The carriers alternate, so that noise affects all of them.
    pub rounds: usize,
    /// Records in one round.
    pub records: u64,
    /// Size of a record's value in bytes, 1 to 1024.
    pub payload_size: u64,
    /// This package's program, whose instructions are counted under callgrind; `None` to count none.
    pub counted_program: Option<PathBuf>,
}

impl Plan {
    /// Takes half a minute.
    pub fn quick() -> Self {
        Self { rounds: 5, records: 50_000, payload_size: 100, counted_program: None }
    }

    /// Takes several minutes.
    pub fn full() -> Self {
        Self { rounds: 25, records: 200_000, ..Self::quick() }
    }
}

/// All measurements.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// A producer and a consumer, for each carrier.
    pub traffic: Vec<TrafficRow>,
    /// The glue alone.
    pub glue: Vec<GlueRow>,
    /// The codec's share of the instructions; `None` if they were not counted.
    pub share: Option<Share>,
}

impl Report {
    /// The report as tables of Markdown.
    pub fn to_markdown(&self) -> String {
        table::markdown(self)
    }
}

/// Measures everything.
///
/// It starts processes by `fork`, so call it while the process has one thread.
///
/// # Errors
///
/// If a client, the broker or callgrind fails, or a record does not have the expected headers.
pub fn measure(plan: &Plan) -> Result<Report, Error> {
    Ok(Report {
        traffic: traffic::measure(plan)?,
        glue: glue::measure(plan)?,
        share: plan.counted_program.as_deref().map(share::count).transpose()?,
    })
}

/// Runs a work for callgrind: `traffic NUMBER` sends records with a context; `extract NUMBER` and `inject NUMBER` run
/// the glue.
///
/// # Errors
///
/// If the work is unknown or fails.
pub fn run_counted(work: &str, times: u64) -> Result<(), Error> {
    match work {
        "traffic" => traffic::run_for_callgrind(times),
        _ => glue::run_for_callgrind(work, times),
    }
}
