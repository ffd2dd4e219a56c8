//! What the name of a header is: one of the three, nearly one of them, another format's, or none of these.

use crate::{formats, letters};
use letters::contains;
use tracebaton::HeaderName;

/// What a name is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// One of the three (R2).
    Ours(HeaderName),
    /// Another format, by the name that findings give it.
    Format(&'static str),
    /// Meant as one of the three.
    Near(HeaderName),
    /// Of a trace, in words that no format has.
    Tracing,
    /// Anything else.
    Other,
}

/// Names that were given to baggage before it was `baggage`.
const OLD_BAGGAGE: [&str; 1] = ["correlationcontext"];

/// Words of which a name of a trace is made.
const WORDS: [&[u8]; 5] = [b"trace", b"span", b"parentid", b"activityid", b"diagnosticid"];

/// What this name is.
pub fn role(name: &[u8]) -> Role {
    if let Some(name) = HeaderName::of(name) {
        return Role::Ours(name);
    }
    let mut memory = letters::Memory::default();
    let Some(letters) = memory.letters(name) else { return Role::Other };
    if OLD_BAGGAGE.iter().any(|old| letters == old.as_bytes()) {
        return Role::Near(HeaderName::Baggage);
    }
    if let Some(format) = formats::format_of(name, letters) {
        return Role::Format(format);
    }
    match meant(letters) {
        Some(name) => Role::Near(name),
        None if WORDS.iter().any(|word| contains(letters, word)) => Role::Tracing,
        None => Role::Other,
    }
}

/// Which of the three was meant by these letters: they hold its name, or differ from it by a slip.
fn meant(letters: &[u8]) -> Option<HeaderName> {
    [(HeaderName::TraceParent, 2), (HeaderName::TraceState, 2), (HeaderName::Baggage, 1)]
        .into_iter()
        .find_map(|(name, slips)| {
            let known = name.as_bytes();
            let is_near = contains(letters, known) || is_slip(letters, known, slips);
            is_near.then_some(name)
        })
}

/// Whether one becomes the other by at most so many letters added, left out, changed or swapped with their neighbours.
fn is_slip(letters: &[u8], known: &[u8], most: usize) -> bool {
    const WIDTH: usize = 12;
    if letters.len().abs_diff(known.len()) > most || known.len() >= WIDTH {
        return false;
    }
    let shared = letters.iter().filter(|letter| known.contains(letter)).count();
    if shared + most < letters.len() {
        return false;
    }
    let first: [usize; WIDTH] = std::array::from_fn(|column| column);
    let mut rows = [first; 3]; // the one before the last, the last, this one
    for (row, letter) in letters.iter().enumerate() {
        rows.rotate_left(1);
        rows[2][0] = row + 1;
        for column in 0..known.len() {
            let change = rows[1][column] + usize::from(*letter != known[column]);
            let mut least = change.min(rows[1][column + 1] + 1).min(rows[2][column] + 1);
            if row > 0 && column > 0 && *letter == known[column - 1] && letters[row - 1] == known[column] {
                least = least.min(rows[0][column - 1] + 1);
            }
            rows[2][column + 1] = least;
        }
    }
    rows[2][known.len()] <= most
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
