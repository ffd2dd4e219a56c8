//! The glue alone, with librdkafka's header lists; only the hop needs a broker.

use crate::callgrind;
use crate::{Error, Plan, Spread};
use serde::Serialize;
use std::path::Path;

/// How often a work is repeated in one round, for each record of the other measurements.
const TIMES_PER_RECORD: u64 = 4;
const COUNTED: u64 = 2_000;

/// One of the works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[repr(i32)]
pub enum GlueWork {
    /// Read the context of 8 headers, the last three of them `traceparent`, a `tracestate` of 2 members, and `baggage`.
    G1 = 0,
    /// Make a list, write `traceparent` and a `tracestate` of 2 members into it, and destroy it.
    I1 = 1,
    /// The hop of the README: produce a record of a received message with the headers of G1, into the producer's queue.
    H1 = 2,
    /// Copy the list of G1, remove the headers of every format from it, and destroy it.
    S1 = 3,
}

impl GlueWork {
    /// All works.
    pub const ALL: [Self; 4] = [Self::G1, Self::I1, Self::H1, Self::S1];

    fn function(self) -> &'static str {
        match self {
            Self::G1 => "bench_extract",
            Self::I1 => "bench_inject",
            Self::H1 => "bench_hop",
            Self::S1 => "bench_strip",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::G1 => "extract",
            Self::I1 => "inject",
            Self::H1 => "hop",
            Self::S1 => "strip",
        }
    }
}

/// The cost of one work.
#[derive(Clone, Debug, Serialize)]
pub struct GlueRow {
    /// The work.
    pub work: GlueWork,
    /// Nanoseconds of processor time of one repetition.
    pub ns: Spread,
    /// Instructions of one repetition, including librdkafka and the allocator; `None` if they were not counted.
    pub instructions: Option<f64>,
}

unsafe extern "C" {
    fn glue_run(work: i32, times: u64, used: *mut u64) -> u64;
}

/// Returns the processor time in nanoseconds. The sum of the results is never 0.
fn run(work: GlueWork, times: u64) -> Result<u64, Error> {
    let mut used = 0;
    // SAFETY: the number lives until the call returns.
    let sum = unsafe { glue_run(work as i32, times, &raw mut used) };
    if sum < times {
        return Err(format!("{work:?}: there was no context").into());
    }
    Ok(used)
}

pub(crate) fn measure(plan: &Plan) -> Result<Vec<GlueRow>, Error> {
    let times = plan.records * TIMES_PER_RECORD;
    let program = plan.counted_program.as_deref();
    let row = |work: GlueWork| {
        let turns: Vec<_> = (0..plan.rounds).map(|_| run(work, times)).collect::<Result<_, _>>()?;
        let count = |program: &Path| callgrind::inside(program, work.name(), COUNTED, work.function());
        Ok(GlueRow {
            work,
            ns: Spread::of(turns.into_iter().map(|used| used as f64 / times as f64)),
            instructions: program.map(count).transpose()?.map(|count| count as f64 / COUNTED as f64),
        })
    };
    GlueWork::ALL.into_iter().map(row).collect()
}

pub(crate) fn run_for_callgrind(name: &str, times: u64) -> Result<(), Error> {
    let work = GlueWork::ALL.into_iter().find(|work| work.name() == name);
    run(work.ok_or_else(|| format!("{name}: no such work"))?, times).map(drop)
}
