//! `defmt::Format`, for programs that log without formatting on the target (feature `defmt`).

use crate::baggage::{Baggage, BaggageMember, BaggageValue};
use crate::carrier::{CarrierFull, Injected};
use crate::context::{Admitted, Context, SpanContext};
use crate::error::{BaggageRule, TraceParentRule, TraceStateRule, Violation};
use crate::header::{Header, HeaderName};
use crate::id::{SpanId, TraceFlags, TraceId};
use crate::owned::{DoesNotFit, OwnedContext, OwnedSpanContext};
use crate::queue_time::{QueueTime, TimestampKind};
use crate::raw::RawHeadersRule;
use crate::text::ascii;
use crate::traceparent::TraceParent;
use crate::tracestate::{TraceState, TraceStateMember};
use crate::verdict::{Extracted, Verdict};
use defmt::{Format, Formatter, write};

macro_rules! formats {
    ($([$($generic:tt)*] $type:ty: |$this:ident| $text:literal $(, $value:expr)*;)*) => {$(
        impl<$($generic)*> Format for $type {
            fn format(&self, f: Formatter<'_>) {
                let $this = self;
                write!(f, $text $(, $value)*);
            }
        }
    )*};
}

formats! {
    [] TraceState<'_>: |state| "{=str}", state.as_str();
    [] HeaderName: |name| "{=str}", name.as_str();
    [] TimestampKind: |kind| "{=str}", kind.name();
    [] TraceParentRule: |rule| "{=str}", rule.name();
    [] TraceStateRule: |rule| "{=str}", rule.name();
    [] BaggageRule: |rule| "{=str}", rule.name();
    [] RawHeadersRule: |rule| "{=str}", rule.name();
    [] TraceId: |id| "{=str}", ascii(&id.to_hex());
    [] SpanId: |id| "{=str}", ascii(&id.to_hex());
    [] TraceFlags: |flags| "{=u8:02x}", flags.to_byte();
    [] TraceParent: |parent| "{=str}", ascii(&parent.format());
    [] TraceStateMember<'_>: |member| "{=str}={=str}", member.key_str(), member.value_str();
    [] Baggage<'_>: |baggage| "{=[u8]:a}", baggage.as_bytes();
    [] BaggageMember<'_>: |member| "{=[u8]:a}", member.as_bytes();
    [] BaggageValue<'_>: |value| "{=str}", value.as_str();
    [] SpanContext<'_>: |span| "{} tracestate {}", span.traceparent(), span.trace_state;
    [] Context<'_>: |context| "{} baggage {}", context.span_context, context.baggage;
    [] Admitted<'_>: |admitted| "parent {} link {} baggage {}", admitted.parent, admitted.link, admitted.baggage;
    [const TRACESTATE: usize] OwnedSpanContext<TRACESTATE>: |owned| "{}", owned.as_borrowed();
    [const TRACESTATE: usize, const BAGGAGE: usize] OwnedContext<TRACESTATE, BAGGAGE>: |owned| "{}", owned.as_borrowed();
    [] QueueTime: |waited| "{=i64} ms ({})", waited.milliseconds, waited.kind;
    [Rule: Format] Violation<Rule>: |violation| "{} (at byte {=usize})", violation.rule, violation.offset;
    [] Extracted<'_>: |extracted| "traceparent {} tracestate {} baggage {}",
        extracted.traceparent, extracted.tracestate, extracted.baggage;
}

impl<T: Format, E: Format> Format for Verdict<T, E> {
    fn format(&self, f: Formatter<'_>) {
        match self {
            Self::Absent => write!(f, "absent"),
            Self::Accepted { index, value } => write!(f, "accepted at {=usize}: {}", index, value),
            Self::Refused { index, error } => write!(f, "refused at {=usize}: {}", index, error),
        }
    }
}

impl Format for Header<'_> {
    fn format(&self, f: Formatter<'_>) {
        match self.value {
            Some(value) => write!(f, "{=[u8]:a}: {=[u8]:a}", self.name, value),
            None => write!(f, "{=[u8]:a}: null", self.name),
        }
    }
}

impl Format for CarrierFull {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "the carrier has no room for another header");
    }
}

impl Format for Injected {
    fn format(&self, f: Formatter<'_>) {
        match self {
            Self::Parent => write!(f, "parent"),
            Self::NoParent => write!(f, "no_parent"),
            Self::Kept => write!(f, "kept"),
        }
    }
}

impl Format for DoesNotFit {
    fn format(&self, f: Formatter<'_>) {
        match self {
            Self::TraceState => write!(f, "the tracestate does not fit"),
            Self::Baggage => write!(f, "the baggage does not fit"),
            Self::Both => write!(f, "the tracestate and the baggage do not fit"),
        }
    }
}
