//! Verdicts on formats that no conformance vector shows.

use tracebaton::formats::{Format, Sampling, choose};
use tracebaton::{Header, Verdict};

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
