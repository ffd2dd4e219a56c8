//! What the codec costs where it is used: in a producer and a consumer of librdkafka's.
//!
//! [`measure`] gives a [`Report`]; the program of this package prints it as a table or as JSON.

mod callgrind;
mod glue;
mod share;
mod spread;
mod table;
mod traffic;

pub use glue::{GlueRow, GlueWork};
pub use share::Share;
pub use spread::Spread;
pub use traffic::{Carrier, TrafficRow};

use rdkafka_sys as _;
use serde::Serialize;
use std::path::PathBuf;
use tracebaton_ffi as _;

/// Why something could not be measured.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How often each carrier has its turn; the carriers take turns, so that noise meets all alike.
    pub rounds: usize,
    /// Records in one turn.
    pub records: u64,
    /// Bytes of a record's value, 1 to 512.
    pub payload_size: u64,
    /// This package's program, to count its instructions under callgrind; none to leave them out.
    pub counted_program: Option<PathBuf>,
}

impl Plan {
    /// Half a minute.
    pub fn quick() -> Self {
        Self { rounds: 5, records: 50_000, payload_size: 100, counted_program: None }
    }

    /// Several minutes.
    pub fn full() -> Self {
        Self { rounds: 25, records: 200_000, ..Self::quick() }
    }
}

/// All that was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// A producer and a consumer with each carrier.
    pub traffic: Vec<TrafficRow>,
    /// The glue by itself.
    pub glue: Vec<GlueRow>,
    /// The codec's part of the instructions; none if they were not counted.
    pub share: Option<Share>,
}

impl Report {
    /// The report as tables of Markdown.
    pub fn to_markdown(&self) -> String {
        table::markdown(self)
    }
}

/// Measures all.
///
/// It starts processes by `fork`, so call it while there is one thread.
///
/// # Errors
///
/// If a client, the broker or callgrind fails, or if a record did not carry what it should.
pub fn measure(plan: &Plan) -> Result<Report, Error> {
    Ok(Report {
        traffic: traffic::measure(plan)?,
        glue: glue::measure(plan)?,
        share: plan.counted_program.as_deref().map(share::count).transpose()?,
    })
}

/// Runs what callgrind counts: `traffic NUMBER` for records that carry a context, or `extract NUMBER`, `inject NUMBER`.
///
/// # Errors
///
/// If there is no such work, or it fails.
pub fn run_counted(work: &str, times: u64) -> Result<(), Error> {
    match work {
        "traffic" => traffic::run_for_callgrind(times),
        _ => glue::run_for_callgrind(work, times),
    }
}
