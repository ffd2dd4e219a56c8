//! The codec reads and changes `tracestate` as the plain reading does (`PROFILE.md` R7, C3, C4).

mod generated;

use generated::{Mutants, bytes, cases, tracestate as values};
use proptest::prelude::*;
use tracebaton::{TraceState, TraceStateError};
use tracebaton_oracle as oracle;

/// Both readings of `value` are the same.
fn compare(value: &[u8]) {
    let seen = TraceState::parse(value);
    let plain = seen.map(members).map_err(refusal);
    let expected = oracle::tracestate(value);
    assert_eq!(plain, expected, "{}", value.escape_ascii());
    let (Ok(seen), Ok(expected)) = (seen, expected) else { return };
    assert_eq!(seen.as_bytes(), value);
    assert_eq!(seen.len(), expected.len(), "{}", value.escape_ascii());
    assert_eq!(seen.is_empty(), expected.is_empty(), "{}", value.escape_ascii());
    assert_eq!(seen.get("no member has this key"), None);
    for (key, _) in expected.iter().take(3) {
        let first = expected.iter().find(|(other, _)| other == key).unwrap();
        assert_eq!(seen.get(key), Some(&first.1[..]), "{}", value.escape_ascii());
    }
}

fn members(state: TraceState<'_>) -> Vec<oracle::Pair> {
    state.members().map(|member| (member.key.to_vec(), member.value.to_vec())).collect()
}

fn refusal(error: TraceStateError) -> oracle::Refusal {
    (error.rule.name(), error.offset)
}

/// `change` gives what is `expected`, in a buffer of just that size, and needs one of that size.
fn compare_change(
    expected: Result<Vec<u8>, oracle::Refusal>,
    change: impl for<'b> Fn(&'b mut [u8]) -> Result<TraceState<'b>, TraceStateError>,
) {
    let size = expected.as_ref().map_or(0, Vec::len);
    let mut buffer = vec![0; size];
    let seen = change(&mut buffer);
    assert_eq!(seen.map(|state| state.as_bytes().to_vec()).map_err(refusal), expected);
    let Ok(state) = seen else { return };
    assert_eq!(Ok(state), TraceState::parse(state.as_bytes()), "a result is in order");
    if size > 0 {
        let error = change(&mut vec![0; size - 1]).unwrap_err();
        assert_eq!(error.rule.name(), "buffer_too_small");
    }
}

#[test]
fn every_byte_at_every_position() {
    // Keys of each length up to 9, since the codec takes several bytes at once.
    for valid in
        (0..9).map(|more| format!(" r{}=00f067aa0ba902b7 ,\t,congo@1= t61 kgMzE\t", "o".repeat(more)))
    {
        for position in 0..valid.len() {
            for byte in 0..=u8::MAX {
                let mut value = valid.clone().into_bytes();
                value[position] = byte;
                compare(&value);
            }
        }
    }
}

#[test]
fn every_short_value() {
    let alphabet = b"aA=, \t_";
    let mut shorter = vec![vec![]];
    for _ in 0..6 {
        let longer =
            shorter.iter().flat_map(|value| alphabet.iter().map(move |byte| [&value[..], &[*byte]].concat()));
        shorter = longer.collect();
        shorter.iter().for_each(|value| compare(value));
    }
}

#[test]
fn every_length_about_the_limits() {
    for length in 0..600 {
        for (key, value) in [("k".repeat(length), "v".into()), ("k".into(), "v".repeat(length))] {
            for rest in ["", " ", "\t,a=1", " \x01", ".", " x", "\t x", "= x", "\u{e4}"] {
                compare(format!("{key}={value}{rest}").as_bytes());
                compare(format!("{key}{rest}={value}").as_bytes());
            }
        }
    }
    for length in 8185..8200 {
        compare(format!("a={}", ",".repeat(length - 2)).as_bytes());
        compare(format!("a=1{}b=1", " ,\t".repeat(length / 3 - 2)).as_bytes());
        compare("=".repeat(length).as_bytes());
    }
}

#[test]
fn every_count_about_the_limit() {
    for count in 0..40 {
        for member in ["a=1,", " a=1\t,", "a=1,,", ", ,a= 1 , "] {
            for rest in ["", "=", " =", "a", "a=\x01", "\t, ,"] {
                compare((member.repeat(count) + rest).as_bytes());
            }
        }
    }
}

#[test]
fn every_place_in_long_runs() {
    // The codec takes up to 64 bytes at once; whatever stops a run must be seen wherever it is among them.
    for length in [1, 15, 16, 17, 31, 33, 62, 63, 64, 65, 66, 100, 127, 128, 129, 130, 191, 192, 193, 200] {
        for place in 0..length {
            for stop in [b"=", b",", b" ", b"\t", b"\0", b"\x7f", b"\x80", b"\xff", b"A", b"+"] {
                let run = [&vec![b'a'; place][..], stop, &vec![b'z'; length - place - 1]].concat();
                compare(&run);
                compare(&[&run[..], b"=1"].concat());
                compare(&[b"k=", &run[..]].concat());
                compare(&[b"k=", &run[..], b",l=", &run[place + 1..], b"1"].concat());
            }
        }
    }
    for (place, byte) in (0..130).flat_map(|place| (0..=u8::MAX).map(move |byte| (place, byte))) {
        let mut value = [b"k=".as_slice(), &[b'v'; 128]].concat();
        value[place] = byte;
        compare(&value);
    }
}

#[test]
fn inserts_about_the_limits() {
    for members in 29..33 {
        let list = vec![format!("k={}", "v".repeat(253)); members].join(",");
        let state = TraceState::parse(list.as_bytes()).unwrap();
        for length in 240..257 {
            // 31 members and the new one have 8,192 bytes when its value has 252.
            let value = "n".repeat(length);
            let expected = oracle::tracestate_insert(list.as_bytes(), b"new", value.as_bytes());
            compare_change(expected, |buffer| state.insert("new", &value, buffer));
        }
    }
}

proptest! {
    #![proptest_config(cases(6_000))]

    #[test]
    fn near_valid(value in values::near_valid()) {
        compare(&value);
    }

    #[test]
    fn without_form(value in bytes()) {
        compare(&value);
    }
}

proptest! {
    #![proptest_config(cases(1_200))]

    #[test]
    fn mutants(mutants in Mutants::of(values::valid())) {
        mutants.values().for_each(|value| compare(&value));
    }
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn insert_and_delete(list in values::valid(), key in values::part(), value in values::part()) {
        if let Ok(state) = TraceState::parse(&list) {
            compare_change(oracle::tracestate_insert(&list, &key, &value), |buffer| state.insert(&key, &value, buffer));
            compare_change(oracle::tracestate_delete(&list, &key), |buffer| state.delete(&key, buffer));
        }
    }

    #[test]
    fn truncate(list in values::valid(), limit in 500..3_000_usize) {
        if let Ok(state) = TraceState::parse(&list) {
            compare_change(oracle::tracestate_truncate(&list, limit), |buffer| state.truncate(limit, buffer));
        }
    }
}
