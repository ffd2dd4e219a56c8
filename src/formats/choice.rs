//! Choosing the parent among the formats of a record, and what else there was (F12).

use super::context::{FormatContext, FormatError, Sampling};
use super::format::{Format, Formats};
use super::reader::ChoiceReader;
use super::slot::Slot;
use crate::{Context, Extracted, Header, SpanContext, TraceId, TraceParent, TraceState, Verdict};

/// Finds the parent of a record in the headers of these formats, of which the first that names one is taken ([F2], [F12]).
///
/// It is total, as [`extract`](crate::extract) is. A format that is not in the order is not read; nothing of two
/// formats is merged.
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

/// The parent that was chosen, and what else the record has.
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
    /// The three headers of W3C. The trace of an accepted `traceparent` is the parent's only if it was chosen; baggage
    /// belongs to no format and is always read.
    pub w3c: Extracted<'a>,
    pub(super) reader: ChoiceReader<'a>,
    arrived_as: Option<Format>,
}

impl<'a> ChoiceReader<'a> {
    /// The choice among what was found.
    #[inline]
    pub fn finish(self) -> Choice<'a> {
        let mut choice = Choice::of(self);
        choice.choose();
        choice
    }
}

impl<'a> Choice<'a> {
    /// Nothing is chosen yet.
    #[inline(always)]
    pub(super) fn of(reader: ChoiceReader<'a>) -> Self {
        Self { w3c: Extracted::none(), reader, arrived_as: None }
    }

    /// Chooses among the headers that the reader has found, which stay where they are: no value is copied.
    #[inline]
    pub(super) fn choose(&mut self) {
        if self.reader.seen == Formats::NONE {
            return;
        }
        if let Some(w3c) = self.reader.w3c() {
            self.w3c = w3c.finish();
        }
        let mut seen = self.reader.order.iter().filter(|format| self.reader.seen.contains(**format));
        self.arrived_as = seen.find(|format| self.parent_in(**format).is_some()).copied();
    }

    /// The format that the parent arrived in; none if the record has no parent.
    #[inline]
    pub const fn arrived_as(&self) -> Option<Format> {
        self.arrived_as
    }

    /// The verdict on the headers of a format, which are read when this is called. A format that was not asked for, or
    /// cannot be read, is absent.
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

    /// The parent; none if no format of the order names one. `if_deferred` is the sampled flag where the sender left the
    /// decision open.
    pub fn span_context(&self, if_deferred: bool) -> Option<SpanContext<'a>> {
        match self.arrived_as? {
            Format::TraceContext => self.w3c.context().span_context,
            format => self.parent_in(format).and_then(|parent| parent.span_context(if_deferred)),
        }
    }

    /// The parent and the baggage.
    pub fn context(&self, if_deferred: bool) -> Context<'a> {
        let span_context = self.span_context(if_deferred);
        Context { span_context, baggage: self.w3c.baggage.accepted().unwrap_or_default() }
    }

    /// The sampling decision of the parent; without a parent, of the first format of the order that has a decision alone.
    pub fn sampling(&self) -> Option<Sampling> {
        let decisions = || self.reader.order.iter().find_map(|format| self.verdict(*format).accepted());
        let context = match self.arrived_as {
            Some(format) => self.parent_in(format),
            None => decisions(),
        };
        context.map(|context| context.sampling)
    }

    /// What the record has in the other formats that were asked for, in their order.
    pub fn others(&self) -> impl Iterator<Item = Other> {
        let chosen = self.arrived_as.and_then(|format| self.parent_in(format)).and_then(|parent| parent.ids);
        let others = self.reader.order.iter().copied().filter(|format| Some(*format) != self.arrived_as);
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

    /// Where an event began (CloudEvents): a span to link to, never the parent ([F11]). None unless
    /// [`Format::CloudEvents`] is in the order.
    ///
    #[doc = include_str!("../guides/rules.md")]
    pub fn origin(&self) -> Option<SpanContext<'a>> {
        let parent = TraceParent::parse(self.reader.value(Slot::CeTraceParent)?).ok()?;
        let state = self.reader.value(Slot::CeTraceState);
        let state = state.and_then(|state| TraceState::parse(state).ok());
        Some(SpanContext::remote(&parent, state.unwrap_or_default()))
    }
}

/// One format of a record beside the chosen one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Other {
    /// The format.
    pub format: Format,
    /// Which header of the record it is, counted from 0; of several, the one at fault or with the trace id.
    pub index: usize,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a format that was not chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It names a span of the parent's trace. A trace id of 64 bits is the same as a longer one with that lower half.
    SameTrace(FormatContext),
    /// A conflict: it names a span of another trace.
    OtherTrace(FormatContext),
    /// It has a sampling decision and no ids.
    Decision(Sampling),
    /// It breaks a rule.
    Refused(FormatError),
}

/// Formats with ids of 64 bits drop the upper half on the way.
fn is_same_trace(one: TraceId, other: TraceId) -> bool {
    let [one, other] = [one, other].map(|id| u128::from_be_bytes(id.to_bytes()));
    let is_short = one >> 64 == 0 || other >> 64 == 0;
    one == other || is_short && one as u64 == other as u64
}
