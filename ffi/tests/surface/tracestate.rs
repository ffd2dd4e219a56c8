use crate::support::*;
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
fn a_list_that_cannot_be_read_further() {
    let nowhere = tracebaton_context_t { tracestate: std::ptr::null(), ..context("a=1", "") };
    let rule = code(TRACEBATON_TRACESTATE_KEY_START);
    for (context, position, expected) in
        [(nowhere, 0, invalid(1)), (context("a=1,B=2", ""), 0, rule), (context("a=1,B=2", ""), 4, rule)]
    {
        let mut cursor = tracebaton_cursor_t { position, ..zeros() };
        // SAFETY: all are there.
        let status = unsafe { tracebaton_tracestate_next(&context, &mut cursor, &mut zeros()) };
        assert_eq!((status, cursor.position, cursor.members), (expected, position, 0));
    }
}

#[test]
fn the_same_members_as_those_of_the_rust_api() {
    // Empty members count: 31 in all, the last one after the last comma.
    let list: String = (0..15).map(|index| format!(" k{index}=v{index} ,,")).collect();
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
