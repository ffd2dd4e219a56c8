//! Choosing the parent of a record among several formats.

use crate::context::{parent_status, tracebaton_context_t};
use crate::formats::{
    borrowed, format_from, rule_code, sampling_code, tracebaton_format, tracebaton_format_rule_t,
    tracebaton_format_t, tracebaton_sampling_t,
};
use crate::header::tracebaton_header_t;
use crate::id::{tracebaton_span_id_t, tracebaton_trace_id_t};
use crate::memory::{Argument, FIRST, FOURTH, SECOND, SIXTH, THIRD, slice, zeroed};
use crate::status::{Outcome, status_of, tracebaton_status, tracebaton_status_t};
use core::ffi::c_uchar;
use tracebaton::formats::{self, Choice, ChoiceReader, Format, FormatContext, Other};
use tracebaton::{Baggage, Context};

/// @brief Most formats that can name a parent.
pub const TRACEBATON_MAX_READABLE_FORMATS: usize = 8;

/// @brief What became of a format beside the chosen one: one of enum tracebaton_outcome.
pub type tracebaton_outcome_t = i32;

/// @brief What can become of a format beside the chosen one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum tracebaton_outcome {
    /// It names a span of the parent's trace. A trace id of 64 bits is the same as a longer one with that lower half.
    TRACEBATON_OUTCOME_SAME_TRACE = 1,
    /// A conflict: it names a span of another trace.
    TRACEBATON_OUTCOME_OTHER_TRACE = 2,
    /// It has a sampling decision and no ids.
    TRACEBATON_OUTCOME_DECISION = 3,
    /// It breaks a rule.
    TRACEBATON_OUTCOME_REFUSED = 4,
}

/// @brief One format of a record beside the chosen one.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_other_t {
    /// The trace that it names; zeros if it names none.
    pub trace_id: tracebaton_trace_id_t,
    /// The span that it names; zeros if it names none.
    pub span_id: tracebaton_span_id_t,
    /// The format: one of enum tracebaton_format.
    pub format: tracebaton_format_t,
    /// What became of it: one of enum tracebaton_outcome.
    pub outcome: tracebaton_outcome_t,
    /// Its decision: one of enum tracebaton_sampling.
    pub sampling: tracebaton_sampling_t,
    /// The rule that it breaks, if it is refused: see tracebaton_format_rule_name().
    pub rule: tracebaton_format_rule_t,
    /// Offset in the value, in bytes, at which it breaks the rule.
    pub offset: u32,
    /// Zeros; nothing reads them.
    pub reserved: u32,
    /// Index of its header in the record, from 0: of several, the one at fault or with the trace id.
    pub index: usize,
}

impl tracebaton_other_t {
    /// Fills one of zeros.
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

/// @brief The result of reading one record in several formats: the parent that was chosen, and what else there was.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_choice_t {
    /// The parent and the record's baggage, everything else zeros. Its pointers point into the record's values.
    pub context: tracebaton_context_t,
    /// Where an event began, if TRACEBATON_FORMAT_CLOUDEVENTS was asked for: a span to link to, never the parent.
    pub origin: tracebaton_context_t,
    /// The format in which the parent arrived: one of enum tracebaton_format; TRACEBATON_FORMAT_NONE: there is no parent.
    pub arrived_as: tracebaton_format_t,
    /// Its decision: one of enum tracebaton_sampling. Without a parent: of the first format that has a decision alone.
    pub sampling: tracebaton_sampling_t,
    /// A rule that a header of the chosen format breaks, if the format's own rules leave only that header out.
    pub ignored_rule: tracebaton_format_rule_t,
    /// Offset in that header's value, in bytes.
    pub ignored_offset: u32,
    /// Number of elements of \p others.
    pub other_count: usize,
    /// What became of the other formats that were asked for and have a header, in their order.
    pub others: [tracebaton_other_t; TRACEBATON_MAX_READABLE_FORMATS],
}

impl tracebaton_choice_t {
    /// Fills one of zeros.
    fn fill(&mut self, choice: &Choice<'_>, if_deferred: bool) {
        self.context.fill(&choice.context(if_deferred));
        self.origin.fill(&Context::new(choice.origin(), Baggage::EMPTY));
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

/// @brief Finds the parent of a record in the headers of several formats, of which the first that names one is taken.
///
/// Never fails on the bytes of headers. Nothing of two formats is merged; baggage is read whatever gives the parent. A
/// program that uses tracebaton_headers_extract() instead reads W3C alone, and is not linked with any of this.
///
/// @param headers Headers of the record. May be NULL if \p header_count is 0.
/// @param header_count Number of headers.
/// @param order The formats, each one of enum tracebaton_format, the most wanted first. May be NULL if \p order_count is 0.
/// @param order_count Number of formats.
/// @param if_deferred What the sampled flag is where the sender left the decision open: 1 is set, 0 is not.
/// @param choice (out) The parent, and what became of the other formats. Its pointers point into the values of \p headers.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no format names a parent; there may be baggage all the same.
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
    // SAFETY: the caller keeps the laws of the header.
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

/// Writes a choice. The indexes that it has are those of the reader's headers; `index_of` gives those in the record.
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
    Ok(parent_status(found.arrived_as().is_some()))
}

/// The formats with these numbers, each once.
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
