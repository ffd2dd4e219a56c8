//! Compares an arrived record with its case.

use crate::cases::Case;
use crate::pattern::{Outcome, Parent, Pattern, Reading};
use crate::payload::Payload;
use std::ffi::CStr;
use tracebaton::{Extracted, Verdict, Violation};
use tracebaton_ffi::{
    tracebaton_extracted_t, tracebaton_status_name, tracebaton_status_t, tracebaton_verdict_t,
};

/// The fault of a record.
#[derive(Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It has no context and should have one.
    Orphan,
    /// It differs from its case in this way.
    Mismatch(String),
}

/// A header as librdkafka shows it: its name up to the first NUL, and its value, which may be null.
pub type Seen<'a> = (&'a [u8], Option<&'a [u8]>);

/// Compares a record that was read at this stage with its case.
///
/// # Errors
///
/// The first fault.
pub fn check<'a>(
    case: &Case,
    payload: &Payload,
    stage: usize,
    reading: &Reading,
    headers: impl Iterator<Item = Seen<'a>>,
) -> Result<(), Flaw> {
    let pattern = case.arriving(stage);
    let parent = pattern.parent(payload, stage);
    if parent.is_some() && reading.outcomes[0] == Outcome::Absent {
        return Err(Flaw::Orphan);
    }
    equal("parent", &parent, &reading.parent)?;
    let outcomes =
        |of: &Reading| of.outcomes.map(|it| if case.names_are_whole { it } else { it.without_index() });
    equal("verdicts", &outcomes(&pattern.reading), &outcomes(reading))?;
    equal("tracestate", &pattern.reading.tracestate, &reading.tracestate)?;
    equal("baggage", &pattern.reading.baggage, &reading.baggage)?;
    if case.names_are_whole { check_headers(pattern, payload, stage, headers) } else { Ok(()) }
}

fn check_headers<'a>(
    pattern: &Pattern,
    payload: &Payload,
    stage: usize,
    headers: impl Iterator<Item = Seen<'a>>,
) -> Result<(), Flaw> {
    let (mut buffer, mut count) = (Vec::new(), 0);
    for (index, (name, value)) in headers.enumerate() {
        count += 1;
        let Some(expected) = pattern.headers.get(index) else { continue };
        if name != expected.name || value != expected.value(payload, stage, &mut buffer) {
            return Err(Flaw::Mismatch(format!("header {index} differs from the sent one")));
        }
    }
    equal("count of headers", &pattern.headers.len(), &count)
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, actual: &T) -> Result<(), Flaw> {
    if expected == actual {
        return Ok(());
    }
    Err(Flaw::Mismatch(format!("{what}: {expected:?} expected, {actual:?} read")))
}

impl Reading {
    /// The result of the Rust API.
    pub fn of_rust(extracted: &Extracted<'_>) -> Self {
        let context = extracted.context();
        let parent = context.span_context.map(|of| Parent {
            trace_id: of.trace_id.to_bytes(),
            span_id: of.span_id.to_bytes(),
            flags: of.trace_flags.to_byte(),
        });
        let tracestate = context.span_context.map(|of| of.trace_state.as_bytes()).unwrap_or_default();
        Self {
            outcomes: [
                outcome(&extracted.traceparent, |error| (error.rule.name(), error.offset)),
                outcome(&extracted.tracestate, |error| (error.rule.name(), error.offset)),
                outcome(&extracted.baggage, |error| (error.rule.name(), error.offset)),
            ],
            parent,
            tracestate: tracestate.to_vec(),
            baggage: context.baggage.as_bytes().to_vec(),
        }
    }

    /// The result of the C library.
    ///
    /// # Safety
    ///
    /// The pointers in `extracted` must point into headers that still exist.
    pub unsafe fn of_c(extracted: &tracebaton_extracted_t) -> Self {
        let context = &extracted.context;
        let bytes = |start: *const std::ffi::c_char, size: usize| match size {
            0 => Vec::new(),
            // SAFETY: the caller promises it.
            _ => unsafe { std::slice::from_raw_parts(start.cast::<u8>(), size) }.to_vec(),
        };
        let (trace_id, span_id, flags) = (context.trace_id.bytes, context.span_id.bytes, context.trace_flags);
        let parent = (span_id != [0; 8]).then_some(Parent { trace_id, span_id, flags });
        Self {
            outcomes: [&extracted.traceparent, &extracted.tracestate, &extracted.baggage].map(c_outcome),
            parent,
            tracestate: bytes(context.tracestate, context.tracestate_size),
            baggage: bytes(context.baggage, context.baggage_size),
        }
    }
}

fn outcome<T, R>(
    verdict: &Verdict<T, Violation<R>>,
    broken: impl Fn(&Violation<R>) -> (&'static str, usize),
) -> Outcome {
    match verdict {
        Verdict::Absent => Outcome::Absent,
        Verdict::Accepted { index, .. } => Outcome::Accepted(*index),
        Verdict::Refused { index, error, .. } => {
            let (rule, offset) = broken(error);
            Outcome::Refused(*index, rule, offset)
        }
    }
}

fn c_outcome(verdict: &tracebaton_verdict_t) -> Outcome {
    /// `TRACEBATON_ABSENT`
    const ABSENT: tracebaton_status_t = 2;
    match verdict.status {
        0 => Outcome::Accepted(verdict.index),
        ABSENT => Outcome::Absent,
        status => {
            // SAFETY: the library returns a static string for every number.
            let name = unsafe { CStr::from_ptr(tracebaton_status_name(status)) };
            Outcome::Refused(verdict.index, name.to_str().unwrap_or("?"), verdict.offset as usize)
        }
    }
}
