//! The codec reads other formats and raw headers as the plain reading does (`PROFILE.md` F1 to F12, F15).

mod generated;

use generated::{cases, formats as values};
use oracle::{Fate, FormatVerdict, READABLE};
use proptest::prelude::*;
use tracebaton::formats::{
    Choice, Format, FormatContext, FormatError, KNOWN_NAMES, Outcome, choose, format_of,
};
use tracebaton::{Header, RawHeaders, Verdict};
use tracebaton_oracle as oracle;

fn order() -> Vec<Format> {
    READABLE.iter().map(|name| Format::from_name(name).unwrap()).collect()
}

fn borrowed(headers: &[oracle::Header]) -> impl Iterator<Item = Header<'_>> {
    headers.iter().map(|(name, value)| Header { name, value: value.as_deref() })
}

fn shown(headers: &[oracle::Header]) -> String {
    let text = |bytes: &Vec<u8>| bytes.escape_ascii().to_string();
    format!(
        "{:?}",
        headers.iter().map(|(name, value)| (text(name), value.as_ref().map(text))).collect::<Vec<_>>()
    )
}

fn refusal(error: FormatError) -> oracle::Refusal {
    (error.rule.name(), error.offset)
}

fn context(context: FormatContext) -> oracle::FormatContext {
    let number = |id: [u8; 16]| u128::from_be_bytes(id);
    oracle::FormatContext {
        ids: context.ids.map(|(trace, span)| (number(trace.to_bytes()), u64::from_be_bytes(span.to_bytes()))),
        sampling: context.sampling.name(),
        ignored: context.ignored.map(refusal),
    }
}

fn verdict(verdict: Verdict<FormatContext, FormatError>) -> FormatVerdict {
    match verdict {
        Verdict::Absent => None,
        Verdict::Accepted { index, value } => Some((index, Ok(context(value)))),
        Verdict::Refused { index, error } => Some((index, Err(refusal(error)))),
    }
}

fn chosen(choice: &Choice<'_>) -> oracle::Chosen {
    let fate = |outcome| match outcome {
        Outcome::SameTrace(_) => Fate::SameTrace,
        Outcome::OtherTrace(_) => Fate::OtherTrace,
        Outcome::Decision(_) => Fate::Decision,
        Outcome::Refused(error) => Fate::Refused(refusal(error)),
    };
    oracle::Chosen {
        arrived_as: choice.arrived_as().map(Format::name),
        others: choice
            .others()
            .map(|other| (other.format.name(), other.index, fate(other.outcome)))
            .collect(),
    }
}

/// Both readings of these headers are the same, in every format and in all of them.
fn compare(headers: &[oracle::Header]) {
    let order = order();
    let choice = choose(borrowed(headers), &order);
    for format in &order {
        let expected = oracle::read_format(headers, format.name());
        assert_eq!(verdict(choice.verdict(*format)), expected, "{format}: {}", shown(headers));
    }
    assert_eq!(chosen(&choice), oracle::choose(headers, &READABLE), "{}", shown(headers));
    let backwards: Vec<_> = order.iter().rev().copied().collect();
    let names: Vec<_> = READABLE.iter().rev().copied().collect();
    let choice = choose(borrowed(headers), &backwards);
    assert_eq!(chosen(&choice), oracle::choose(headers, &names), "{}", shown(headers));
}

fn compare_raw(block: &[u8]) {
    let seen = RawHeaders::new(block);
    let plain = |header: Header<'_>| (header.name.to_vec(), header.value.map(<[u8]>::to_vec));
    let seen =
        seen.map(|headers| headers.map(plain).collect()).map_err(|error| (error.rule.name(), error.offset));
    assert_eq!(seen, oracle::raw_headers(block), "{}", block.escape_ascii());
}

/// The names whose words are those of a known one are known, and no others.
fn compare_name(name: &[u8]) {
    let plain = oracle::plain_name(name);
    let is_named = |known: &&tracebaton::formats::KnownName| {
        let spelled = oracle::plain_name(known.name.as_bytes());
        match known.format {
            Format::AspNet => name.eq_ignore_ascii_case(known.name.as_bytes()),
            _ if known.is_prefix => plain.starts_with(&spelled),
            _ => plain == spelled,
        }
    };
    let expected = KNOWN_NAMES.iter().find(is_named).map(|known| known.format);
    assert_eq!(format_of(name), expected, "{}", name.escape_ascii());
}

#[test]
fn every_byte_at_every_position() {
    for record in values::records() {
        for (place, (_, value)) in record.iter().enumerate() {
            for position in 0..value.len() {
                for byte in 0..=u8::MAX {
                    let mut headers = values::headers(&record);
                    headers[place].1.as_mut().unwrap()[position] = byte;
                    compare(&headers);
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
                    compare(&headers);
                }
            }
        }
    }
}

#[test]
fn every_part_left_out_and_put_twice() {
    for record in values::records() {
        for (place, (_, value)) in record.iter().enumerate() {
            let mut without = values::headers(&record);
            without.remove(place);
            compare(&without);
            let mut null = values::headers(&record);
            null[place].1 = None;
            compare(&null);
            for start in 0..value.len() {
                for end in start..value.len() {
                    let mut headers = values::headers(&record);
                    headers[place].1 = Some([&value[..start], &value[end..]].concat());
                    compare(&headers);
                    headers[place].1 = Some([&value[..end], &value[start..]].concat());
                    compare(&headers);
                }
            }
        }
    }
}

#[test]
fn names_near_the_known_ones() {
    for known in KNOWN_NAMES {
        let name = known.name.as_bytes();
        compare_name(name);
        for position in 0..=name.len() {
            for text in ["", "-", "_", "__dash__", "_HYPHEN_", "_$Dash$_", "x", "\0", " ", "\u{e9}", "__"] {
                compare_name(&[&name[..position], text.as_bytes(), &name[position..]].concat());
                if position < name.len() {
                    compare_name(&[&name[..position], text.as_bytes(), &name[position + 1..]].concat());
                }
            }
        }
        for spelled in ["_", "__dash__", "_hyphen_", "_$dash$_", "-", "--"] {
            compare_name(known.name.replace(['-', '_'], spelled).to_uppercase().as_bytes());
        }
    }
}

#[test]
fn raw_blocks_near_a_valid_one() {
    let block = b"\x06\x02a\x01\x00\x00\x16traceparent\x02v";
    for length in 0..=block.len() {
        compare_raw(&block[..length]);
        for position in 0..length {
            for byte in 0..=u8::MAX {
                let mut block = block[..length].to_vec();
                block[position] = byte;
                compare_raw(&block);
                block.insert(position, 0x80);
                compare_raw(&block);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn generated_records(headers in values::record()) {
        compare(&headers);
    }

    #[test]
    fn generated_blocks(block in values::block()) {
        compare_raw(&block);
    }

    #[test]
    fn generated_names(name in values::name()) {
        compare_name(&name);
    }
}
