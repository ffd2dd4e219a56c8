//! Runs packed conformance vectors through the Rust API, without the standard library, in 16 KiB of memory.
//!
//! The README of the vectors describes the operations. Here their arguments have this sequence:
//!
//! | operation | arguments |
//! | --- | --- |
//! | `extract` | headers, digits of the child's span id |
//! | `extract_joined` | headers |
//! | `tracestate_get` | tracestate, key |
//! | `tracestate_insert` | tracestate, key, value, buffer or null |
//! | `tracestate_delete` | tracestate, key, buffer or null |
//! | `tracestate_truncate` | tracestate, limit, buffer or null |
//! | `baggage_get` `baggage_remove` | baggage, key |
//! | `baggage_set` | baggage, key, value |
//! | `baggage_build` | buffer or null, a list: for each step whether it is a property, key, value or null |
//! | `span_context_child` | traceparent, tracestate, span id, sampled or null |
//! | `restart` | traceparent or null, tracestate or null, trace id, span id, sampled, random |
//! | `trust` | choice, sampled or null, headers |
//! | `queue_time` | timestamp, kind, consumed |
//! | `inject` | traceparent, tracestate, baggage, what it carries (each or null), whether to keep, capacity or null, whether read-only, headers |
//!
//! Headers are a list: name, value or null, name, and so on.
#![no_std]
#![forbid(unsafe_code)]

mod baggage;
mod context;
mod extracted;
mod formats;
mod injected;
mod record;
mod tally;
mod tracestate;

pub use record::{Full, Record, extract_record, inject_record};
pub use tally::Tally;

use core::fmt;
use tracebaton::{Baggage, TraceState};
use tracebaton_test_embedded_rows::{Atoms, Comparison, Row};

/// Observes the calls whose stack is measured.
pub trait Watch {
    /// Runs an extraction.
    fn extract<T>(&mut self, run: impl FnOnce() -> T) -> T {
        run()
    }

    /// Runs an injection.
    fn inject<T>(&mut self, run: impl FnOnce() -> T) -> T {
        run()
    }
}

/// Observes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// A buffer that is large enough for every result.
pub type Buffer = [u8; TraceState::MAX_LENGTH + 1];
/// A buffer of zeros.
pub const EMPTY: Buffer = [0; TraceState::MAX_LENGTH + 1];
const _: () = assert!(TraceState::MAX_LENGTH == Baggage::MAX_LENGTH);

/// Runs one row and returns whether it passed; differences are written to `report`.
pub fn run(row: Row<'_>, buffer: &mut Buffer, watch: &mut impl Watch, report: &mut dyn fmt::Write) -> bool {
    let mut outcome = Comparison::new(row, report);
    let mut arguments = row.arguments;
    if operate(row.operation, &mut arguments, buffer, watch, &mut outcome).is_none() {
        outcome.refuse("has an operation that this runner does not know");
    }
    outcome.passed()
}

fn operate(
    operation: &[u8],
    arguments: &mut Atoms<'_>,
    buffer: &mut Buffer,
    watch: &mut impl Watch,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    match operation {
        b"extract" => extracted::extract(arguments, buffer, watch, outcome),
        b"extract_joined" => extracted::extract_joined(arguments, buffer, watch, outcome),
        b"inject" => injected::inject(arguments, watch, outcome),
        b"strip" => injected::strip(arguments, outcome),
        b"tracestate_get" => tracestate::get(arguments, outcome),
        b"tracestate_insert" => tracestate::insert(arguments, buffer, outcome),
        b"tracestate_delete" => tracestate::delete(arguments, buffer, outcome),
        b"tracestate_truncate" => tracestate::truncate(arguments, buffer, outcome),
        b"baggage_get" => baggage::get(arguments, buffer, outcome),
        b"baggage_set" => baggage::set(arguments, buffer, outcome),
        b"baggage_remove" => baggage::remove(arguments, buffer, outcome),
        b"baggage_build" => baggage::build(arguments, buffer, outcome),
        b"span_context_child" => context::child(arguments, outcome),
        b"restart" => context::restart(arguments, outcome),
        b"trust" => context::trust(arguments, outcome),
        b"queue_time" => context::queue_time(arguments, outcome),
        b"choose" => formats::choose(arguments, outcome),
        b"format_of" => formats::format_of(arguments, outcome),
        b"strip_formats" => formats::strip(arguments, outcome),
        b"inject_formats" => formats::inject(arguments, outcome),
        b"raw_headers" => formats::raw_headers(arguments, outcome),
        _ => None,
    }
}

/// The first bytes of a buffer; all of them, unless the row limits the size.
fn room(buffer: &mut Buffer, size: Option<usize>) -> Option<&mut [u8]> {
    buffer.get_mut(..size.unwrap_or(TraceState::MAX_LENGTH))
}
