//! The codec reads `traceparent` like the oracle (`PROFILE.md` R5, R6, W3).

mod generated;

use generated::{cases, check_generated, every_byte};
use proptest::prelude::*;
use tracebaton::{SpanId, TraceFlags, TraceId, TraceParent};
use tracebaton_fuzz_properties::traceparent as compare;
use tracebaton_oracle as oracle;

const VERSION_00: &[u8] = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const LATER: &[u8] = b"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-what-the-future";

#[test]
fn every_byte_at_every_position() {
    every_byte(VERSION_00, compare);
    every_byte(LATER, compare);
}

#[test]
fn every_pair_of_positions() {
    let bytes = b"0f9AgG-\0\xff";
    for first in 0..VERSION_00.len() {
        for second in first + 1..VERSION_00.len() {
            for (one, other) in bytes.iter().flat_map(|one| bytes.iter().map(move |other| (*one, *other))) {
                let mut value = VERSION_00.to_vec();
                value[first] = one;
                value[second] = other;
                compare(&value);
            }
        }
    }
}

#[test]
fn every_length() {
    for (valid, byte) in
        [VERSION_00, LATER].into_iter().flat_map(|valid| (0..=u8::MAX).map(move |byte| (valid, byte)))
    {
        for end in 0..=valid.len() {
            compare(&[&valid[..end], &[byte]].concat());
        }
    }
}

#[test]
fn every_version_with_every_flags() {
    for version in 0..=u8::MAX {
        for flags in 0..=u8::MAX {
            for rest in ["", "-", "."] {
                let ids = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
                compare(format!("{version:02x}-{ids}-{flags:02x}{rest}").as_bytes());
            }
        }
    }
}

#[test]
fn every_zero_but_one() {
    let zeros = b"00-00000000000000000000000000000000-0000000000000000-00";
    for first in 3..52 {
        for second in 3..52 {
            let mut value = zeros.to_vec();
            value[first] = b'1';
            value[second] = b'8';
            compare(&value);
        }
    }
}

check_generated!(compare, generated::traceparent, 10_000);

proptest! {
    #![proptest_config(cases(10_000))]

    #[test]
    fn written_and_read(trace_id in 1..=u128::MAX, parent_id in 1..=u64::MAX, flags in any::<u8>()) {
        let (trace_id, parent_id) = (trace_id.to_be_bytes(), parent_id.to_be_bytes());
        let plain = oracle::TraceParent { version: 0, trace_id, parent_id, flags };
        let written = TraceParent::new(
            TraceId::from_bytes(trace_id).unwrap(),
            SpanId::from_bytes(parent_id).unwrap(),
            TraceFlags::from_byte(flags),
        ).format();
        prop_assert_eq!(&written[..], plain.to_version_00());
        prop_assert_eq!(oracle::traceparent(&written), Ok(oracle::TraceParent { flags: flags & 3, ..plain }));
    }
}
