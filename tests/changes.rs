//! Changes into buffers of every size, and where a change that is refused says it went wrong (C3, C4, C5).

use std::fmt::Debug;
use tracebaton::*;

/// A buffer of too few bytes is an error that says how many; one byte more, and the change is done.
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
fn what_was_built_before_an_error_is_kept() {
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
fn a_tracestate_change_says_where_its_argument_is_wrong() {
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
        ("ab ", Value, 2),
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
fn a_baggage_change_says_where_its_argument_is_wrong() {
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
fn a_65th_member_is_refused_where_it_would_begin() {
    let list = vec!["a=1"; 64].join(",");
    let mut buffer = [0; 8192];
    let error = BaggageError::new(BaggageRule::TooManyMembers, list.len());
    assert_eq!(baggage(&list).set("b", "1", &mut buffer), Err(error));
    let without = baggage(&list).remove("b", &mut buffer);
    assert_eq!(without.unwrap().as_bytes(), list.as_bytes());
}
