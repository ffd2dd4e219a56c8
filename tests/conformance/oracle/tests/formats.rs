//! The codec reads other formats and raw headers like the oracle (`FORMATS.md` F1 to F12, F15).

mod generated;

use generated::{cases, formats as values};
use proptest::prelude::*;
use tracebaton::formats::KNOWN_NAMES;
use tracebaton_fuzz_properties::{format_name, formats, raw_headers};

#[test]
fn every_byte_at_every_position() {
    for record in values::records() {
        for (place, (_, value)) in record.iter().enumerate() {
            for position in 0..value.len() {
                for byte in 0..=u8::MAX {
                    let mut headers = values::headers(&record);
                    headers[place].1.as_mut().unwrap()[position] = byte;
                    formats(&headers);
                }
            }
        }
    }
}

#[test]
fn every_length() {
    for record in values::records() {
        for (place, (_, value)) in record.iter().enumerate() {
            for length in 0..=value.len() {
                for tail in
                    ["", "0", "f", "g", "-", ":", ",", ";", "=", "1", " ", "\0", "00000000000000000000"]
                {
                    let mut headers = values::headers(&record);
                    headers[place].1 = Some([&value[..length], tail.as_bytes()].concat());
                    formats(&headers);
                }
            }
        }
    }
}

#[test]
fn every_part_omitted_and_repeated() {
    for record in values::records() {
        for (place, (_, value)) in record.iter().enumerate() {
            let mut without = values::headers(&record);
            without.remove(place);
            formats(&without);
            let mut null = values::headers(&record);
            null[place].1 = None;
            formats(&null);
            for start in 0..value.len() {
                for end in start..value.len() {
                    let mut headers = values::headers(&record);
                    headers[place].1 = Some([&value[..start], &value[end..]].concat());
                    formats(&headers);
                    headers[place].1 = Some([&value[..end], &value[start..]].concat());
                    formats(&headers);
                }
            }
        }
    }
}

#[test]
fn names_near_the_known_ones() {
    for known in KNOWN_NAMES {
        let name = known.name.as_bytes();
        format_name(name);
        for position in 0..=name.len() {
            for text in ["", "-", "_", "__dash__", "_HYPHEN_", "_$Dash$_", "x", "\0", " ", "\u{e9}", "__"] {
                format_name(&[&name[..position], text.as_bytes(), &name[position..]].concat());
                if position < name.len() {
                    format_name(&[&name[..position], text.as_bytes(), &name[position + 1..]].concat());
                }
            }
        }
        for spelled in ["_", "__dash__", "_hyphen_", "_$dash$_", "-", "--"] {
            format_name(known.name.replace(['-', '_'], spelled).to_uppercase().as_bytes());
        }
    }
}

#[test]
fn raw_blocks_near_a_valid_one() {
    let block = b"\x06\x02a\x01\x00\x00\x16traceparent\x02v";
    for length in 0..=block.len() {
        raw_headers(&block[..length]);
        for position in 0..length {
            for byte in 0..=u8::MAX {
                let mut block = block[..length].to_vec();
                block[position] = byte;
                raw_headers(&block);
                block.insert(position, 0x80);
                raw_headers(&block);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(5_000))]

    #[test]
    fn generated_records(headers in values::record()) {
        formats(&headers);
    }

    #[test]
    fn generated_blocks(block in values::block()) {
        raw_headers(&block);
    }

    #[test]
    fn generated_names(name in values::name()) {
        format_name(&name);
    }
}
