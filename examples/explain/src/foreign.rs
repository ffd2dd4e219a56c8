//! Names of headers that carry a trace, but not as W3C has it.

use tracebaton::HeaderName;

/// Formats that are not read, by the name of a header or its beginning, in lower case.
const FORMATS: &[(&str, &str)] = &[
    ("b3", "B3 (Zipkin)"),
    ("x-b3-", "B3 (Zipkin)"),
    ("uber-trace-id", "Jaeger"),
    ("uberctx-", "Jaeger"),
    ("x-datadog-", "Datadog"),
    ("x_datadog_", "Datadog"),
    ("dd-pathway-ctx", "Datadog"),
    ("elasticapmtraceparent", "Elastic APM"),
    ("elastic-apm-traceparent", "Elastic APM"),
    ("sentry-trace", "Sentry"),
    ("x-amzn-trace-id", "AWS X-Ray"),
    ("awstraceheader", "AWS X-Ray"),
    ("x-cloud-trace-context", "Google Cloud Trace"),
    ("ot-tracer-", "OpenTracing"),
    ("sw8", "SkyWalking"),
    ("newrelic", "New Relic"),
];

/// The format that a header of this name belongs to, if it is a known one other than W3C's.
pub fn format_of(name: &[u8]) -> Option<&'static str> {
    let begins_with = |known: &str| {
        let whole = !known.ends_with(['-', '_']);
        let begins =
            name.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known.as_bytes()));
        begins && (!whole || name.len() == known.len())
    };
    FORMATS.iter().find(|(known, _)| begins_with(known)).map(|(_, format)| *format)
}

/// Whether this is the name by which CloudEvents carries the origin of an event, which is never the parent (R10).
pub fn is_cloud_events(name: &[u8]) -> bool {
    [&b"ce_traceparent"[..], b"ce-traceparent"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Which of the three names this was meant to be, if it is none of them (R2) but holds one once everything but letters
/// and digits is left out.
pub fn meant(name: &[u8]) -> Option<HeaderName> {
    const LONGEST: usize = 64;
    if name.len() > LONGEST || HeaderName::of(name).is_some() {
        return None;
    }
    let letters: Vec<u8> =
        name.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    [HeaderName::TraceParent, HeaderName::TraceState, HeaderName::Baggage].into_iter().find(|name| {
        let known = name.as_bytes();
        letters.windows(known.len()).any(|window| window == known)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_formats() {
        for (name, format) in [
            ("b3", Some("B3 (Zipkin)")),
            ("B3", Some("B3 (Zipkin)")),
            ("b3x", None),
            ("X-B3-TraceId", Some("B3 (Zipkin)")),
            ("x-b3", None),
            ("uber-trace-id", Some("Jaeger")),
            ("uber-trace-ids", None),
            ("x-datadog-trace-id", Some("Datadog")),
            ("traceparent", None),
            ("", None),
        ] {
            assert_eq!(format_of(name.as_bytes()), format, "{name}");
        }
    }

    #[test]
    fn near_misses() {
        for (name, expected) in [
            (&b"trace-parent"[..], Some(HeaderName::TraceParent)),
            (b"traceparent\0", Some(HeaderName::TraceParent)),
            (b" traceparent", Some(HeaderName::TraceParent)),
            (b"kafka_traceParent", Some(HeaderName::TraceParent)),
            (b"Trace_State", Some(HeaderName::TraceState)),
            (b"x-baggage", Some(HeaderName::Baggage)),
            (b"TRACEPARENT", None),
            (b"traceparen", None),
            (b"", None),
            (&[b'x'; 65], None),
        ] {
            assert_eq!(meant(name), expected, "{}", name.escape_ascii());
        }
    }
}
