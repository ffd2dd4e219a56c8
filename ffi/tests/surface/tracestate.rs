use crate::support::*;
use std::ptr::null;
use tracebaton_ffi::*;

const END: tracebaton_status_t = TRACEBATON_END as tracebaton_status_t;
const NOT_FOUND: tracebaton_status_t = TRACEBATON_NOT_FOUND as tracebaton_status_t;

/// The members, and the status that ended them.
fn members(list: &'static str) -> (Vec<(&'static str, &'static str)>, tracebaton_status_t) {
    let (context, mut cursor, mut member) =
        (context(list, ""), zeros(), zeros::<tracebaton_tracestate_member_t>());
    let mut members = Vec::new();
    loop {
        // SAFETY: all are there.
        match unsafe { tracebaton_tracestate_next(&context, &mut cursor, &mut member) } {
            OK => members.push((text(member.key, member.key_size), text(member.value, member.value_size))),
            status => return (members, status),
        }
        assert_eq!(cursor.members, members.len());
    }
}

#[test]
fn members_from_left_to_right() {
    assert_eq!(members(""), (vec![], END));
    assert_eq!(members(" \t, ,"), (vec![], END));
    assert_eq!(members("a=b"), (vec![("a", "b")], END));
    assert_eq!(members("a=b ,,\tc= d , a=e"), (vec![("a", "b"), ("c", " d"), ("a", "e")], END));
    let rule = code(TRACEBATON_TRACESTATE_KEY_START);
    assert_eq!(members("a=b,C=d"), (vec![], rule), "one bad member refuses the whole list");
}

#[test]
fn the_same_members_as_those_of_the_rust_api() {
    let list: String = (0..32).map(|index| format!(" k{index}=v{index} ,,")).collect();
    let list: &'static str = list.leak();
    let expected: Vec<_> = tracebaton::TraceState::parse(list.as_bytes())
        .unwrap()
        .members()
        .map(|member| {
            (text(member.key.as_ptr(), member.key.len()), text(member.value.as_ptr(), member.value.len()))
        })
        .collect();
    assert_eq!(members(list), (expected, END));
}

#[test]
fn a_member_by_its_key() {
    for (list, key, status, value) in [
        ("a=b,c=d,a=e", "a", OK, "b"),
        ("a=b,c=d", "c", OK, "d"),
        ("a=b,c=d", "b", NOT_FOUND, ""),
        ("a=b", "", NOT_FOUND, ""),
        ("", "a", NOT_FOUND, ""),
        ("a=b,c", "a", code(TRACEBATON_TRACESTATE_EQUALS_MISSING), ""),
    ] {
        let mut member: tracebaton_tracestate_member_t = zeros();
        // SAFETY: all are there.
        let found =
            unsafe { tracebaton_tracestate_get(&context(list, ""), chars(key), key.len(), &mut member) };
        assert_eq!((found, text(member.value, member.value_size)), (status, value), "{list} {key}");
    }
}

#[test]
fn a_cursor_that_was_tampered_with_reads_nothing_beyond_the_list() {
    let context = context("a=b,c=d", "a=b,c=d;p");
    for position in [7, 9, usize::MAX] {
        let mut cursor = tracebaton_cursor_t { position, members: usize::MAX, skipped: usize::MAX };
        let (mut member, mut other) = (zeros(), zeros());
        // SAFETY: all are there.
        unsafe {
            assert_eq!(tracebaton_tracestate_next(&context, &mut cursor, &mut member), END);
            assert_eq!(tracebaton_baggage_next(&context, &mut cursor, &mut other), END);
        }
    }
    let mut middle = tracebaton_cursor_t { position: 1, members: usize::MAX, skipped: 0 };
    let mut member = zeros();
    // SAFETY: all are there.
    let status = unsafe { tracebaton_tracestate_next(&context, &mut middle, &mut member) };
    assert_eq!(status, code(TRACEBATON_TRACESTATE_KEY_START));
}

#[test]
fn pointers_that_cannot_be() {
    let (mut cursor, mut member) = (zeros(), zeros());
    let broken = tracebaton_context_t { tracestate: null(), tracestate_size: 1, ..context("", "") };
    // SAFETY: each is refused before a pointer is followed.
    unsafe {
        assert_eq!(tracebaton_tracestate_next(null(), &mut cursor, &mut member), INVALID);
        assert_eq!(tracebaton_tracestate_next(&broken, &mut cursor, &mut member), INVALID);
        assert_eq!(
            tracebaton_tracestate_next(&context("a=b", ""), std::ptr::null_mut(), &mut member),
            INVALID
        );
        assert_eq!(
            tracebaton_tracestate_next(&context("a=b", ""), &mut cursor, std::ptr::null_mut()),
            INVALID
        );
        assert_eq!(tracebaton_tracestate_get(&broken, chars("a"), 1, &mut member), INVALID);
        assert_eq!(tracebaton_tracestate_get(&context("a=b", ""), null(), 1, &mut member), INVALID);
    }
    assert_eq!(cursor.position, 0, "an output of a call that failed");
}
