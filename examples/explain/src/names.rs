//! Classifies the name of a header: one of the three, nearly one of them, another format's, or another name.

use crate::formats;
use crate::letters::{Memory, Word};
use tracebaton::HeaderName;

/// Class of a header name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// One of the three names (R2).
    Ours(HeaderName),
    /// A name of another format, which findings call so.
    Format(&'static str),
    /// Intended as one of the three names.
    Near(HeaderName),
    /// A name about tracing that belongs to no known format.
    Tracing,
    /// Any other name.
    Other,
}

/// Names that a near match may stand for, with the number of edits that are allowed.
const NEAR: [(Word, HeaderName, usize); 3] = [
    (Word::new(b"traceparent"), HeaderName::TraceParent, 2),
    (Word::new(b"tracestate"), HeaderName::TraceState, 2),
    (Word::new(b"baggage"), HeaderName::Baggage, 1),
];

/// Words that names about tracing consist of.
const WORDS: [Word; 5] = [
    Word::new(b"trace"),
    Word::new(b"span"),
    Word::new(b"parentid"),
    Word::new(b"activityid"),
    Word::new(b"diagnosticid"),
];

/// Classifies this name.
pub fn role(name: &[u8]) -> Role {
    if let Some(name) = HeaderName::of(name) {
        return Role::Ours(name);
    }
    let mut memory = Memory::default();
    let Some(letters) = memory.letters(name) else { return Role::Other };
    if letters.bytes == b"correlationcontext" {
        return Role::Near(HeaderName::Baggage); // what baggage was called first
    }
    if let Some(format) = formats::format_of(name, letters.bytes) {
        return Role::Format(format);
    }
    match NEAR.iter().find(|(word, _, slips)| letters.contain(word) || letters.is_slip(word, *slips)) {
        Some((_, name, _)) => Role::Near(*name),
        None if WORDS.iter().any(|word| letters.contain(word)) => Role::Tracing,
        None => Role::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role() {
        use HeaderName::{Baggage, TraceParent, TraceState};
        for (name, expected) in [
            (&b"traceparent"[..], Role::Ours(TraceParent)),
            (b"TraceState", Role::Ours(TraceState)),
            (b"trace-parent", Role::Near(TraceParent)),
            (b"traceparent\0", Role::Near(TraceParent)),
            (b" traceparent", Role::Near(TraceParent)),
            (b"kafka_traceParent", Role::Near(TraceParent)),
            (b"Xraceparent", Role::Near(TraceParent)),
            (b"tracepraent", Role::Near(TraceParent)),
            (b"Trace_State", Role::Near(TraceState)),
            (b"tracestatus", Role::Near(TraceState)),
            (b"x-baggage", Role::Near(Baggage)),
            (b"bagage", Role::Near(Baggage)),
            (b"Correlation-Context", Role::Near(Baggage)),
            (b"b3", Role::Format("b3")),
            (b"B3", Role::Format("b3")),
            (b"X-B3-TraceId", Role::Format("b3multi")),
            (b"X-B3-Trace-Id", Role::Format("b3multi")),
            (b"x_b3_spanid", Role::Format("b3multi")),
            (b"uber-trace-id", Role::Format("jaeger")),
            (b"uber_$dash$_trace_$dash$_id", Role::Format("jaeger")),
            (b"uber-HYPHEN-trace-HYPHEN-id", Role::Format("jaeger")),
            (b"uberctx-user", Role::Format("jaeger")),
            (b"second_span_uber-trace-id", Role::Format("ottrace")),
            (b"x-datadog-trace-id", Role::Format("datadog")),
            (b"x_datadog_kafka_produced", Role::Format("datadog")),
            (b"elasticapmtraceparent", Role::Format("elastic")),
            (b"X_INSTANA_T", Role::Format("instana")),
            (b"dtdTraceTagInfo", Role::Format("dynatrace")),
            (b"sentry-trace", Role::Format("sentry")),
            (b"ce_traceparent", Role::Format("cloudevents")),
            (b"baggage_userId", Role::Format("sleuth")),
            (b"baggage-userId", Role::Format("sleuth")),
            (b"MT-Activity-Id", Role::Tracing),
            (b"Diagnostic-Id", Role::Tracing),
            (b"parent-id", Role::Tracing),
            (b"X-Trace-Id", Role::Tracing),
            (b"content-type", Role::Other),
            (b"package", Role::Other),
            (b"language", Role::Other),
            (b"tracepar", Role::Tracing),
            (b"transaction-id", Role::Other),
            (b"correlation-id", Role::Other),
            (b"b3x", Role::Other),
            (b"", Role::Other),
            (&[b'x'; 65], Role::Other),
        ] {
            assert_eq!(role(name), expected, "{}", name.escape_ascii());
        }
    }
}
