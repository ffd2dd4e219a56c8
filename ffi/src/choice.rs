//! Chooses the parent of a record among several formats.

use crate::context::{parent_status, tracebaton_context_t};
use crate::extract::tracebaton_verdict_t;
use crate::formats::{
    borrowed, format_from, rule_code, sampling_code, tracebaton_format, tracebaton_format_rule_t,
    tracebaton_format_t, tracebaton_sampling_t,
};
use crate::header::tracebaton_header_t;
use crate::id::{tracebaton_span_id_t, tracebaton_trace_id_t};
use crate::memory::{Argument, FIRST, FOURTH, SECOND, SIXTH, THIRD, slice, zeroed};
use crate::status::{Outcome, status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::TRACEBATON_ABSENT;
use core::ffi::c_uchar;
use tracebaton::formats::{self, Choice, ChoiceReader, Format, FormatContext, Other};
use tracebaton::{Baggage, Context};

/// @brief Maximum count of formats that can name a parent.
pub const TRACEBATON_MAX_READABLE_FORMATS: usize = 8;

/// @brief Why a format was not chosen: one of enum tracebaton_outcome.
pub type tracebaton_outcome_t = i32;

/// @brief The reasons why a format was not chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum tracebaton_outcome {
    /// It names a span of the same trace. A trace id of 64 bits equals a longer one with the same lower half.
    TRACEBATON_OUTCOME_SAME_TRACE = 1,
    /// It names a span of another trace: a conflict.
    TRACEBATON_OUTCOME_OTHER_TRACE = 2,
    /// It has a sampling decision and no ids.
    TRACEBATON_OUTCOME_DECISION = 3,
    /// It breaks a rule.
    TRACEBATON_OUTCOME_REFUSED = 4,
}

/// @brief One format that a record has beside the chosen one.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_other_t {
    /// Id of the trace that the format names; zeros if it names none.
    pub trace_id: tracebaton_trace_id_t,
    /// Id of the span that the format names; zeros if it names none.
    pub span_id: tracebaton_span_id_t,
    /// The format: one of enum tracebaton_format.
    pub format: tracebaton_format_t,
    /// Why the format was not chosen: one of enum tracebaton_outcome.
    pub outcome: tracebaton_outcome_t,
    /// Its sampling decision: one of enum tracebaton_sampling.
    pub sampling: tracebaton_sampling_t,
    /// The rule that it breaks if it was refused; tracebaton_format_rule_name() gives the name.
    pub rule: tracebaton_format_rule_t,
    /// Offset in the header's value, in bytes, at which it breaks the rule.
    pub offset: u32,
    /// Reserved: zeros, which are not read.
    pub reserved: u32,
    /// Index in the record, from 0, of the header with the trace id; of the one with the decision if the format has no
    /// ids; of the one at fault if it is refused.
    pub index: usize,
}

impl tracebaton_other_t {
    /// Fills a zeroed struct.
    fn fill(&mut self, other: &Other) {
        self.format = tracebaton_format::from(other.format) as tracebaton_format_t;
        self.index = other.index;
        let outcome = match other.outcome {
            formats::Outcome::SameTrace(context) => {
                self.name(&context);
                tracebaton_outcome::TRACEBATON_OUTCOME_SAME_TRACE
            }
            formats::Outcome::OtherTrace(context) => {
                self.name(&context);
                tracebaton_outcome::TRACEBATON_OUTCOME_OTHER_TRACE
            }
            formats::Outcome::Decision(sampling) => {
                self.sampling = sampling_code(sampling);
                tracebaton_outcome::TRACEBATON_OUTCOME_DECISION
            }
            formats::Outcome::Refused(error) => {
                self.rule = rule_code(error.rule);
                self.offset = u32::try_from(error.offset).unwrap_or(u32::MAX);
                tracebaton_outcome::TRACEBATON_OUTCOME_REFUSED
            }
        };
        self.outcome = outcome as tracebaton_outcome_t;
    }

    fn name(&mut self, context: &FormatContext) {
        if let Some((trace_id, span_id)) = context.ids {
            self.trace_id.bytes = trace_id.to_bytes();
            self.span_id.bytes = span_id.to_bytes();
        }
        self.sampling = sampling_code(context.sampling);
    }
}

/// @brief Result of tracebaton_headers_choose(): the parent, and the other formats that the record has.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_choice_t {
    /// The parent and the record's baggage. Fields that neither sets are zeros. Its pointers point into the record's values.
    pub context: tracebaton_context_t,
    /// The span where the event originated, if TRACEBATON_FORMAT_CLOUDEVENTS is in the order. Link to it; it is never
    /// the parent.
    pub origin: tracebaton_context_t,
    /// Verdict on the traceparent header, whichever format was chosen.
    pub traceparent: tracebaton_verdict_t,
    /// Verdict on the tracestate header. It is absent as well if no traceparent was accepted.
    pub tracestate: tracebaton_verdict_t,
    /// Verdict on the baggage header.
    pub baggage: tracebaton_verdict_t,
    /// Format that names the parent: one of enum tracebaton_format; TRACEBATON_FORMAT_NONE if there is no parent.
    pub arrived_as: tracebaton_format_t,
    /// Sampling decision of the parent: one of enum tracebaton_sampling. Without a parent it is that of the first
    /// format in the order that has a decision.
    pub sampling: tracebaton_sampling_t,
    /// Rule that a header breaks which was ignored beside the valid ids of the chosen format: Datadog's _dd.p.tid in
    /// x-datadog-tags, or Instana's level; 0 if there is none.
    pub ignored_rule: tracebaton_format_rule_t,
    /// Offset in that header's value, in bytes.
    pub ignored_offset: u32,
    /// Number of elements of \p others.
    pub other_count: usize,
    /// The other formats of the order that the record has, in the same order.
    pub others: [tracebaton_other_t; TRACEBATON_MAX_READABLE_FORMATS],
}

impl tracebaton_choice_t {
    /// Fills a zeroed struct.
    fn fill(&mut self, choice: &Choice<'_>, if_deferred: bool) {
        self.context.fill(&choice.context(if_deferred));
        self.origin.fill(&Context::new(choice.origin(), Baggage::EMPTY));
        let _ = self.traceparent.set(&choice.w3c.traceparent);
        let _ = self.tracestate.set(&choice.w3c.tracestate);
        let _ = self.baggage.set(&choice.w3c.baggage);
        if let Some(format) = choice.arrived_as() {
            self.arrived_as = tracebaton_format::from(format) as tracebaton_format_t;
            if let Some(FormatContext { ignored: Some(error), .. }) = choice.verdict(format).accepted() {
                self.ignored_rule = rule_code(error.rule);
                self.ignored_offset = u32::try_from(error.offset).unwrap_or(u32::MAX);
            }
        }
        self.sampling = choice.sampling().map_or(0, sampling_code);
        let places = self.others.iter_mut().zip(choice.others());
        self.other_count = places.map(|(place, other)| place.fill(&other)).count();
    }
}

/// @brief Finds the parent of a record in the headers of several formats. The first format that names a parent wins.
///
/// Never fails on the bytes of headers. Parts of two formats are never merged. Baggage is read whichever format is
/// chosen. A program that reads W3C alone calls tracebaton_headers_extract() instead, and then links none of this
/// code.
///
/// @param headers Headers of the record. May be NULL if \p header_count is 0.
/// @param header_count Number of headers.
/// @param order The formats, each one of enum tracebaton_format, the preferred one first. May be NULL if \p
/// order_count is 0.
/// @param order_count Number of formats.
/// @param if_deferred Sampled flag if the producer deferred the sampling decision: 1 sets it, 0 clears it.
/// @param choice (out) The parent and the other formats. Its pointers point into the values of \p headers.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no format names a parent; \p choice may still have baggage.
/// Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_choose(
    headers: *const tracebaton_header_t,
    header_count: usize,
    order: *const tracebaton_format_t,
    order_count: usize,
    if_deferred: c_uchar,
    choice: *mut tracebaton_choice_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let mut formats = [Format::TraceContext; Format::ALL.len()];
        let order = order_of(THIRD, slice(THIRD, order, FOURTH, order_count)?, &mut formats)?;
        let mut reader = ChoiceReader::new(order);
        for header in slice(FIRST, headers, SECOND, header_count)? {
            reader.add(borrowed(header));
        }
        finish(&reader.finish(), if_deferred, SIXTH, choice, |index| index)
    })
}

/// Writes a choice. Its indexes are those of the reader's headers; `index_of` converts them to indexes of the record.
///
/// # Safety
///
/// As [`zeroed`].
pub(crate) unsafe fn finish(
    found: &Choice<'_>,
    if_deferred: c_uchar,
    argument: Argument,
    choice: *mut tracebaton_choice_t,
    index_of: impl Fn(usize) -> usize,
) -> Outcome {
    // SAFETY: the caller's promise.
    let choice = unsafe { zeroed(argument, choice) }?;
    choice.fill(found, if_deferred != 0);
    choice.others.iter_mut().take(choice.other_count).for_each(|other| other.index = index_of(other.index));
    let verdicts = [&mut choice.traceparent, &mut choice.tracestate, &mut choice.baggage];
    for verdict in verdicts.into_iter().filter(|verdict| verdict.status != TRACEBATON_ABSENT.code()) {
        verdict.index = index_of(verdict.index);
    }
    Ok(parent_status(found.arrived_as().is_some()))
}

/// The formats with these numbers, each one once.
pub(crate) fn order_of<'f>(
    argument: Argument,
    numbers: &[tracebaton_format_t],
    formats: &'f mut [Format; Format::ALL.len()],
) -> Result<&'f [Format], tracebaton_status> {
    let mut count = 0;
    for number in numbers {
        let format = format_from(*number, argument)?;
        if formats.iter().take(count).all(|other| *other != format)
            && let Some(place) = formats.get_mut(count)
        {
            *place = format;
            count += 1;
        }
    }
    Ok(formats.get(..count).unwrap_or_default())
}
