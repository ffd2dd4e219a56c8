//! Changes of tracestate and baggage into the caller's buffer (C3, C4, C5).

use crate::support::*;
use std::ffi::c_char;
use std::ptr::null;
use tracebaton_ffi::*;

const OVERLAP: tracebaton_status_t = TRACEBATON_OVERLAP as tracebaton_status_t;

fn tracestate(context: &tracebaton_context_t) -> &str {
    text(context.tracestate, context.tracestate_size)
}

fn baggage(context: &tracebaton_context_t) -> &str {
    text(context.baggage, context.baggage_size)
}

/// Runs a change; where it fails the context has to be as it was.
fn changed(
    before: &tracebaton_context_t,
    capacity: usize,
    change: impl FnOnce(*mut tracebaton_context_t, *mut c_char, usize) -> tracebaton_status_t,
) -> (tracebaton_status_t, tracebaton_context_t) {
    let buffer = vec![0u8; capacity].leak();
    let mut context = *before;
    let status = change(&mut context, buffer.as_mut_ptr().cast(), capacity);
    if status < 0 {
        assert_eq!(format!("{context:?}"), format!("{before:?}"));
    }
    (status, context)
}

#[test]
fn a_tracestate_member_is_added_or_updated_at_the_left() {
    for (list, key, value, capacity, status, expected) in [
        ("", "a", "1", 8192, OK, "a=1"),
        ("b=2, c=3", "a", "1", 8192, OK, "a=1,b=2,c=3"),
        ("b=2,a=0,c=3,a=9", "a", "1", 8192, OK, "a=1,b=2,c=3"),
        ("b=2", "a", "1", 7, OK, "a=1,b=2"),
        ("b=2", "a", "1", 6, code(TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL), "b=2"),
        ("b=2", "A", "1", 64, code(TRACEBATON_TRACESTATE_KEY_START), "b=2"),
        ("b=2", "", "1", 64, code(TRACEBATON_TRACESTATE_KEY_START), "b=2"),
        ("b=2", "a b", "1", 64, code(TRACEBATON_TRACESTATE_KEY), "b=2"),
        ("b=2", "a", "1,2", 64, code(TRACEBATON_TRACESTATE_VALUE), "b=2"),
        ("b=2", "a", "", 64, code(TRACEBATON_TRACESTATE_VALUE_EMPTY), "b=2"),
        ("B=2", "a", "1", 64, code(TRACEBATON_TRACESTATE_KEY_START), "B=2"),
    ] {
        let (found, context) = changed(&context(list, ""), capacity, |context, buffer, capacity| {
            // SAFETY: all are there.
            unsafe {
                tracebaton_tracestate_insert(
                    context,
                    chars(key),
                    key.len(),
                    chars(value),
                    value.len(),
                    buffer,
                    capacity,
                )
            }
        });
        assert_eq!((found, tracestate(&context)), (status, expected), "{list} {key} {value}");
    }
}

/// The result is the same in another buffer and in place, if the list fits into the buffer.
#[test]
fn other_tracestate_members_are_dropped_for_a_small_buffer() {
    let long = "x".repeat(130);
    let list: &'static str = format!("a=1,b={long},new=old,c=3,d={long},e=5").leak();
    let full: &'static str = (1..=32).map(|place| format!("k{place}=v")).collect::<Vec<_>>().join(",").leak();
    let but_last = full.strip_suffix(",k32=v").unwrap();
    let too_small = code(TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL);
    for (list, capacity, status, expected) in [
        ("", 5, OK, "new=v".to_owned()),
        ("", 4, too_small, String::new()),
        ("a=1,b=2", 13, OK, "new=v,a=1,b=2".to_owned()),
        ("a=1,b=2", 12, OK, "new=v,a=1".to_owned()),
        ("a=1,b=2", 8, OK, "new=v".to_owned()),
        ("a=1, ,b=2", 13, OK, "new=v,a=1,b=2".to_owned()),
        ("a=1,new=5,b=2,new=6", 64, OK, "new=v,a=1,b=2".to_owned()),
        (list, 8192, OK, format!("new=v,a=1,b={long},c=3,d={long},e=5")),
        (list, 200, OK, format!("new=v,a=1,b={long},c=3,e=5")),
        (list, 100, OK, "new=v,a=1,c=3,e=5".to_owned()),
        (list, 16, OK, "new=v,a=1,c=3".to_owned()),
        (full, 8192, OK, format!("new=v,{but_last}")),
        ("A=1", 64, code(TRACEBATON_TRACESTATE_KEY_START), "A=1".to_owned()),
    ] {
        let insert = |context, buffer, capacity| {
            // SAFETY: a context, texts, and a buffer of that size.
            unsafe {
                tracebaton_tracestate_insert_within(context, chars("new"), 3, chars("v"), 1, buffer, capacity)
            }
        };
        let (found, after) = changed(&context(list, ""), capacity, insert);
        assert_eq!((found, tracestate(&after)), (status, expected.as_str()), "{list} {capacity}");
        if list.is_empty() || list.len() > capacity {
            continue;
        }
        let mut room = list.as_bytes().to_vec();
        room.resize(capacity, 0);
        let buffer: *mut c_char = room.leak().as_mut_ptr().cast();
        let mut same = tracebaton_context_t { tracestate: buffer, ..context(list, "") };
        let found = insert(&mut same, buffer, capacity);
        assert_eq!((found, tracestate(&same)), (status, expected.as_str()), "{list} {capacity} in place");
    }
}

#[test]
fn tracestate_members_are_deleted() {
    for (list, key, status, expected) in [
        ("b=2,a=0,c=3,a=9", "a", OK, "b=2,c=3"),
        ("b=2", "a", OK, "b=2"),
        ("a=1", "a", OK, ""),
        ("a=1", "A", code(TRACEBATON_TRACESTATE_KEY_START), "a=1"),
    ] {
        let (found, context) = changed(&context(list, ""), 64, |context, buffer, capacity| {
            // SAFETY: all are there.
            unsafe { tracebaton_tracestate_delete(context, chars(key), key.len(), buffer, capacity) }
        });
        assert_eq!((found, tracestate(&context)), (status, expected), "{list} {key}");
    }
}

#[test]
fn a_tracestate_is_truncated_by_whole_members() {
    let long = format!("l={}", "x".repeat(200));
    let list: &'static str = format!("a=1,{long},b=2,{long},{long}").leak();
    for (limit, status, expected) in [
        (8192, OK, list.to_owned()),
        (512, OK, format!("a=1,{long},b=2,{long}")),
        (511, code(TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL), list.to_owned()),
        (0, code(TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL), list.to_owned()),
    ] {
        let (found, context) = changed(&context(list, ""), 8192, |context, buffer, capacity| {
            // SAFETY: all are there.
            unsafe { tracebaton_tracestate_truncate(context, limit, buffer, capacity) }
        });
        assert_eq!((found, tracestate(&context)), (status, expected.as_str()), "{limit}");
    }
}

#[test]
fn baggage_is_set_and_removed() {
    for (list, key, value, status, expected) in [
        ("", "a", Some("1"), OK, "a=1"),
        ("a=0;p,b=2,a=9,malformed", "a", Some("1 2"), OK, "b=2,a=1%202"),
        ("a=0", "a", Some(""), OK, "a="),
        ("a=0", "b c", Some("1"), code(TRACEBATON_BAGGAGE_KEY), "a=0"),
        ("a=\u{1}", "b", Some("1"), code(TRACEBATON_BAGGAGE_CONTROL_BYTE), "a=\u{1}"),
        ("a=0;p,b=2,a=9", "a", None, OK, "b=2"),
        ("a=0", "a", None, OK, ""),
        ("a=0", "", None, code(TRACEBATON_BAGGAGE_KEY), "a=0"),
    ] {
        let (found, context) = changed(&context("", list), 64, |context, buffer, capacity| {
            let key = (chars(key), key.len());
            // SAFETY: all are there.
            unsafe {
                match value {
                    Some(value) => {
                        let value = (chars(value), value.len());
                        tracebaton_baggage_set(context, key.0, key.1, value.0, value.1, buffer, capacity)
                    }
                    None => tracebaton_baggage_remove(context, key.0, key.1, buffer, capacity),
                }
            }
        });
        assert_eq!((found, baggage(&context)), (status, expected), "{list} {key} {value:?}");
    }
}

fn member(key: &str, value: &str) -> tracebaton_baggage_entry_t {
    tracebaton_baggage_entry_t {
        key: chars(key),
        key_size: key.len(),
        value: chars(value),
        value_size: value.len(),
        is_property: 0,
        reserved: [0; 7],
    }
}

fn property(key: &str, value: Option<&str>) -> tracebaton_baggage_entry_t {
    let bare = tracebaton_baggage_entry_t { is_property: 1, ..member(key, value.unwrap_or_default()) };
    if value.is_some() { bare } else { tracebaton_baggage_entry_t { value: null(), ..bare } }
}

fn built(
    entries: &[tracebaton_baggage_entry_t],
    capacity: usize,
) -> (tracebaton_status_t, tracebaton_context_t) {
    changed(&context("", "old=1"), capacity, |context, buffer, capacity| {
        // SAFETY: all are there.
        unsafe { tracebaton_baggage_build(context, entries.as_ptr(), entries.len(), buffer, capacity) }
    })
}

#[test]
fn baggage_is_built_from_members_and_their_properties() {
    let entries = [
        member("user", "Amélie"),
        property("ttl", Some("30")),
        property("q", None),
        property("e", Some("")),
        member("region", "eu;%"),
    ];
    let whole = "user=Am%C3%A9lie;ttl=30;q;e=,region=eu%3B%25";
    let (status, context) = built(&entries, whole.len());
    assert_eq!((status, baggage(&context)), (OK, whole));
    assert_eq!(built(&entries, whole.len() - 1).0, code(TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL));
    let (status, context) = built(&[], 0);
    assert_eq!((status, baggage(&context), context.baggage), (OK, "", null()));
    assert_eq!(built(&entries[1..], 64).0, code(TRACEBATON_BAGGAGE_NO_MEMBER));
    assert_eq!(built(&[member("a b", "1")], 64).0, code(TRACEBATON_BAGGAGE_KEY));
    assert_eq!(built(&[member("a", "1"), property("", None)], 64).0, code(TRACEBATON_BAGGAGE_KEY));
    assert_eq!(built(&[member("a", "1"); 64], 8192).0, OK);
    assert_eq!(built(&[member("a", "1"); 65], 8192).0, code(TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS));
    let long = "x".repeat(8191);
    assert_eq!(built(&[member("a", &long)], 9000).0, code(TRACEBATON_BAGGAGE_TOO_LONG));
    let broken = tracebaton_baggage_entry_t { key: null(), ..member("a", "1") };
    assert_eq!(built(&[broken], 64).0, invalid(2));
    let broken = tracebaton_baggage_entry_t { value: null(), ..member("a", "1") };
    assert_eq!(built(&[member("b", "1"), broken], 64).0, invalid(2));
}

#[test]
fn what_is_built_is_found_again() {
    let (_, context) = built(&[member("user", "Amélie, \"x\"\\\u{1}%"), property("p", Some("=;"))], 256);
    let (mut found, mut buffer, mut size) = (zeros::<tracebaton_baggage_member_t>(), [0u8; 64], 0);
    // SAFETY: all are there.
    unsafe {
        assert_eq!(tracebaton_baggage_get(&context, chars("user"), 4, &mut found), OK);
        assert_eq!(tracebaton_baggage_value(&found, buffer.as_mut_ptr().cast(), 64, &mut size), OK);
    }
    assert_eq!(&buffer[..size], "Amélie, \"x\"\\\u{1}%".as_bytes());
}

#[test]
fn a_buffer_may_overlap_nothing_that_the_text_is_made_from() {
    let mut memory = *b"a=1,b=2;p,key,value-------------------------------------";
    let start: *mut c_char = memory.as_mut_ptr().cast();
    let key = start.cast_const().wrapping_add(10);
    let mut context = tracebaton_context_t {
        tracestate: start,
        tracestate_size: 3,
        baggage: start,
        baggage_size: 9,
        ..zeros()
    };
    let before = format!("{context:?}");
    let entry = tracebaton_baggage_entry_t { key, key_size: 3, value: start, value_size: 1, ..zeros() };
    // SAFETY: all of it is one array; each call is refused before anything is written.
    unsafe {
        for buffer in [start, start.add(2), start.add(12)] {
            let status = tracebaton_tracestate_insert(&mut context, key, 3, key.add(4), 5, buffer, 40);
            assert_eq!(status, OVERLAP);
            assert_eq!(tracebaton_baggage_set(&mut context, key, 3, key.add(4), 5, buffer, 40), OVERLAP);
            assert_eq!(tracebaton_baggage_remove(&mut context, key, 3, buffer, 40), OVERLAP);
            assert_eq!(tracebaton_tracestate_delete(&mut context, key, 3, buffer, 40), OVERLAP);
            assert_eq!(tracebaton_baggage_build(&mut context, &entry, 1, buffer, 40), OVERLAP);
        }
        assert_eq!(tracebaton_tracestate_truncate(&mut context, 512, start, 40), OVERLAP);
        let itself = (&raw const entry).cast_mut().cast();
        assert_eq!(tracebaton_baggage_build(&mut context, &entry, 1, itself, 16), OVERLAP);
        assert_eq!(format!("{context:?}"), before);
        let mut built = self::context("", "old=1");
        let (old, unchanged) = (built.baggage.cast_mut(), format!("{built:?}"));
        assert_eq!(tracebaton_baggage_build(&mut built, &entry, 1, old, 5), OVERLAP);
        assert_eq!(format!("{built:?}"), unchanged);
        let beside = start.add(19);
        assert_eq!(tracebaton_tracestate_insert(&mut context, key, 3, key.add(4), 5, beside, 37), OK);
    }
    assert_eq!(tracestate(&context), "key=value,a=1");
}
