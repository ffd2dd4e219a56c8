//! Printed values and errors contain no raw byte of a record unless they are asked for it.

use std::collections::BTreeSet;
use tracebaton::*;

const PARENT: &[u8] = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";

#[test]
fn ids_and_flags_are_hexadecimal() {
    let parent = TraceParent::parse(PARENT).unwrap();
    assert_eq!(parent.trace_id.to_string(), "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(format!("{:?}", parent.trace_id), "TraceId(0af7651916cd43dd8448eb211c80319c)");
    assert_eq!(parent.parent_id.to_string(), "b7ad6b7169203331");
    assert_eq!(format!("{:?}", parent.parent_id), "SpanId(b7ad6b7169203331)");
    assert_eq!(parent.trace_flags.to_string(), "03");
    assert_eq!(format!("{:?}", parent.trace_flags), "TraceFlags(03)");
    assert_eq!(
        format!("{:>18}|{:<18}|", parent.parent_id, parent.parent_id),
        "  b7ad6b7169203331|b7ad6b7169203331  |"
    );
}

#[test]
fn a_baggage_value_is_decoded_or_escaped() {
    let value = Baggage::parse(b"k=a%0A%C3%A9").unwrap().get("k").unwrap().value();
    assert_eq!(value.to_string(), "a\né");
    assert_eq!(format!("{value:?}"), "BaggageValue(\"a%0A%C3%A9\")");
}

#[test]
fn errors_are_sentences_with_a_place() {
    let error = TraceParent::parse(b"00-").unwrap_err();
    assert_eq!(error.to_string(), "the traceparent has fewer than 55 bytes (at byte 3)");
    let error = TraceState::parse(b"a=1,B=2").unwrap_err();
    assert_eq!(
        error.to_string(),
        "a tracestate key does not begin with a lower-case letter or a digit (at byte 4)"
    );
    let error = Baggage::parse(b"a=\x01").unwrap_err();
    assert_eq!(error.to_string(), "the baggage contains a control byte (at byte 2)");
    assert_eq!(CarrierFull.to_string(), "the carrier has no room for another header");
}

#[test]
fn every_rule_has_a_sentence_of_its_own() {
    fn distinct<Rule: Copy + ToString>(rules: &[Rule], name: impl Fn(Rule) -> &'static str) {
        let sentences: BTreeSet<_> = rules.iter().map(Rule::to_string).collect();
        let names: BTreeSet<_> = rules.iter().map(|rule| name(*rule)).collect();
        assert_eq!((sentences.len(), names.len()), (rules.len(), rules.len()));
        assert!(sentences.iter().all(|sentence| sentence.len() > 10 && sentence.is_ascii()));
    }
    distinct(TraceParentRule::ALL, TraceParentRule::name);
    distinct(TraceStateRule::ALL, TraceStateRule::name);
    distinct(BaggageRule::ALL, BaggageRule::name);
}
