//! The codec reads, writes and changes `baggage` like the oracle (`PROFILE.md` R8, C5).

mod generated;

use generated::{baggage as values, cases, check_generated, every_byte, every_short, form};
use proptest::collection::vec;
use proptest::prelude::*;
use tracebaton::{Baggage, BaggageBuilder};
use tracebaton_fuzz_properties::{baggage as compare, baggage_changes as compare_changes};
use tracebaton_oracle as oracle;

#[test]
fn every_byte_at_every_position() {
    let valid = b" k1 = v%C3%A4=1 ;\tp = %20 ; q,\t,K-2=;p=\t";
    every_byte(valid, compare);
}

#[test]
fn every_short_value() {
    every_short(b"a=,; \t\"", 6, compare);
}

#[test]
fn every_two_encoded_bytes() {
    for (one, other) in (0x70..=0xff).flat_map(|one| (0x70..=0xff).map(move |other| (one, other))) {
        compare(format!("k=%{one:02x}%{other:02X}%80%bF%9").as_bytes());
    }
}

#[test]
fn every_length_near_the_limits() {
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
fn changes_near_the_limits() {
    let sizes = (8_180..=8_192).flat_map(|list| (0..12).map(move |value| (list, value)));
    for (list, value) in [(0, 8_189), (0, 8_190), (0, 8_191)].into_iter().chain(sizes) {
        let list = format!("a={}", "v".repeat(list)).chars().take(list).collect::<String>();
        for value in ["v".repeat(value), "v".repeat(value.saturating_sub(3)) + "%"] {
            compare_changes(list.as_bytes(), b"k", value.as_bytes());
        }
    }
}

check_generated!(compare, generated::baggage, 6_000);

proptest! {
    #![proptest_config(cases(6_000))]

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
    #![proptest_config(cases(3_000))]

    #[test]
    fn set_and_remove(
        list in values::near_valid(),
        key in prop_oneof![4 => values::key().prop_map(String::into_bytes), 1 => values::text()],
        value in prop_oneof![9 => values::text(), 1 => vec(any::<u8>(), 2_000..4_000)],
    ) {
        compare_changes(&list, &key, &value);
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
