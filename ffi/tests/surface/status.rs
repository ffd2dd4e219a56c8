use crate::support::code;
use std::collections::BTreeSet;
use std::ffi::CStr;
use tracebaton::{BaggageRule, RawHeadersRule, TraceParentRule, TraceStateRule};
use tracebaton_ffi::*;

fn name(status: tracebaton_status_t) -> &'static str {
    // SAFETY: a static string.
    unsafe { CStr::from_ptr(tracebaton_status_name(status)) }.to_str().unwrap()
}

fn message(status: tracebaton_status_t) -> &'static str {
    // SAFETY: a static string.
    unsafe { CStr::from_ptr(tracebaton_status_message(status)) }.to_str().unwrap()
}

/// Every rule of every header with its status, its name and its sentence.
fn rules() -> Vec<(tracebaton_status, &'static str, String)> {
    fn rows<R: Copy + ToString>(
        rules: &[R],
        name: fn(R) -> &'static str,
    ) -> Vec<(tracebaton_status, &'static str, String)>
    where
        tracebaton_status: From<R>,
    {
        rules.iter().map(|rule| (tracebaton_status::from(*rule), name(*rule), rule.to_string())).collect()
    }
    [
        rows(TraceParentRule::ALL, TraceParentRule::name),
        rows(TraceStateRule::ALL, TraceStateRule::name),
        rows(BaggageRule::ALL, BaggageRule::name),
        rows(RawHeadersRule::ALL, RawHeadersRule::name),
    ]
    .concat()
}

#[test]
fn every_rule_has_a_status_of_its_own_with_its_name_and_its_sentence() {
    let mut seen = BTreeSet::new();
    for (status, rule, sentence) in rules() {
        let status = code(status);
        assert!(status <= -100, "{rule} has no status of its own");
        assert!(seen.insert(status), "{rule} shares the status {status}");
        assert_eq!((name(status), message(status)), (rule, sentence.as_str()));
    }
}

#[test]
#[cfg_attr(miri, ignore = "compares texts")]
fn the_header_tells_every_rule_in_the_same_words() {
    let manual = include_str!("../../../include/tracebaton.h");
    for (status, _, mut sentence) in rules() {
        sentence[..1].make_ascii_uppercase();
        assert!(
            manual.contains(&format!("     * {sentence}.\n     */\n    {status:?} = {},", code(status))),
            "{status:?}"
        );
    }
}

#[test]
fn every_event_and_misuse_has_a_name() {
    for (status, expected) in [
        (TRACEBATON_OK, "ok"),
        (TRACEBATON_NO_CONTEXT, "no_context"),
        (TRACEBATON_ABSENT, "absent"),
        (TRACEBATON_NOT_FOUND, "not_found"),
        (TRACEBATON_END, "end"),
        (TRACEBATON_KEPT, "kept"),
        (TRACEBATON_NO_TIMESTAMP, "no_timestamp"),
        (TRACEBATON_INVALID_ARGUMENT, "invalid_argument"),
        (TRACEBATON_OVERLAP, "overlap"),
        (TRACEBATON_HEADERS_FULL, "headers_full"),
        (TRACEBATON_BUFFER_TOO_SMALL, "buffer_too_small"),
        (TRACEBATON_ROOT, "root"),
        (TRACEBATON_LINKS_FULL, "links_full"),
        (TRACEBATON_INVALID_ARGUMENT_1, "invalid_argument_1"),
        (TRACEBATON_INVALID_ARGUMENT_7, "invalid_argument_7"),
        (TRACEBATON_RDKAFKA_NOT_A_RECORD, "not_a_record"),
        (TRACEBATON_RDKAFKA_RECORD_TOO_LARGE, "record_too_large"),
        (TRACEBATON_RDKAFKA_TOO_MANY_HEADERS, "too_many_headers"),
        (TRACEBATON_RDKAFKA_NOT_ADDED, "not_added"),
    ] {
        assert_eq!(name(code(status)), expected);
        assert!(!message(code(status)).is_empty());
    }
}

#[test]
fn a_number_that_is_no_status_is_unknown() {
    for status in [9, 100, -5, -10, -18, -100, -111, -213, -307, -400, -405, -507, i32::MAX, i32::MIN] {
        assert_eq!((name(status), message(status)), ("unknown", "not a status of this version"), "{status}");
    }
}
