//! Chooses the parent among the formats of a record, and lists the other formats (F12).

use super::context::{FormatContext, FormatError, Sampling};
use super::format::{Format, Formats};
use super::reader::ChoiceReader;
use super::slot::Slot;
use crate::{Context, Extracted, Header, SpanContext, TraceId, TraceParent, TraceState, Verdict};

/// Finds the parent of a record: the first format of `order` that names a parent wins ([F2], [F12]).
///
/// Never fails, like [`extract`](crate::extract). Formats that are not in `order` are not read. Parts of two formats
/// are never merged.
///
/// ```
/// use tracebaton::Header;
/// use tracebaton::formats::{Format, Outcome, choose};
///
/// let headers = [
///     Header::new("x-datadog-trace-id", "1"),
///     Header::new("x-datadog-parent-id", "2"),
///     Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
/// ];
/// let choice = choose(headers, &[Format::TraceContext, Format::Datadog]);
/// assert_eq!(choice.arrived_as(), Some(Format::TraceContext));
/// let other = choice.others().next().unwrap();
/// assert_eq!(other.format, Format::Datadog);
/// assert!(matches!(other.outcome, Outcome::OtherTrace(_))); // a conflict
/// ```
#[doc = include_str!("../guides/rules.md")]
#[inline]
pub fn choose<'a>(headers: impl IntoIterator<Item = Header<'a>>, order: &'a [Format]) -> Choice<'a> {
    let mut choice = Choice::of(ChoiceReader::new(order));
    headers.into_iter().for_each(|header| choice.reader.add(header));
    choice.choose();
    choice
}

/// Result of [`choose`]: the parent that was chosen, and the other formats that the record has.
///
/// ```
/// # use tracebaton::*;
/// use tracebaton::formats::{Format, Outcome, Sampling, choose};
///
/// let headers = [
///     Header::new("b3", "0"),
///     Header::new("X-B3-TraceId", "80f198ee56343ba864fe8b2a57d3eff7"),
///     Header::new("X-B3-SpanId", "e457b5a2e4d86bd1"),
///     Header::new("baggage", "tenant=7"),
/// ];
/// let choice = choose(headers, &[Format::TraceContext, Format::B3, Format::B3Multi]);
/// assert_eq!(choice.arrived_as(), Some(Format::B3Multi));
/// assert_eq!(choice.sampling(), Some(Sampling::Defer));
/// assert_eq!(choice.context(true).baggage.as_bytes(), b"tenant=7");
/// let other = choice.others().next().unwrap();
/// assert_eq!((other.format, other.index), (Format::B3, 0));
/// assert_eq!(other.outcome, Outcome::Decision(Sampling::Deny));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice<'a> {
    /// The verdicts on the three headers of W3C, whichever format was chosen. Its `traceparent` is the parent only if
    /// W3C was chosen. Baggage belongs to no format and is always read.
    pub w3c: Extracted<'a>,
    pub(super) reader: ChoiceReader<'a>,
    arrived_as: Option<Format>,
}

impl<'a> ChoiceReader<'a> {
    /// The choice, made when the headers have been read.
    #[inline]
    pub fn finish(self) -> Choice<'a> {
        let mut choice = Choice::of(self);
        choice.choose();
        choice
    }
}

impl<'a> Choice<'a> {
    /// Nothing has been chosen yet.
    #[inline(always)]
    pub(super) fn of(reader: ChoiceReader<'a>) -> Self {
        Self { w3c: Extracted::none(), reader, arrived_as: None }
    }

    /// Chooses among the headers that the reader has found. No value is copied.
    #[inline]
    pub(super) fn choose(&mut self) {
        if self.reader.seen == Formats::NONE {
            return;
        }
        if let Some(w3c) = self.reader.w3c() {
            self.w3c = w3c.finish_shared();
        }
        let mut seen = self.reader.order.iter().filter(|format| self.reader.seen.contains(**format));
        self.arrived_as = seen.find(|format| self.parent_in(**format).is_some()).copied();
    }

    /// The format that names the parent. Returns `None` if the record has no parent.
    #[inline]
    pub const fn arrived_as(&self) -> Option<Format> {
        self.arrived_as
    }

    /// The verdict on the headers of a format. The headers are read by this call.
    ///
    /// A format is absent if it was not in the order or cannot be read.
    pub fn verdict(&self, format: Format) -> Verdict<FormatContext, FormatError> {
        match self.w3c.traceparent {
            _ if format as u32 != Format::TraceContext as u32 => self.reader.verdict(format),
            _ if !self.reader.order.contains(&format) => Verdict::Absent,
            Verdict::Absent => Verdict::Absent,
            Verdict::Accepted { index, value } => Verdict::Accepted { index, value: value.into() },
            Verdict::Refused { index, error } => Verdict::Refused { index, error: error.into() },
        }
    }

    fn parent_in(&self, format: Format) -> Option<FormatContext> {
        self.verdict(format).accepted().filter(|context| context.ids.is_some())
    }

    /// The parent. Returns `None` if no format of the order names one.
    ///
    /// `if_deferred` is used as sampled flag if the producer deferred the sampling decision.
    pub fn span_context(&self, if_deferred: bool) -> Option<SpanContext<'a>> {
        match self.arrived_as? {
            Format::TraceContext => self.w3c.context().span_context,
            format => self.parent_in(format).and_then(|parent| parent.span_context(if_deferred)),
        }
    }

    /// The context: the parent and the baggage.
    pub fn context(&self, if_deferred: bool) -> Context<'a> {
        let span_context = self.span_context(if_deferred);
        Context { span_context, baggage: self.w3c.baggage.accepted().unwrap_or_default() }
    }

    /// The sampling decision of the parent. Without a parent it is the decision of the first format in the order that
    /// has one.
    pub fn sampling(&self) -> Option<Sampling> {
        let decisions = || self.reader.order.iter().find_map(|format| self.verdict(*format).accepted());
        let context = match self.arrived_as {
            Some(format) => self.parent_in(format),
            None => decisions(),
        };
        context.map(|context| context.sampling)
    }

    /// The other formats of the order that the record has, in the same order, each once.
    pub fn others(&self) -> impl Iterator<Item = Other> {
        let chosen = self.arrived_as.and_then(|format| self.parent_in(format)).and_then(|parent| parent.ids);
        let mut listed = self.arrived_as.map_or(Formats::NONE, Formats::from);
        let others = self.reader.order.iter().copied().filter(move |format| {
            let is_new = !listed.contains(*format);
            listed = listed.with(*format);
            is_new
        });
        others.filter_map(move |format| match self.verdict(format) {
            Verdict::Absent => None,
            Verdict::Refused { index, error } => {
                Some(Other { format, index, outcome: Outcome::Refused(error) })
            }
            Verdict::Accepted { index, value } => {
                let outcome = match (value.ids, chosen) {
                    (None, _) => Outcome::Decision(value.sampling),
                    (Some((trace, _)), Some((chosen, _))) if is_same_trace(trace, chosen) => {
                        Outcome::SameTrace(value)
                    }
                    _ => Outcome::OtherTrace(value),
                };
                Some(Other { format, index, outcome })
            }
        })
    }

    /// The span where an event originated (CloudEvents): a span to link to, never the parent ([F11]).
    ///
    /// Returns `None` unless [`Format::CloudEvents`] is in the order.
    ///
    #[doc = include_str!("../guides/rules.md")]
    pub fn origin(&self) -> Option<SpanContext<'a>> {
        let parent = TraceParent::parse(self.reader.value(Slot::CeTraceParent)?).ok()?;
        let state = self.reader.value(Slot::CeTraceState);
        let state = state.and_then(|state| TraceState::parse(state).ok());
        Some(SpanContext::remote(&parent, state.unwrap_or_default()))
    }
}

/// One format that a record has beside the chosen one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Other {
    /// The format.
    pub format: Format,
    /// Index in the record, from 0, of the header with the trace id; of the one with the decision if the format has no
    /// ids; of the one at fault if it is refused.
    pub index: usize,
    /// Why the format was not chosen.
    pub outcome: Outcome,
}

/// Why a format was not chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It names a span of the same trace. A trace id of 64 bits equals a longer one with the same lower half.
    SameTrace(FormatContext),
    /// It names a span of another trace: a conflict.
    OtherTrace(FormatContext),
    /// It has a sampling decision and no ids.
    Decision(Sampling),
    /// It breaks a rule.
    Refused(FormatError),
}

/// Formats with ids of 64 bits lose the upper half of the trace id.
fn is_same_trace(one: TraceId, other: TraceId) -> bool {
    let [one, other] = [one, other].map(|id| u128::from_be_bytes(id.to_bytes()));
    let is_short = one >> 64 == 0 || other >> 64 == 0;
    one == other || is_short && one as u64 == other as u64
}
