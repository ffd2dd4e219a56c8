//! What was meant by a `traceparent` that is refused: the mistakes that are made most often, undone.

use tracebaton::{TraceParent, TraceParentRule as Rule};

/// A value that would be accepted, and what has to change for it.
pub struct Repair {
    /// The accepted value.
    pub value: Vec<u8>,
    /// What is wrong, and what to do about it: one sentence a mistake.
    pub advice: Vec<&'static str>,
}

/// Undoes one mistake; none where it was not made.
type Step = fn(&[u8]) -> Option<Vec<u8>>;

const STEPS: [(Step, &str); 6] = [
    (from_base64, "The value is base64: decode it before it is written as a header."),
    (from_hex, "The value is hexadecimal of the text: write the text itself."),
    (from_utf16, "The value is UTF-16: write header values as UTF-8."),
    (to_lower_case, "The digits are upper case: write them in lower case."),
    (join_groups, "An id is written in groups, as a UUID: write its digits without dashes."),
    (
        pad_fields,
        "A field has too few digits: write all 32, 16 and 2 of them, with zeros before them (a 64-bit trace-id gets 16).",
    ),
];

/// What languages print where there is no value, or no text for it.
const PLACEHOLDERS: [&str; 6] = ["undefined", "null", "None", "nil", "<nil>", "[object Object]"];

/// Looks at no more of a value than this, in bytes.
const EXAMINED: usize = 1024;

impl Repair {
    /// The value that was meant by this one, if undoing a few mistakes gives one that is accepted.
    pub fn of(value: &[u8]) -> Option<Self> {
        let value = &value[..value.len().min(EXAMINED)];
        (0..1 << STEPS.len()).find_map(|chosen: usize| {
            let mut repaired = value.to_vec();
            let mut advice = Vec::new();
            let steps = STEPS.iter().enumerate().filter(|(step, _)| chosen >> step & 1 == 1);
            for (_, (undo, sentence)) in steps {
                repaired = undo(&repaired)?;
                advice.push(*sentence);
            }
            let (start, value) = accepted_within(&repaired)?;
            advice.extend(surroundings(&repaired[..start], &repaired[start + value.len()..]));
            Some(Self { value: value.to_vec(), advice })
        })
    }
}

/// What to do about a value that no repair was found for.
pub fn general_advice(value: &[u8], rule: Rule) -> &'static str {
    match rule {
        _ if value.is_empty() => "Where there is no span, leave the header out: an empty one is malformed.",
        _ if PLACEHOLDERS.iter().any(|known| value == known.as_bytes()) => {
            "That is what a missing value or an object looks like as text: inject only where there is a span, and write a \
             string."
        }
        _ if !value.iter().all(|byte| matches!(byte, b' '..=b'~')) => {
            "The value is not text: write the 55 characters of a traceparent, not the bytes of its ids or a serialized object."
        }
        _ if is_b3(value) => {
            "It looks like a B3 value: have the producer write W3C (OTEL_PROPAGATORS=tracecontext,baggage)."
        }
        _ if value.iter().filter(|byte| **byte == b':').count() == 3 => {
            "It looks like a Jaeger value: have the producer write W3C (OTEL_PROPAGATORS=tracecontext,baggage)."
        }
        Rule::TraceIdZero | Rule::ParentIdZero => {
            "Zeros are injected where no span is active: see that the producer's SDK is started, that its span is \
             current when the record is sent, and inject nothing without a span."
        }
        Rule::TooShort if matches!(value.len(), 52 | 53) => {
            "The value ends before the trace-flags: have its writer add them, -01 if the span is sampled and -00 if not."
        }
        Rule::TooShort => {
            "The value is cut off: look for a buffer, a column or a converter on the way that is too small for 55 bytes."
        }
        Rule::VersionForbidden => "Write version 00.",
        _ => "Write 00-<32 hex digits>-<16 hex digits>-<2 hex digits>, lower case, 55 bytes and no more.",
    }
}

/// The first 55 bytes that would be accepted, and where they begin.
fn accepted_within(value: &[u8]) -> Option<(usize, &[u8])> {
    value.windows(TraceParent::LENGTH).enumerate().find(|(_, window)| TraceParent::parse(window).is_ok())
}

fn surroundings(before: &[u8], after: &[u8]) -> Option<&'static str> {
    let is_blank = |bytes: &[u8]| bytes.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0);
    Some(match (before, after) {
        ([], []) => return None,
        ([b'"'], [b'"']) => {
            "The value is in quotes, a JSON string: write its text without a JSON serialiser (header mapper)."
        }
        ([b'b', b'\''], [b'\'']) => "It is the repr() of Python bytes: write the bytes, not str() of them.",
        ([0xac, 0xed, ..], _) => "It is a serialized Java object: write getBytes(UTF_8) of the string.",
        ([.., b'"'], [b'"', ..]) => "The value is within a JSON document: write its text alone.",
        _ if is_blank(before) && is_blank(after) => {
            "There is white space or a NUL around the value: write its 55 bytes and no more (no line feed, no \
             terminator)."
        }
        ([], [b',', ..]) => {
            "Several values are joined by a comma, as HTTP does it: send one header with one value."
        }
        ([], [b'-', ..]) => "Version 00 ends after the trace-flags: write nothing behind them.",
        _ => "Other bytes surround the value: write its 55 bytes and no more.",
    })
}

fn from_utf16(value: &[u8]) -> Option<Vec<u8>> {
    let text = value.strip_prefix(b"\xff\xfe").or(value.strip_prefix(b"\xfe\xff")).unwrap_or(value);
    let (pairs, _) = text.as_chunks::<2>();
    let keep = |zero: usize| {
        let units = !pairs.is_empty() && pairs.iter().all(|pair| pair[zero] == 0);
        units.then(|| pairs.iter().map(|pair| pair[1 - zero]).collect())
    };
    keep(0).or_else(|| keep(1))
}

fn to_lower_case(value: &[u8]) -> Option<Vec<u8>> {
    let has_upper_case = value.iter().any(u8::is_ascii_uppercase);
    has_upper_case.then(|| value.to_ascii_lowercase())
}

fn join_groups(value: &[u8]) -> Option<Vec<u8>> {
    let parts: Vec<&[u8]> = value.split(|byte| *byte == b'-').collect();
    let [version, a, b, c, d, e, rest @ ..] = parts.as_slice() else {
        return None;
    };
    let is_uuid = [a, b, c, d, e].map(|group| group.len()) == [8, 4, 4, 4, 12];
    is_uuid.then(|| {
        let trace_id = [*a, b, c, d, e].concat();
        [&[*version, &trace_id], rest].concat().join(&b'-')
    })
}

fn pad_fields(value: &[u8]) -> Option<Vec<u8>> {
    let parts: Vec<&[u8]> = value.split(|byte| *byte == b'-').collect();
    let [version, trace_id, span_id, flags] = parts.as_slice() else {
        return None;
    };
    let fields = [(*version, 2), (*trace_id, 32), (*span_id, 16), (*flags, 2)];
    let is_short = fields.iter().any(|(field, digits)| field.len() < *digits);
    let can_grow = fields.iter().all(|(field, digits)| (1..=*digits).contains(&field.len()));
    (is_short && can_grow).then(|| {
        let padded = fields.map(|(field, digits)| [&vec![b'0'; digits - field.len()], field].concat());
        padded.join(&b'-')
    })
}

fn from_hex(value: &[u8]) -> Option<Vec<u8>> {
    let (pairs, odd) = value.as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |[high, low]: &[u8; 2]| u8::try_from(digit(*high)? << 4 | digit(*low)?).ok();
    if odd.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

/// RFC 4648 4 and 5, with padding or without.
fn from_base64(value: &[u8]) -> Option<Vec<u8>> {
    let digits = value.trim_ascii_end();
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    let mut bytes = Vec::new();
    for group in digits[..digits.len() - padding].chunks(4) {
        let sextets = group.iter().map(|byte| sextet(*byte)).collect::<Option<Vec<_>>>()?;
        let bits = sextets.iter().fold(0, |bits, sextet| bits << 6 | sextet) << (6 * (4 - group.len()));
        bytes.extend_from_slice(bits.to_be_bytes().get(1..group.len())?);
    }
    Some(bytes)
}

fn sextet(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

/// `trace_id-span_id` or `trace_id-span_id-sampled` with ids of 16 or 32 digits first.
fn is_b3(value: &[u8]) -> bool {
    let mut parts = value.split(|byte| *byte == b'-');
    let mut is_id = |lengths: &[usize]| {
        parts.next().is_some_and(|id| lengths.contains(&id.len()) && id.iter().all(u8::is_ascii_hexdigit))
    };
    is_id(&[16, 32]) && is_id(&[16])
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn repaired(value: impl AsRef<[u8]>) -> Option<(String, String)> {
        let Repair { value, advice } = Repair::of(value.as_ref())?;
        Some((String::from_utf8(value).unwrap(), advice.join(" ")))
    }

    #[test]
    fn common_mistakes() {
        let utf16: Vec<u8> = VALUE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16_upper: Vec<u8> = VALUE.to_uppercase().encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (value, words) in [
            (VALUE.to_uppercase().into_bytes(), &["upper case"][..]),
            (format!("\"{VALUE}\"").into_bytes(), &["in quotes"]),
            (format!("{{\"payload\":\"{VALUE}\"}}").into_bytes(), &["JSON document"]),
            (format!("{VALUE}\n").into_bytes(), &["white space"]),
            (format!("{VALUE}\0").into_bytes(), &["NUL"]),
            (format!(" {VALUE} ").into_bytes(), &["white space"]),
            (format!("{VALUE},{VALUE}").into_bytes(), &["joined by a comma"]),
            (format!("{VALUE}-00").into_bytes(), &["Version 00 ends"]),
            (format!("\u{feff}{VALUE}").into_bytes(), &["Other bytes"]),
            (format!("b'{VALUE}'").into_bytes(), &["Python"]),
            ([b"\xac\xed\0\x05t\x007", VALUE.as_bytes()].concat(), &["Java"]),
            (
                VALUE.bytes().flat_map(|byte| format!("{byte:02X}").into_bytes()).collect(),
                &["hexadecimal of the text"],
            ),
            (
                b"MDAtMGFmNzY1MTkxNmNkNDNkZDg0NDhlYjIxMWM4MDMxOWMtYjdhZDZiNzE2OTIwMzMzMS0wMQ==".to_vec(),
                &["base64"],
            ),
            (
                b"MDAtMGFmNzY1MTkxNmNkNDNkZDg0NDhlYjIxMWM4MDMxOWMtYjdhZDZiNzE2OTIwMzMzMS0wMQ".to_vec(),
                &["base64"],
            ),
            (format!("0{}", &VALUE[2..]).into_bytes(), &["too few digits"]),
            (format!("{}1", &VALUE[..53]).into_bytes(), &["too few digits"]),
            (VALUE.replace("-0af", "-af").into_bytes(), &["too few digits"]),
            (utf16, &["UTF-16"]),
            (utf16_upper, &["UTF-16", "upper case"]),
            (
                VALUE
                    .replace("0af7651916cd43dd", "0af76519-16cd-43dd-")
                    .replace("-8448eb21", "-8448-eb21")
                    .into(),
                &["UUID"],
            ),
        ] {
            let (accepted, advice) = repaired(&value).unwrap_or_else(|| panic!("{}", value.escape_ascii()));
            assert_eq!(accepted, VALUE, "{}", value.escape_ascii());
            assert!(words.iter().all(|word| advice.contains(word)), "{}: {advice}", value.escape_ascii());
        }
        let (accepted, advice) = repaired("00-8448eb211c80319c-b7ad6b7169203331-01").unwrap();
        assert_eq!(accepted, "00-00000000000000008448eb211c80319c-b7ad6b7169203331-01");
        assert!(advice.contains("64-bit"), "{advice}");
    }

    #[test]
    fn what_cannot_be_repaired() {
        let large = "x".repeat(100_000);
        for value in
            ["", "00", "-", &VALUE[..52], &VALUE[..53], &VALUE.replace('a', "z"), &large, "====", "A"]
        {
            assert_eq!(repaired(value), None, "{value}");
        }
    }

    #[test]
    fn other_formats_are_named() {
        let b3 = b"0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1";
        assert!(general_advice(b3, Rule::Version).contains("B3"));
        let jaeger = b"0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331:0:1";
        assert!(general_advice(jaeger, Rule::Version).contains("Jaeger"));
        assert!(general_advice(b"", Rule::TooShort).contains("leave the header out"));
        assert!(general_advice(&VALUE.as_bytes()[..40], Rule::TooShort).contains("cut off"));
        assert!(general_advice(&VALUE.as_bytes()[..52], Rule::TooShort).contains("trace-flags"));
        assert!(general_advice(b"undefined", Rule::Version).contains("missing value"));
        assert!(general_advice(b"\x00\x0a\xf7", Rule::Version).contains("not text"));
    }
}
