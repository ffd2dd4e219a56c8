//! The codec reads, writes and changes `baggage` as the plain reading does (`PROFILE.md` R8, C5).

mod generated;

use generated::{Mutants, baggage as values, bytes, cases, form};
use proptest::collection::vec;
use proptest::prelude::*;
use tracebaton::{Baggage, BaggageBuilder, BaggageError, BaggageMember, BaggageValue};
use tracebaton_oracle as oracle;

/// Both readings of `value` are the same.
fn compare(value: &[u8]) {
    let seen = Baggage::parse(value);
    let plain = seen.map(read).map_err(refusal);
    let expected = oracle::baggage(value);
    assert_eq!(plain, expected, "{}", value.escape_ascii());
    let (Ok(seen), Ok(expected)) = (seen, expected) else { return };
    assert_eq!(seen.as_bytes(), value);
    assert_eq!(
        seen.is_empty(),
        expected.members.is_empty() && expected.skipped == 0,
        "{}",
        value.escape_ascii()
    );
    assert_eq!(seen.get("no member has this key"), None);
    for member in expected.members.iter().take(3) {
        let last = expected.members.iter().rfind(|other| other.key == member.key).unwrap();
        let got = seen.get(&member.key).map(|member| plain_member(&member));
        assert_eq!(got.as_ref(), Some(last), "{}", value.escape_ascii());
    }
}

fn read(baggage: Baggage<'_>) -> oracle::Baggage {
    let mut members = baggage.members();
    let read = members.by_ref().map(|member| plain_member(&member)).collect();
    oracle::Baggage { members: read, skipped: members.skipped() }
}

fn plain_member(member: &BaggageMember<'_>) -> oracle::Member {
    let property = |property: tracebaton::BaggageProperty<'_>| {
        (property.key().to_vec(), property.value().map(|value| encoded(&value)))
    };
    oracle::Member {
        text: member.as_bytes().to_vec(),
        key: member.key().to_vec(),
        value: encoded(&member.value()),
        properties: member.properties().map(property).collect(),
    }
}

/// The value as it came and decoded, which each way of decoding gives alike.
fn encoded(value: &BaggageValue<'_>) -> oracle::Encoded {
    let decoded: String = value.chars().collect();
    let mut buffer = vec![0; value.as_bytes().len()];
    assert_eq!(value.to_string(), decoded);
    if let Some(text) = value.decode_into(&mut buffer) {
        assert_eq!(text, decoded);
    } else {
        assert!(decoded.len() > buffer.len(), "it fits");
    }
    oracle::Encoded { raw: value.as_bytes().to_vec(), decoded }
}

fn refusal(error: BaggageError) -> oracle::Refusal {
    (error.rule.name(), error.offset)
}

/// `change` gives what is `expected`, in a buffer of just that size, and needs one of that size.
fn compare_change(
    expected: Result<Vec<u8>, oracle::Refusal>,
    change: impl for<'b> Fn(&'b mut [u8]) -> Result<Baggage<'b>, BaggageError>,
) {
    let size = expected.as_ref().map_or(Baggage::MAX_LENGTH, Vec::len);
    let seen = change(&mut vec![0; size]).map(|baggage| baggage.as_bytes().to_vec());
    match (seen, expected) {
        // There is no byte at fault, so that the offset says nothing.
        (Err(error), Err(("too_many_members", _))) => assert_eq!(error.rule.name(), "too_many_members"),
        (seen, expected) => assert_eq!(seen.map_err(refusal), expected),
    }
    if (1..Baggage::MAX_LENGTH).contains(&size) {
        let error = change(&mut vec![0; size - 1]).unwrap_err();
        assert_eq!(error.rule.name(), "buffer_too_small");
    }
}

#[test]
fn every_byte_at_every_position() {
    let valid = b" k1 = v%C3%A4=1 ;\tp = %20 ; q,\t,K-2=;p=\t";
    for position in 0..valid.len() {
        for byte in 0..=u8::MAX {
            let mut value = valid.to_vec();
            value[position] = byte;
            compare(&value);
        }
    }
}

#[test]
fn every_short_value() {
    let alphabet = b"a=,; \t\"";
    let mut shorter = vec![vec![]];
    for _ in 0..6 {
        let longer =
            shorter.iter().flat_map(|value| alphabet.iter().map(move |byte| [&value[..], &[*byte]].concat()));
        shorter = longer.collect();
        shorter.iter().for_each(|value| compare(value));
    }
}

#[test]
fn every_two_encoded_bytes() {
    for (one, other) in (0x70..=0xff).flat_map(|one| (0x70..=0xff).map(move |other| (one, other))) {
        compare(format!("k=%{one:02x}%{other:02X}%80%bF%9").as_bytes());
    }
}

#[test]
fn every_length_about_the_limits() {
    for length in 8185..8200 {
        compare(format!("a={}", "v".repeat(length - 2)).as_bytes());
        compare(format!("a={}\n", "v".repeat(length - 3)).as_bytes());
        compare(" ,".repeat(length / 2).as_bytes());
    }
    for count in 60..70 {
        compare("a=1,".repeat(count).as_bytes());
        compare("a=1,=,".repeat(count).as_bytes());
        compare("=, ,a=1,".repeat(count).as_bytes());
    }
}

#[test]
fn changes_about_the_limits() {
    let sizes = (8_180..=8_192).flat_map(|list| (0..12).map(move |value| (list, value)));
    for (list, value) in [(0, 8_189), (0, 8_190), (0, 8_191)].into_iter().chain(sizes) {
        let list = format!("a={}", "v".repeat(list)).chars().take(list).collect::<String>();
        let baggage = Baggage::parse(list.as_bytes()).unwrap();
        for value in ["v".repeat(value), "v".repeat(value.saturating_sub(3)) + "%"] {
            let expected = oracle::baggage_set(list.as_bytes(), b"k", value.as_bytes());
            compare_change(expected, |buffer| baggage.set("k", &value, buffer));
        }
        compare_change(oracle::baggage_remove(list.as_bytes(), b"k"), |buffer| baggage.remove("k", buffer));
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

    #[test]
    fn encode(key in values::key(), value in values::text()) {
        let mut buffer = [0; 256];
        let mut builder = BaggageBuilder::new(&mut buffer);
        builder.add(&key, &value).unwrap();
        let expected = [key.as_bytes(), b"=", &oracle::percent_encode(&value)].concat();
        prop_assert_eq!(builder.finish().as_bytes(), expected);
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
    fn set_and_remove(
        list in values::near_valid(),
        key in prop_oneof![4 => values::key().prop_map(String::into_bytes), 1 => values::text()],
        value in prop_oneof![9 => values::text(), 1 => vec(any::<u8>(), 2_000..4_000)],
    ) {
        if let Ok(baggage) = Baggage::parse(&list) {
            compare_change(oracle::baggage_set(&list, &key, &value), |buffer| baggage.set(&key, &value, buffer));
            compare_change(oracle::baggage_remove(&list, &key), |buffer| baggage.remove(&key, buffer));
        }
    }

    #[test]
    fn built_and_read(members in vec((values::key(), form(".{0,9}"), vec((values::key(), proptest::option::of(form(".{0,9}"))), 0..3)), 0..6)) {
        let mut buffer = [0; Baggage::MAX_LENGTH];
        let mut builder = BaggageBuilder::new(&mut buffer);
        for (key, value, properties) in &members {
            builder.add(key, value).unwrap();
            for (key, value) in properties {
                builder.add_property(key, value.as_deref()).unwrap();
            }
        }
        let read = oracle::baggage(builder.finish().as_bytes()).unwrap();
        let text = |key: Vec<u8>| String::from_utf8(key).unwrap();
        let read: Vec<_> = read.members.into_iter().map(|member| {
            let properties = member.properties.into_iter();
            let properties = properties.map(|(key, value)| (text(key), value.map(|value| value.decoded)));
            (text(member.key), member.value.decoded, properties.collect::<Vec<_>>())
        }).collect();
        prop_assert_eq!(read, members);
    }
}
