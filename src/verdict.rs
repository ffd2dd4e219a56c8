//! The result of reading one record: a verdict for each of the three headers (R1).

use crate::baggage::Baggage;
use crate::context::{Context, SpanContext};
use crate::error::{BaggageError, TraceParentError, TraceStateError};
use crate::inject::Injection;
use crate::text::Quoted;
use crate::traceparent::TraceParent;
use crate::tracestate::TraceState;
use core::fmt;

/// Verdict on one of the three headers: absent, accepted or refused ([R1]).
///
/// ```
/// use tracebaton::{Header, TraceParentRule, Verdict, extract};
///
/// let extracted = extract([Header::new("traceparent", "00-none"), Header::new("baggage", "tenant=7")]);
/// let Verdict::Refused { index, error, .. } = extracted.traceparent else { panic!("accepted") };
/// assert_eq!((index, error.rule, error.offset), (0, TraceParentRule::TraceId, 3));
/// assert_eq!(extracted.tracestate, Verdict::Absent);
/// assert_eq!(extracted.baggage.accepted().unwrap().as_bytes(), b"tenant=7");
/// ```
#[doc = include_str!("guides/rules.md")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict<T, E> {
    /// The record has no such header with a value.
    ///
    /// A `tracestate` without an accepted `traceparent` is absent too ([R7]).
    ///
    #[doc = include_str!("guides/rules.md")]
    Absent,
    /// The header is valid.
    #[non_exhaustive]
    Accepted {
        /// Index of the header in the record, from 0 (R3).
        index: usize,
        /// The value that was read.
        value: T,
    },
    /// The header breaks a rule and is not used.
    #[non_exhaustive]
    Refused {
        /// Index of the header in the record, from 0 (R3).
        index: usize,
        /// The first rule that is broken, and its offset in the value.
        error: E,
    },
}

impl<T, E> Verdict<T, E> {
    /// Whether the header was accepted.
    #[inline]
    pub const fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted { .. })
    }

    /// The broken rule and its offset, if the header was refused.
    ///
    /// ```
    /// # use tracebaton::*;
    /// let refused = extract([Header::new("baggage", "a=\n")]).baggage;
    /// assert_eq!(refused.error().map(|error| error.rule), Some(BaggageRule::ControlByte));
    /// ```
    #[inline]
    pub const fn error(&self) -> Option<&E> {
        match self {
            Self::Refused { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Converts the value of an accepted header and keeps every other verdict.
    ///
    /// ```
    /// # use tracebaton::*;
    /// let baggage = extract([Header::new("baggage", "tenant=7, region=eu")]).baggage;
    /// assert_eq!(baggage.map(|baggage| baggage.len()).accepted(), Some(2));
    /// ```
    pub fn map<U>(self, value_of: impl FnOnce(T) -> U) -> Verdict<U, E> {
        match self {
            Self::Absent => Verdict::Absent,
            Self::Accepted { index, value } => Verdict::Accepted { index, value: value_of(value) },
            Self::Refused { index, error } => Verdict::Refused { index, error },
        }
    }
}

impl<T: Copy, E> Verdict<T, E> {
    /// The value of an accepted header.
    #[inline]
    pub const fn accepted(&self) -> Option<T> {
        match self {
            Self::Accepted { value, .. } => Some(*value),
            _ => None,
        }
    }
}

/// The result of [`extract`](crate::extract): one verdict for each of the three headers ([R1]).
///
/// ```
/// # use tracebaton::*;
/// let extracted = extract([Header::new("traceparent", "00-none"), Header::new("baggage", "tenant=7")]);
/// assert!(matches!(extracted.traceparent, Verdict::Refused { .. }));
/// assert_eq!(extracted.context().span_context, None);
/// assert_eq!(extracted.context().baggage.as_bytes(), b"tenant=7");
/// ```
#[doc = include_str!("guides/rules.md")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extracted<'a> {
    /// The `traceparent` header.
    pub traceparent: Verdict<TraceParent, TraceParentError>,
    /// The `tracestate` header.
    pub tracestate: Verdict<TraceState<'a>, TraceStateError>,
    /// The `baggage` header.
    pub baggage: Verdict<Baggage<'a>, BaggageError>,
    /// Value of an accepted `traceparent`, otherwise empty.
    pub(crate) traceparent_bytes: &'a [u8],
}

impl fmt::Debug for Extracted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extracted")
            .field("traceparent", &self.traceparent)
            .field("tracestate", &self.tracestate)
            .field("baggage", &self.baggage)
            .field("traceparent_bytes", &Quoted(self.traceparent_bytes))
            .finish()
    }
}

impl<'a> Extracted<'a> {
    #[inline(always)]
    pub(crate) const fn none() -> Self {
        let (traceparent, tracestate, baggage) = (Verdict::Absent, Verdict::Absent, Verdict::Absent);
        Self { traceparent, tracestate, baggage, traceparent_bytes: &[] }
    }

    /// The context of the record, made from the accepted headers.
    #[inline]
    pub fn context(&self) -> Context<'a> {
        let trace_state = self.tracestate.accepted().unwrap_or_default();
        let parent = self.traceparent.accepted();
        Context {
            span_context: parent.map(|parent| SpanContext::remote(&parent, trace_state)),
            baggage: self.baggage.accepted().unwrap_or_default(),
        }
    }

    /// The bytes of an accepted `traceparent`, with any fields that a version above 00 has at the end ([R5]).
    ///
    /// ```
    /// # use tracebaton::*;
    /// let value = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-what-comes-next";
    /// let extracted = extract([Header::new("traceparent", value)]);
    /// assert_eq!(extracted.traceparent_bytes(), Some(value.as_bytes()));
    /// assert_eq!(extract([Header::new("traceparent", "00-none")]).traceparent_bytes(), None);
    /// ```
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub const fn traceparent_bytes(&self) -> Option<&'a [u8]> {
        match self.traceparent {
            Verdict::Accepted { .. } => Some(self.traceparent_bytes),
            _ => None,
        }
    }

    /// The injection for a relay, which has no span of its own: it forwards the accepted values byte for byte ([W5]).
    ///
    /// The injection always replaces all three headers, so a refused value is never forwarded. If no header was
    /// accepted, it removes all three, as [`strip`](crate::strip) does.
    ///
    /// ```
    /// # use tracebaton::*;
    /// let value = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-what-comes-next";
    /// let extracted = extract([Header::new("Traceparent", value), Header::new("tracestate", "?")]);
    /// let forwarded = extracted.forward();
    /// assert!(forwarded.headers().eq([Header::new("traceparent", value)]));
    /// ```
    #[doc = include_str!("guides/rules.md")]
    pub fn forward(&self) -> Injection<'a> {
        let state = self.tracestate.accepted().unwrap_or_default();
        Injection::forward_validated(
            self.traceparent_bytes,
            state,
            self.baggage.accepted().unwrap_or_default(),
        )
    }
}

/// Where a [`Reader`](crate::Reader) puts its verdicts: [`Extracted`], or the struct of a language binding.
///
/// The three headers are absent until a method sets their verdict.
pub trait VerdictOutput<'a> {
    /// The `traceparent` is accepted, with these bytes.
    fn accept_traceparent(&mut self, index: usize, value: TraceParent, bytes: &'a [u8]);
    /// The `tracestate` is accepted.
    fn accept_tracestate(&mut self, index: usize, value: TraceState<'a>);
    /// The `tracestate` is refused.
    fn refuse_tracestate(&mut self, index: usize, error: TraceStateError);
    /// The `baggage` is accepted.
    fn accept_baggage(&mut self, index: usize, value: Baggage<'a>);
    /// Sets the verdicts on all three, also those that were set before.
    fn replace(&mut self, extracted: &Extracted<'a>);
}

impl<'a> VerdictOutput<'a> for Extracted<'a> {
    #[inline(always)]
    fn accept_traceparent(&mut self, index: usize, value: TraceParent, bytes: &'a [u8]) {
        self.traceparent = Verdict::Accepted { index, value };
        self.traceparent_bytes = bytes;
    }

    #[inline(always)]
    fn accept_tracestate(&mut self, index: usize, value: TraceState<'a>) {
        self.tracestate = Verdict::Accepted { index, value };
    }

    #[inline(always)]
    fn refuse_tracestate(&mut self, index: usize, error: TraceStateError) {
        self.tracestate = Verdict::Refused { index, error };
    }

    #[inline(always)]
    fn accept_baggage(&mut self, index: usize, value: Baggage<'a>) {
        self.baggage = Verdict::Accepted { index, value };
    }

    #[inline(always)]
    fn replace(&mut self, extracted: &Extracted<'a>) {
        *self = *extracted;
    }
}
