//! The context in the headers of one format, and the rules that refuse it.

use crate::context::SpanContext;
use crate::error::{TraceParentError, TraceParentRule, Violation};
use crate::id::{SpanId, TraceFlags, TraceId};
use crate::traceparent::TraceParent;
use core::fmt;

/// The sampling decision of a format ([F3]).
///
/// ```
/// use tracebaton::formats::Sampling;
///
/// assert_eq!(Sampling::Debug.is_sampled(false), true);
/// assert_eq!(Sampling::Defer.is_sampled(false), false); // what the caller makes of an open decision
/// ```
#[doc = include_str!("../guides/rules.md")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sampling {
    /// The trace is sampled.
    Accept,
    /// The trace is not sampled.
    Deny,
    /// The producer has not decided; the consumer decides.
    Defer,
    /// The trace is sampled, and marked for debugging (B3, Jaeger).
    Debug,
}

impl Sampling {
    /// Whether the trace is sampled. `if_deferred` is the result if the producer deferred the decision.
    pub const fn is_sampled(self, if_deferred: bool) -> bool {
        match self {
            Self::Accept | Self::Debug => true,
            Self::Deny => false,
            Self::Defer => if_deferred,
        }
    }

    /// Name of the decision: `accept`, `deny`, `defer` or `debug`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Deny => "deny",
            Self::Defer => "defer",
            Self::Debug => "debug",
        }
    }

    pub(super) const fn decided(sampled: bool) -> Self {
        if sampled { Self::Accept } else { Self::Deny }
    }
}

impl fmt::Display for Sampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The context in the accepted headers of one format: a span, a sampling decision, or both.
///
/// ```
/// # use tracebaton::*;
/// use tracebaton::formats::{Format, Sampling, choose};
///
/// let choice = choose([Header::new("b3", "64fe8b2a57d3eff7-e457b5a2e4d86bd1")], &[Format::B3]);
/// let context = choice.verdict(Format::B3).accepted().unwrap();
/// assert_eq!(context.ids.unwrap().0.to_string(), "000000000000000064fe8b2a57d3eff7");
/// assert_eq!(context.sampling, Sampling::Defer);
/// assert_eq!(context.span_context(true).unwrap().trace_flags, TraceFlags::SAMPLED);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FormatContext {
    /// Ids of the trace and of the producer's span; `None` if the headers have only a decision.
    ///
    /// A trace id of 64 bits has zeros on the left.
    pub ids: Option<(TraceId, SpanId)>,
    /// The sampling decision.
    pub sampling: Sampling,
    /// The broken rule of a header that is ignored beside valid ids: Datadog's `_dd.p.tid` in `x-datadog-tags`, or
    /// Instana's level.
    pub ignored: Option<FormatError>,
}

impl FormatContext {
    pub(super) const fn of(trace_id: TraceId, span_id: SpanId, sampling: Sampling) -> Self {
        Self { ids: Some((trace_id, span_id)), sampling, ignored: None }
    }

    pub(super) const fn decision(sampling: Sampling) -> Self {
        Self { ids: None, sampling, ignored: None }
    }

    /// The span as a parent, without tracestate and without the random flag, which only W3C has ([F3]).
    ///
    /// Returns `None` if the headers have no ids. `if_deferred` is used as sampled flag if the producer deferred the
    /// decision.
    ///
    #[doc = include_str!("../guides/rules.md")]
    pub fn span_context(&self, if_deferred: bool) -> Option<SpanContext<'static>> {
        let (trace_id, span_id) = self.ids?;
        let flags = TraceFlags::default().with_sampled(self.sampling.is_sampled(if_deferred));
        Some(SpanContext::root(trace_id, span_id, flags))
    }
}

impl From<TraceParent> for FormatContext {
    fn from(parent: TraceParent) -> Self {
        let sampling = Sampling::decided(parent.trace_flags.is_sampled());
        Self::of(parent.trace_id, parent.parent_id, sampling)
    }
}

/// Why the headers of a format were refused: the broken rule, and its offset in the value of the header.
pub type FormatError = Violation<FormatRule>;

macro_rules! rules {
    ($($variant:ident = $text:literal: $sentence:literal,)*) => {
        /// Rule that a header of a format other than W3C can break ([F4] to [F10]).
        ///
        #[doc = include_str!("../guides/rules.md")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FormatRule {
            $(#[doc = concat!("`", $text, "`: ", $sentence, ".")] $variant,)*
        }

        impl FormatRule {
            /// Every rule.
            ///
            /// ```
            /// for rule in tracebaton::formats::FormatRule::ALL {
            ///     println!("{}: {rule}", rule.name());
            /// }
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Name of the rule, the same in every language and tool: lower-case words joined by `_`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl fmt::Display for FormatRule {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => $sentence,)*
                })
            }
        }
    };
}

rules! {
    TooShort = "too_short": "the header, or a field of it, ends too early",
    TooLong = "too_long": "the header is longer than its format allows",
    Version = "version": "the version of the header is not supported",
    Field = "field": "a field of the header does not begin with its identifier",
    Separator = "separator": "a field of the header is not followed by the separator of its format",
    TraceId = "trace_id": "the trace id is invalid in this format",
    TraceIdZero = "trace_id_zero": "the trace id is all zeros",
    TraceIdMissing = "trace_id_missing": "the header or the record has no trace id",
    SpanId = "span_id": "the span id is invalid in this format",
    SpanIdZero = "span_id_zero": "the span id is all zeros",
    SpanIdMissing = "span_id_missing": "the record has a trace id but no span id",
    ParentId = "parent_id": "the id of the span's own parent is invalid in this format",
    Sampling = "sampling": "the sampling decision is invalid in this format",
    Tags = "tags": "the tags are invalid in this format",
    Trailing = "trailing": "the header has bytes after its last field",
}

/// Maps each rule of `traceparent` to the rule of the same meaning in other formats.
impl From<TraceParentError> for FormatError {
    fn from(error: TraceParentError) -> Self {
        let rule = match error.rule {
            TraceParentRule::TooShort => FormatRule::TooShort,
            TraceParentRule::Version | TraceParentRule::VersionForbidden => FormatRule::Version,
            TraceParentRule::Separator => FormatRule::Separator,
            TraceParentRule::TraceId => FormatRule::TraceId,
            TraceParentRule::TraceIdZero => FormatRule::TraceIdZero,
            TraceParentRule::ParentId => FormatRule::SpanId,
            TraceParentRule::ParentIdZero => FormatRule::SpanIdZero,
            TraceParentRule::TraceFlags => FormatRule::Sampling,
            TraceParentRule::Trailing => FormatRule::Trailing,
        };
        Self::new(rule, error.offset)
    }
}
