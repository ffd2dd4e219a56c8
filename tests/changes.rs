//! Changes into buffers of every size, and the offsets in the errors of refused changes (C3, C4, C5).

use std::fmt::Debug;
use tracebaton::*;

/// A buffer that is one byte too small is an error with the needed size. With one byte more, the change succeeds.
fn fits_exactly<Rule: Copy + Debug + PartialEq>(
    too_small: Rule,
    expected: &str,
    change: impl Fn(&mut [u8]) -> Result<Vec<u8>, Violation<Rule>>,
) {
    for capacity in 0..expected.len() {
        let error = Violation::new(too_small, capacity);
        assert_eq!(change(&mut vec![0; capacity]), Err(error), "{expected} into {capacity} bytes");
    }
    for capacity in [expected.len(), expected.len() + 1, 8192, 9000] {
        assert_eq!(change(&mut vec![0; capacity]), Ok(expected.as_bytes().to_vec()), "into {capacity} bytes");
    }
}

fn state(list: &str) -> TraceState<'_> {
    TraceState::parse(list.as_bytes()).unwrap()
}

fn baggage(list: &str) -> Baggage<'_> {
    Baggage::parse(list.as_bytes()).unwrap()
}

#[test]
fn a_buffer_takes_a_tracestate_if_all_of_it_fits() {
    let (before, too_small) = (state("b=2 ,a=0, c=3"), TraceStateRule::BufferTooSmall);
    fits_exactly(too_small, "a=1,b=2,c=3", |buffer| {
        before.insert("a", "1", buffer).map(|after| after.as_bytes().to_vec())
    });
    fits_exactly(too_small, "b=2,c=3", |buffer| {
        before.delete("a", buffer).map(|after| after.as_bytes().to_vec())
    });
    fits_exactly(too_small, "b=2,a=0,c=3", |buffer| {
        before.truncate(512, buffer).map(|after| after.as_bytes().to_vec())
    });
}

#[test]
fn a_buffer_takes_a_baggage_if_all_of_it_fits() {
    let (before, too_small) = (baggage("b=2;p=q ,a=0, malformed,c=3"), BaggageRule::BufferTooSmall);
    fits_exactly(too_small, "b=2;p=q,c=3,a=%20", |buffer| {
        before.set("a", " ", buffer).map(|after| after.as_bytes().to_vec())
    });
    fits_exactly(too_small, "b=2;p=q,c=3", |buffer| {
        before.remove("a", buffer).map(|after| after.as_bytes().to_vec())
    });
    fits_exactly(too_small, "user=%C3%A9;ttl=%3B;q;r=,key=v", |buffer| {
        let mut builder = BaggageBuilder::new(buffer);
        builder.add("user", "é")?.add_property("ttl", Some(";"))?.add_property("q", None)?;
        builder.add_property_bytes(b"r", Some(b""))?.add("key", "v")?;
        Ok(builder.finish().as_bytes().to_vec())
    });
}

#[test]
fn parts_built_before_an_error_are_kept() {
    let mut buffer = [0; 16];
    let mut builder = BaggageBuilder::new(&mut buffer);
    assert_eq!(builder.add_property("p", None).unwrap_err(), BaggageError::new(BaggageRule::NoMember, 0));
    builder.add("key", "value").unwrap();
    let full = BaggageError::new(BaggageRule::BufferTooSmall, 16);
    assert_eq!(builder.add("next", "value").unwrap_err(), full);
    assert_eq!(builder.add("a", "%%").unwrap_err(), full, "%25%25 does not fit");
    assert_eq!(builder.add_property("p", Some("value")).unwrap_err(), full);
    let bad = BaggageError::new(BaggageRule::Key, 1);
    assert_eq!(builder.add("n k", "1").unwrap_err(), bad);
    assert_eq!(builder.add_property("p;", None).unwrap_err(), bad);
    builder.add_property("p", Some("%")).unwrap();
    assert_eq!(builder.finish().as_bytes(), b"key=value;p=%25");
}

#[test]
fn a_tracestate_change_reports_the_offset_in_its_argument() {
    use TraceStateRule::*;
    let (key, value) = ("k".repeat(256), "v".repeat(256));
    let (before, mut buffer) = (state("a=1"), [0; 1024]);
    for (key, rule, offset) in [
        ("", KeyStart, 0),
        ("_", KeyStart, 0),
        ("a b", Key, 1),
        ("ab\0", Key, 2),
        ("ab ", Key, 2),
        (&format!("{key}="), Key, 256),
        (&format!("{key}k"), KeyTooLong, 256),
        (&format!("{key}k="), KeyTooLong, 256),
        (&format!("_{key}="), KeyStart, 0),
    ] {
        let error = TraceStateError::new(rule, offset);
        assert_eq!(before.insert(key, "1", &mut buffer), Err(error), "{key}");
        assert_eq!(before.delete(key, &mut buffer), Err(error), "{key}");
    }
    for (value, rule, offset) in [
        ("", ValueEmpty, 0),
        ("  ", ValueEmpty, 0),
        ("ab,", Value, 2),
        ("ab ", ValueEnd, 2),
        (" a\t", Value, 2),
        (&format!("{value}="), Value, 256),
        (&format!("{value}v"), ValueTooLong, 256),
        (&format!("{value} "), ValueTooLong, 256),
        (&format!("{value}v="), ValueTooLong, 256),
        (&" ".repeat(257), ValueTooLong, 256),
    ] {
        assert_eq!(
            before.insert("b", value, &mut buffer),
            Err(TraceStateError::new(rule, offset)),
            "{value}"
        );
    }
    assert_eq!(before.insert(&key, &value, &mut buffer).unwrap().len(), 2);
    for limit in [0, 1, 511] {
        let error = TraceStateError::new(LimitTooSmall, limit);
        assert_eq!(before.truncate(limit, &mut buffer), Err(error));
    }
}

#[test]
fn a_baggage_change_reports_the_offset_in_its_argument() {
    let (before, mut buffer) = (baggage("a=1"), [0; 64]);
    for (key, offset) in [("", 0), (" a", 0), ("a b", 1), ("ab=", 2), ("é", 0)] {
        let error = BaggageError::new(BaggageRule::Key, offset);
        assert_eq!(before.set(key, "1", &mut buffer), Err(error), "{key}");
        assert_eq!(before.remove(key, &mut buffer), Err(error), "{key}");
    }
}

#[test]
fn no_buffer_makes_a_baggage_too_long() {
    let too_long = BaggageError::new(BaggageRule::TooLong, 8192);
    for capacity in [8191, 8192, 8193, 10_000] {
        let mut buffer = vec![0; capacity];
        let mut builder = BaggageBuilder::new(&mut buffer);
        builder.add("k", "v".repeat(8186)).unwrap();
        let full = BaggageError::new(BaggageRule::BufferTooSmall, 8191);
        let error = if capacity < 8192 { full } else { too_long };
        assert_eq!(builder.add("l", "12").unwrap_err(), error, "{capacity}");
        assert_eq!(builder.add_property("p", Some("12")).unwrap_err(), error, "{capacity}");
        assert_eq!(builder.add_property("p", Some("1")).is_ok(), capacity >= 8192, "{capacity}");
        assert_eq!(builder.finish().as_bytes().len(), if capacity < 8192 { 8188 } else { 8192 });
    }
}

#[test]
fn a_65th_member_is_refused_at_its_beginning() {
    let list = vec!["a=1"; 64].join(",");
    let mut buffer = [0; 8192];
    let error = BaggageError::new(BaggageRule::TooManyMembers, list.len());
    assert_eq!(baggage(&list).set("b", "1", &mut buffer), Err(error));
    let without = baggage(&list).remove("b", &mut buffer);
    assert_eq!(without.unwrap().as_bytes(), list.as_bytes());
}

#[test]
fn a_copied_65th_member_is_refused() {
    let list = vec!["a=1"; 64].join(",");
    let (member, mut buffer) = (baggage("b=1;p").get("b").unwrap(), [0; 8192]);
    let mut builder = BaggageBuilder::from_baggage(&baggage(&list), &mut buffer).unwrap();
    let error = BaggageError::new(BaggageRule::TooManyMembers, list.len());
    assert_eq!(builder.copy(&member).unwrap_err(), error);
    builder.remove("a").unwrap().copy(&member).unwrap();
    assert_eq!(builder.finish().as_bytes(), b"b=1;p");
}

#[test]
fn a_member_is_set_where_it_is_read_in_a_longer_list() {
    for others in [62, 63, 64, 65, 80] {
        let mut members: Vec<_> = (0..others).map(|number| format!("k{number}=1;p")).collect();
        let list = format!("a=0,{}", members.join(" , "));
        members.insert(others.min(63), "a=%20".to_owned());
        let expected = members.join(",");
        fits_exactly(BaggageRule::BufferTooSmall, &expected, |buffer| {
            baggage(&list).set("a", " ", buffer).map(|after| after.as_bytes().to_vec())
        });
        let mut buffer = vec![0; 8192];
        buffer[..list.len()].copy_from_slice(list.as_bytes());
        let mut builder = BaggageBuilder::in_place(&mut buffer, list.len()).unwrap();
        builder.set("a", " ").unwrap();
        let property = builder.add_property("p", None).map(drop);
        let is_last = others < 64;
        assert_eq!(property.is_ok(), is_last, "only the last member takes a property");
        let end = if is_last { ";p" } else { "" };
        assert_eq!(builder.finish().to_string(), format!("{expected}{end}"));
    }
}

#[test]
fn a_33rd_member_is_dropped() {
    let list = (0..32).map(|number| format!("k{number}=1")).collect::<Vec<_>>().join(",");
    let (mut copy, mut buffer) = ([0; 8192], [0; 8192]);
    let mut builder = TraceStateBuilder::from_trace_state(&state(&list), &mut buffer).unwrap();
    builder.insert("new", "1").unwrap();
    let after = state(&list).insert("new", "1", &mut copy).unwrap();
    assert_eq!(after.as_str(), format!("new=1,{}", list.strip_suffix(",k31=1").unwrap()));
    assert_eq!(builder.finish(), after);
}

/// Pseudo-random numbers, the same in every run.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    }
}

const KEYS: [&str; 8] = ["a", "b", "c", "key", "vendor@system", "A", "", "not a key"];
const VALUES: [&str; 8] = ["1", "22", "long value", "", "é,;", "x ", "=", "%"];

/// A list of at most this many members, some of them malformed or with white space around them.
fn list_of(members: usize, number: &mut impl FnMut(usize) -> usize) -> String {
    let pieces = ["a=1", "b=2", "c=3", " key=4", "vendor@system=5 ", "d=6"].map(str::to_owned);
    let piece = |number: &mut dyn FnMut(usize) -> usize| pieces[number(pieces.len())].clone();
    let count = number(members);
    (0..count).map(|_| piece(number)).collect::<Vec<_>>().join(",")
}

#[test]
fn a_tracestate_builder_equals_repeated_copies() {
    for seed in 0..400 {
        let mut number = numbers(seed);
        let list = list_of(33, &mut number);
        let capacity = [64, 520, 8192, 9000][number(4)];
        let mut expected = list.clone();
        let mut buffers = [vec![0; capacity], vec![0; capacity.max(list.len())]];
        buffers[1][..list.len()].copy_from_slice(list.as_bytes());
        let [first, second] = &mut buffers;
        let mut builders = vec![TraceStateBuilder::in_place(second, list.len()).unwrap()];
        builders.extend(TraceStateBuilder::from_trace_state(&state(&list), first));
        for _ in 0..8 {
            let (key, value, limit) = (KEYS[number(8)], VALUES[number(8)], 500 + number(100));
            let kind = number(3);
            let mut errors = Vec::new();
            for builder in &mut builders {
                errors.push(match kind {
                    0 => builder.insert(key, value).err(),
                    1 => builder.delete(key).err(),
                    _ => builder.truncate(limit).err(),
                });
            }
            let (mut buffer, before) = (vec![0; capacity.max(list.len())], state(&expected));
            let after = match kind {
                0 => before.insert(key, value, &mut buffer),
                1 => before.delete(key, &mut buffer),
                _ => before.truncate(limit, &mut buffer),
            };
            assert_eq!(errors[0], after.err(), "{seed}");
            if let Ok(after) = after {
                expected = after.to_string();
            } else if errors[0].is_some_and(|error| error.rule == TraceStateRule::BufferTooSmall) {
                break;
            }
        }
        for builder in builders.drain(..1) {
            let found = builder.finish();
            assert_eq!(found.members().collect::<Vec<_>>(), state(&expected).members().collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_baggage_builder_equals_repeated_copies() {
    for seed in 0..400 {
        let mut number = numbers(seed);
        let list = list_of(if seed % 2 == 0 { 6 } else { 80 }, &mut number);
        let capacity = list.len() + number(40);
        let mut expected = list.clone();
        let mut buffer = vec![0; capacity];
        buffer[..list.len()].copy_from_slice(list.as_bytes());
        let mut builder = BaggageBuilder::in_place(&mut buffer, list.len()).unwrap();
        for _ in 0..8 {
            let (key, value) = (KEYS[number(8)], VALUES[number(8)]);
            let sets = number(3) > 0;
            let error = if sets { builder.set(key, value).err() } else { builder.remove(key).err() };
            let (mut copy, before) = (vec![0; capacity], baggage(&expected));
            let after = if sets { before.set(key, value, &mut copy) } else { before.remove(key, &mut copy) };
            assert_eq!(error, after.err(), "{seed}: {list} {key} {value}");
            if let Ok(after) = after {
                expected = std::str::from_utf8(after.as_bytes()).unwrap().to_owned();
            }
        }
        assert_eq!(builder.finish().to_string(), expected, "{seed}: {list}");
    }
}

#[test]
fn a_refused_builder_step_changes_nothing() {
    let mut buffer = *b"a=1, malformed ,b=2....";
    let mut builder = BaggageBuilder::in_place(&mut buffer, 19).unwrap();
    for (key, value, rule) in [
        ("c", "fourteen bytes", BaggageRule::BufferTooSmall),
        ("c d", "", BaggageRule::Key),
        ("a", &"x".repeat(9000), BaggageRule::BufferTooSmall),
    ] {
        let error = builder.set(key, value).map(drop).unwrap_err();
        assert_eq!(error.rule, rule, "{key}");
    }
    assert_eq!(builder.add_property("p", None).map(drop).unwrap_err().rule, BaggageRule::NoMember);
    assert_eq!(builder.finish().as_bytes(), b"a=1, malformed ,b=2");
    assert_eq!(&buffer, b"a=1, malformed ,b=2....");

    let mut buffer = *b"a=1, b=2..";
    let mut builder = TraceStateBuilder::in_place(&mut buffer, 8).unwrap();
    let error = builder.insert("c", "1234").map(drop).unwrap_err();
    assert_eq!(error, TraceStateError::new(TraceStateRule::BufferTooSmall, 10));
    let error = builder.insert("c", "1 ").map(drop).unwrap_err();
    assert_eq!(error, TraceStateError::new(TraceStateRule::ValueEnd, 1));
    assert_eq!(builder.finish().as_bytes(), b"a=1, b=2");
}

#[test]
fn a_builder_starts_with_the_received_list() {
    let mut buffer = [0; 64];
    let mut builder = BaggageBuilder::from_baggage(&baggage("a=1;p, x ,b=2"), &mut buffer).unwrap();
    builder.set("a", "3").unwrap().add_property("q", Some("r")).unwrap().add("c", "4").unwrap();
    assert_eq!(builder.finish().as_bytes(), b"b=2,a=3;q=r,c=4");
    let list = baggage("a=1,b=2");
    for capacity in 0..7 {
        let mut buffer = vec![0; capacity];
        let error = BaggageBuilder::from_baggage(&list, &mut buffer).map(drop).unwrap_err();
        assert_eq!(error, BaggageError::new(BaggageRule::BufferTooSmall, capacity));
        let error =
            TraceStateBuilder::from_trace_state(&state("a=1,b=2"), &mut buffer).map(drop).unwrap_err();
        assert_eq!(error, TraceStateError::new(TraceStateRule::BufferTooSmall, capacity));
    }
    for length in [8, usize::MAX] {
        let error = BaggageBuilder::in_place(&mut [0; 7], length).map(drop).unwrap_err();
        assert_eq!(error, BaggageError::new(BaggageRule::BufferTooSmall, 7));
        let error = TraceStateBuilder::in_place(&mut [0; 7], length).map(drop).unwrap_err();
        assert_eq!(error, TraceStateError::new(TraceStateRule::BufferTooSmall, 7));
    }
    assert!(BaggageBuilder::in_place(&mut [1; 7], 7).is_err());
    assert!(TraceStateBuilder::in_place(&mut [b'A'; 7], 7).is_err());
}
