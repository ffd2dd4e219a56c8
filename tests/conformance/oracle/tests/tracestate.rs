//! The codec reads and changes `tracestate` like the oracle (`PROFILE.md` R7, C3, C4).

mod generated;

use generated::{cases, check_generated, every_byte, every_short, tracestate as values};
use proptest::prelude::*;
use tracebaton_fuzz_properties::{tracestate as compare, tracestate_changes as compare_changes};

#[test]
fn every_byte_at_every_position() {
    // Keys of each length up to 9, since the codec reads several bytes at a time.
    for valid in
        (0..9).map(|more| format!(" r{}=00f067aa0ba902b7 ,\t,congo@1= t61 kgMzE\t", "o".repeat(more)))
    {
        every_byte(valid.as_bytes(), compare);
    }
}

#[test]
fn every_short_value() {
    every_short(b"aA=, \t_", 6, compare);
}

#[test]
fn every_length_near_the_limits() {
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
fn every_count_near_the_limit() {
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
    // The codec reads up to 64 bytes at a time. The byte that ends a run must be found at every position among them.
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
fn inserts_near_the_limits() {
    for members in 29..33 {
        let list = vec![format!("k={}", "v".repeat(253)); members].join(",");
        for length in 240..257 {
            // 31 members and the new one have 8,192 bytes if the new value has 252.
            compare_changes(list.as_bytes(), b"new", "n".repeat(length).as_bytes(), 512);
        }
    }
}

check_generated!(compare, generated::tracestate, 6_000);

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn changes(list in values::valid(), key in values::part(), value in values::part(), limit in 500..3_000_usize) {
        compare_changes(&list, &key, &value, limit);
    }
}
