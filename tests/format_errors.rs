//! Rules of formats that no conformance vector breaks: the rule, and the offset of the byte that breaks it.

use tracebaton::formats::{Format, FormatError, FormatRule, Sampling, choose};
use tracebaton::{Header, Verdict};

#[test]
fn an_error_names_its_rule_and_place() {
    // Sixteen bytes of a trace id, then the identifier of the span id and one byte of it.
    const BINARY: &[u8] = b"\0\0tttttttttttttttt\x01s";
    for (format, name, value, rule, offset) in [
        (
            Format::TraceContext,
            "traceparent",
            &b"00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01"[..],
            FormatRule::Separator,
            35,
        ),
        (
            Format::TraceContext,
            "traceparent",
            b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01",
            FormatRule::SpanId,
            51,
        ),
        (
            Format::TraceContext,
            "traceparent",
            b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
            FormatRule::Trailing,
            55,
        ),
        (
            Format::B3,
            "b3",
            b"0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00f067aa0ba902bg",
            FormatRule::ParentId,
            65,
        ),
        (
            Format::Xray,
            "X-Amzn-Trace-Id",
            b"Root=1_5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
            FormatRule::Separator,
            6,
        ),
        (Format::Elastic, "elasticapmtraceparent", BINARY, FormatRule::TooShort, BINARY.len()),
    ] {
        let order = &[format];
        let choice = choose([Header { name: name.as_bytes(), value: Some(value) }], order);
        assert_eq!(choice.verdict(format).error(), Some(&FormatError::new(rule, offset)), "{name}");
        assert_eq!((choice.arrived_as(), choice.span_context(true)), (None, None));
    }
}

#[test]
fn a_level_before_white_space_is_ignored() {
    let headers = [
        Header::new("X_INSTANA_T", "0af7651916cd43dd8448eb211c80319c"),
        Header::new("X_INSTANA_S", "b7ad6b7169203331"),
        Header::new("X_INSTANA_L_S", "0 "),
    ];
    let context = choose(headers, &[Format::Instana]).verdict(Format::Instana).accepted().unwrap();
    assert_eq!(context.sampling, Sampling::Accept);
    assert_eq!(context.ignored, Some(FormatError::new(FormatRule::Sampling, 1)));
}

#[test]
fn a_decision_alone_is_no_parent() {
    let choice = choose([Header::new("b3", "0")], &[Format::B3]);
    let decision = choice.verdict(Format::B3).accepted().unwrap();
    assert_eq!((decision.sampling, decision.span_context(true)), (Sampling::Deny, None));
}

#[test]
fn a_format_that_is_not_in_the_order_is_absent() {
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let headers = [Header::new("traceparent", parent), Header::new("b3", "0")];
    let choice = choose(headers, &[Format::B3]);
    assert_eq!(choice.verdict(Format::TraceContext), Verdict::Absent);
    assert!(choice.w3c.traceparent.is_accepted());
}
