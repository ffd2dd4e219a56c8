use crate::support::*;
use std::ptr::null;
use tracebaton_ffi::*;

const END: tracebaton_status_t = TRACEBATON_END as tracebaton_status_t;
const NOT_FOUND: tracebaton_status_t = TRACEBATON_NOT_FOUND as tracebaton_status_t;
const TOO_SMALL: tracebaton_status_t = TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL as tracebaton_status_t;

/// The members, how many were skipped, and the status that ended them.
fn members(list: &'static str) -> (Vec<tracebaton_baggage_member_t>, usize, tracebaton_status_t) {
    let (context, mut cursor, mut member) = (context("", list), zeros::<tracebaton_cursor_t>(), zeros());
    let mut members = Vec::new();
    loop {
        // SAFETY: all are there.
        match unsafe { tracebaton_baggage_next(&context, &mut cursor, &mut member) } {
            OK => members.push(member),
            status => return (members, cursor.skipped, status),
        }
    }
}

fn properties(
    member: &tracebaton_baggage_member_t,
) -> (Vec<tracebaton_baggage_property_t>, tracebaton_status_t) {
    let (mut cursor, mut property, mut properties) = (zeros(), zeros(), Vec::new());
    loop {
        // SAFETY: all are there.
        match unsafe { tracebaton_baggage_property_next(member, &mut cursor, &mut property) } {
            OK => properties.push(property),
            status => return (properties, status),
        }
    }
}

fn decoded(member: &tracebaton_baggage_member_t) -> String {
    let (mut buffer, mut size) = (vec![0u8; member.value_size], 0);
    // SAFETY: all are there.
    let status =
        unsafe { tracebaton_baggage_value(member, buffer.as_mut_ptr().cast(), buffer.len(), &mut size) };
    assert_eq!(status, OK);
    String::from_utf8(buffer[..size].to_vec()).unwrap()
}

#[test]
fn members_with_values_and_properties() {
    let (members, skipped, status) =
        members("user = Am%C3%A9lie ;ttl=%30; q ; ttl = 2, malformed, region=eu,,bad key=1, k=%ff%");
    assert_eq!((members.len(), skipped, status), (3, 2, END));
    let user = &members[0];
    assert_eq!(text(user.member, user.member_size), "user = Am%C3%A9lie ;ttl=%30; q ; ttl = 2");
    assert_eq!((text(user.key, user.key_size), text(user.value, user.value_size)), ("user", "Am%C3%A9lie"));
    assert_eq!(text(user.properties, user.properties_size), "ttl=%30; q ; ttl = 2");
    assert_eq!(
        (decoded(user), decoded(&members[1]), decoded(&members[2])),
        ("Amélie".into(), "eu".into(), "\u{fffd}%".into())
    );
    let (properties, status) = properties(user);
    let seen: Vec<_> = properties
        .iter()
        .map(|property| {
            let value = Some(property.value).filter(|value| !value.is_null());
            (text(property.key, property.key_size), value.map(|value| text(value, property.value_size)))
        })
        .collect();
    assert_eq!((seen, status), (vec![("ttl", Some("%30")), ("q", None), ("ttl", Some("2"))], END));
    assert_eq!(text(properties[2].property, properties[2].property_size), "ttl = 2");
}

#[test]
fn the_same_members_as_those_of_the_rust_api() {
    for list in [
        "",
        ",",
        " , \t",
        "a=1;p;q=2;r=",
        "a=1;,b=2",
        "a=1; ;q,b=2",
        "a==b=c",
        "a=1,a=2, a=3 ;x = y ",
        "a=,b= ;p=",
        "a=b\u{e9}",
        "no-value;p",
        &(0..70).map(|index| format!("k{index}=v;p{index},x,")).collect::<String>(),
    ] {
        let list: &'static str = list.to_owned().leak();
        let mut expected = tracebaton::Baggage::parse(list.as_bytes()).unwrap().members();
        let (ours, skipped, status) = members(list);
        let mut ours = ours.iter();
        for member in expected.by_ref() {
            let our = ours.next().unwrap();
            assert_eq!(view(our.member, our.member_size), member.as_bytes());
            assert_eq!(view(our.key, our.key_size), member.key());
            assert_eq!(view(our.value, our.value_size), member.value().as_bytes());
            assert_eq!(view(our.properties, our.properties_size), member.metadata());
            assert_eq!(decoded(our), member.value().to_string());
            let (properties, end) = properties(our);
            assert_eq!((properties.len(), end), (member.properties().count(), END));
            for (property, expected) in properties.iter().zip(member.properties()) {
                assert_eq!(view(property.key, property.key_size), expected.key());
                assert_eq!(property.value.is_null(), expected.value().is_none());
                let value = expected.value().map_or(&[][..], |value| value.as_bytes());
                assert_eq!(view(property.value, property.value_size), value);
            }
        }
        assert_eq!((ours.count(), skipped, status), (0, expected.skipped(), END), "{list}");
    }
}

#[test]
fn a_control_byte_refuses_the_whole_list() {
    let (members, _, status) = members("a=1,b=\u{1}");
    assert_eq!((members.len(), status), (0, code(TRACEBATON_BAGGAGE_CONTROL_BYTE)));
}

#[test]
fn a_member_by_its_key() {
    for (list, key, status, value) in [
        ("a=1,b=2,a=3", "a", OK, "3"),
        ("a=1,b=2", "A", NOT_FOUND, ""),
        ("", "a", NOT_FOUND, ""),
        ("a=\u{1}", "a", code(TRACEBATON_BAGGAGE_CONTROL_BYTE), ""),
    ] {
        let mut member: tracebaton_baggage_member_t = zeros();
        // SAFETY: all are there.
        let found = unsafe { tracebaton_baggage_get(&context("", list), chars(key), key.len(), &mut member) };
        assert_eq!((found, text(member.value, member.value_size)), (status, value), "{list} {key}");
    }
}

#[test]
fn a_member_that_no_list_can_have_is_refused() {
    let long = format!("k={}", "v".repeat(TRACEBATON_BAGGAGE_MAX_SIZE));
    let mut member = members("k=v").0[0];
    (member.member, member.member_size) = (chars(&long), long.len());
    let mut size = 77;
    // SAFETY: all are there.
    let status = unsafe { tracebaton_baggage_value(&member, std::ptr::null_mut(), 0, &mut size) };
    assert_eq!((status, size), (code(TRACEBATON_BAGGAGE_TOO_LONG), 77));
}

#[test]
fn decoding_needs_room_and_a_place_of_its_own() {
    let list = String::from("k=%41bc;p=%42;q").leak();
    let (pointer, list): (*mut u8, &'static str) = (list.as_mut_ptr(), list);
    let member = members(list).0[0];
    let (mut buffer, mut size) = ([0u8; 8], 77);
    // SAFETY: all are there; the overlap is refused before anything is written.
    unsafe {
        assert_eq!(tracebaton_baggage_value(&member, buffer.as_mut_ptr().cast(), 2, &mut size), TOO_SMALL);
        assert_eq!(tracebaton_baggage_value(&member, std::ptr::null_mut(), 0, &mut size), TOO_SMALL);
        assert_eq!(tracebaton_baggage_value(&member, std::ptr::null_mut(), 8, &mut size), invalid(2));
        let overlap = code(TRACEBATON_OVERLAP);
        assert_eq!(tracebaton_baggage_value(&member, pointer.add(2).cast(), 3, &mut size), overlap);
        assert_eq!(size, 77);
        assert_eq!(tracebaton_baggage_value(&member, buffer.as_mut_ptr().cast(), 3, &mut size), OK);
        assert_eq!(&buffer[..size], b"Abc");
        let (properties, _) = properties(&member);
        let (with, without) = (&properties[0], &properties[1]);
        let place = buffer.as_mut_ptr().cast();
        assert_eq!(tracebaton_baggage_property_value(with, place, 8, &mut size), OK);
        assert_eq!((size, buffer[0]), (1, b'B'));
        assert_eq!(tracebaton_baggage_property_value(without, place, 8, &mut size), NOT_FOUND);
        assert_eq!(tracebaton_baggage_property_value(with, place, 0, &mut size), TOO_SMALL);
        assert_eq!(tracebaton_baggage_property_value(null(), place, 8, &mut size), invalid(1));
        assert_eq!(tracebaton_baggage_value(null(), place, 8, &mut size), invalid(1));
        assert_eq!(tracebaton_baggage_value(&member, place, 8, std::ptr::null_mut()), invalid(4));
    }
}

#[test]
fn empty_properties_are_skipped() {
    for (text, keys) in [("a=1;", &[][..]), ("a=1; ;;", &[]), ("a=1;;p; ;q=2;", &["p", "q"])] {
        let member = tracebaton_baggage_member_t { member: chars(text), member_size: text.len(), ..zeros() };
        let (mut cursor, mut property, mut read): (_, tracebaton_baggage_property_t, _) =
            (zeros(), zeros(), vec![]);
        // SAFETY: all are there.
        while unsafe { tracebaton_baggage_property_next(&member, &mut cursor, &mut property) } == OK {
            read.push(view(property.key, property.key_size));
        }
        assert_eq!(read, keys.iter().map(|key| key.as_bytes()).collect::<Vec<_>>(), "{text}");
        assert_eq!(cursor.members, keys.len(), "{text}");
    }
}

#[test]
fn what_is_no_member_is_refused() {
    let (mut cursor, mut property, mut size) = (zeros(), zeros(), 0);
    let mut buffer = [0u8; 8];
    for garbage in ["", "k", "a=1,b=2", " a=1", "a=1;=", "a b=1"] {
        let member =
            tracebaton_baggage_member_t { member: chars(garbage), member_size: garbage.len(), ..zeros() };
        // SAFETY: all are there.
        unsafe {
            assert_eq!(
                tracebaton_baggage_property_next(&member, &mut cursor, &mut property),
                invalid(1),
                "{garbage}"
            );
            let place = buffer.as_mut_ptr().cast();
            assert_eq!(tracebaton_baggage_value(&member, place, 8, &mut size), invalid(1), "{garbage}");
            let (property, property_size) = (member.member, member.member_size);
            let property =
                tracebaton_baggage_property_t { property, property_size, value: property, ..zeros() };
            assert_eq!(
                tracebaton_baggage_property_value(&property, place, 8, &mut size),
                invalid(1),
                "{garbage}"
            );
        }
    }
}

#[test]
fn a_cursor_in_the_middle_is_checked_from_there() {
    let list = context("", "a=1,b=\u{1}");
    let member = "a=1;b c=2;d=3";
    let member = tracebaton_baggage_member_t { member: chars(member), member_size: member.len(), ..zeros() };
    let mut property = zeros();
    // SAFETY: all are there.
    let next = |position| unsafe {
        let mut cursor = tracebaton_cursor_t { position, ..zeros() };
        tracebaton_baggage_property_next(&member, &mut cursor, &mut property)
    };
    assert_eq!([0, 4, 10, 13].map(next), [invalid(1), invalid(1), OK, invalid(2)]);
    assert_eq!(text(property.value, property.value_size), "3");
    let mut cursor = tracebaton_cursor_t { position: 4, ..zeros() };
    // SAFETY: all are there.
    let status = unsafe { tracebaton_baggage_next(&list, &mut cursor, &mut zeros()) };
    assert_eq!((status, cursor.position), (code(TRACEBATON_BAGGAGE_CONTROL_BYTE), 4));
    let member =
        tracebaton_baggage_member_t { member: list.baggage, member_size: list.baggage_size, ..zeros() };
    // SAFETY: all are there.
    let status = unsafe { tracebaton_baggage_value(&member, &mut 0, 1, &mut 0) };
    assert_eq!(status, code(TRACEBATON_BAGGAGE_CONTROL_BYTE));
}

#[test]
#[cfg_attr(miri, ignore = "measures time")]
fn a_list_of_the_greatest_length_takes_linear_time() {
    let most_members = "a=1,".repeat(2047);
    let most_malformed = ",=".repeat(4096);
    let most_properties = format!("a=1{}", ";p".repeat(4094));
    for (list, expected) in [(most_members, 64), (most_malformed, 0), (most_properties, 1)] {
        let list: &'static str = list.leak();
        let start = std::time::Instant::now();
        let (members, _, status) = members(list);
        assert_eq!((members.len(), status), (expected, END));
        if let [member] = &members[..] {
            assert_eq!(properties(member).0.len(), 4094);
        }
        assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
    }
}
