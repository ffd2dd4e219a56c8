//! Structured inputs: the headers of two records, and the changes made between them.

use arbitrary::{Arbitrary, Result, Unstructured};
use std::borrow::Cow;
use std::fmt::{Debug, Formatter};
use tracebaton_oracle::Header;

/// An incoming record, an outgoing record, and the work of the program between them.
///
/// The bytes of an input are its fields in this order. Numbers are little-endian. A text has its length, 1 byte, before
/// it; after 255 follows another byte, which is added. Missing fields at the end are zero or empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Hop {
    /// The part of the target that runs; 0 is all of them.
    pub part: u8,
    /// The id of the program's span.
    pub span_id: [u8; 8],
    /// Choices, one a bit.
    pub choice: u8,
    /// How many headers the outgoing record has room for.
    pub room: u8,
    /// A limit, or the size of a buffer, in bytes.
    pub size: u16,
    /// The key of a change.
    pub key: Vec<u8>,
    /// The value of a change.
    pub value: Vec<u8>,
    /// The incoming record.
    pub source: Record,
    /// The outgoing record, before a context is injected.
    pub target: Record,
}

/// The headers of one record: 1 byte with their count, then each of them.
///
/// | name | followed by |
/// | --- | --- |
/// | 0, 1, 2 | nothing: `traceparent`, `tracestate`, `baggage` |
/// | 3 | which of the three, and 2 bytes that select the upper-case letters |
/// | 4 | which of the names that resemble ours |
/// | 5 | the name, a text |
/// | 6 | a count: repeats the previous header this many times |
///
/// | value | followed by |
/// | --- | --- |
/// | 0, 1 | nothing: null, empty |
/// | 2 | 2 bytes of length, and as many bytes |
/// | 3 | a `traceparent`: version, 16 and 8 bytes of ids, flags, and a text after them |
/// | 4 | 2 bytes with a count, a text that is repeated, and a text after that |
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Names and values in their order.
    pub headers: Vec<Header>,
}

const NAMES: [&str; 3] = ["traceparent", "tracestate", "baggage"];
const ALMOST: [&[u8]; 12] = [
    b"",
    b"traceparent\0",
    b"traceparen",
    b"traceparentt",
    b"trace-parent",
    b" traceparent",
    b"tracestate\0",
    b"tracestat\xe9",
    b"\xc5\xbfracestate",
    b"baggag",
    b"ce_traceparent",
    b"4raceparent",
];
/// The largest count of headers in one record.
const MOST_HEADERS: usize = 300;
/// The largest size of the values that a repetition adds to a record, so that a check stays fast.
const MOST_REPEATED: usize = 40_000;
/// The longest value that is made by repeating a text.
const LONGEST: usize = 10_000;

impl Hop {
    /// The hop that these bytes stand for; all bytes are valid.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self::arbitrary(&mut Unstructured::new(bytes)).unwrap_or_default()
    }

    /// The bytes of this hop, for a seed. Longer texts than an input can have are truncated.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.part];
        bytes.extend(self.span_id);
        bytes.extend([self.choice, self.room]);
        bytes.extend(self.size.to_le_bytes());
        write_text(&self.key, &mut bytes);
        write_text(&self.value, &mut bytes);
        self.source.write(&mut bytes);
        self.target.write(&mut bytes);
        bytes
    }

    /// Whether a bit of `choice` is set.
    pub fn chose(&self, bit: u8) -> bool {
        self.choice >> bit & 1 == 1
    }

    /// The part of a target that is selected, or all parts.
    pub(crate) fn select<'a, T>(&self, parts: &'a [T]) -> &'a [T] {
        match self.part.checked_sub(1) {
            Some(part) => std::slice::from_ref(&parts[usize::from(part) % parts.len()]),
            None => parts,
        }
    }

    /// Runs the part of a target that is selected, or all parts.
    pub(crate) fn run(&self, parts: &[fn(&Self)]) {
        self.select(parts).iter().for_each(|part| part(self));
    }
}

/// One line for each field and header, with bytes as text: the output of `cargo fuzz fmt` for a finding.
impl Debug for Hop {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Self { part, span_id, choice, room, size, key, value, source, target } = self;
        writeln!(f, "span_id {}", span_id.map(|byte| format!("{byte:02x}")).concat())?;
        writeln!(f, "part {part}, choice {choice:#010b}, room {room}, size {size}")?;
        writeln!(f, "key \"{}\"\nvalue \"{}\"", key.escape_ascii(), value.escape_ascii())?;
        write!(f, "source {source:?}\ntarget {target:?}")
    }
}

impl Debug for Record {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} headers", self.headers.len())?;
        self.headers.iter().try_for_each(|(name, value)| match value {
            None => write!(f, "\n    \"{}\": null", name.escape_ascii()),
            Some(value) => write!(f, "\n    \"{}\": \"{}\"", name.escape_ascii(), value.escape_ascii()),
        })
    }
}

impl<'a> Arbitrary<'a> for Hop {
    fn arbitrary(input: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            part: input.arbitrary()?,
            span_id: input.arbitrary()?,
            choice: input.arbitrary()?,
            room: input.arbitrary()?,
            size: input.arbitrary()?,
            key: text(input)?.to_vec(),
            value: text(input)?.to_vec(),
            source: input.arbitrary()?,
            target: input.arbitrary()?,
        })
    }
}

impl Record {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(self.headers.len().try_into().unwrap_or(u8::MAX));
        for (name, value) in &self.headers {
            match NAMES.iter().position(|own| own.as_bytes() == name) {
                Some(which) => bytes.push(which as u8),
                None => {
                    bytes.push(5);
                    write_text(name, bytes);
                }
            }
            match value.as_deref() {
                None => bytes.push(0),
                Some([]) => bytes.push(1),
                Some(value) => {
                    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
                    bytes.push(2);
                    bytes.extend(length.to_le_bytes());
                    bytes.extend(&value[..length.into()]);
                }
            }
        }
    }
}

impl<'a> Arbitrary<'a> for Record {
    fn arbitrary(input: &mut Unstructured<'a>) -> Result<Self> {
        let mut headers: Vec<Header> = Vec::new();
        let mut repeatable = MOST_REPEATED;
        for _ in 0..input.arbitrary::<u8>()? {
            if input.is_empty() {
                break;
            }
            let kind = input.arbitrary::<u8>()? % 7;
            if kind == 6 {
                let last = headers.last().cloned().unwrap_or_default();
                let size = last.1.as_ref().map_or(1, |value| value.len().max(1));
                let most = (repeatable / size).min(MOST_HEADERS.saturating_sub(headers.len()));
                let times = usize::from(input.arbitrary::<u8>()?).min(most);
                repeatable -= times * size;
                headers.extend(std::iter::repeat_n(last, times));
            } else {
                headers.push((name(kind, input)?.into_owned(), value(input)?));
            }
        }
        Ok(Self { headers })
    }
}

fn name<'a>(kind: u8, input: &mut Unstructured<'a>) -> Result<Cow<'a, [u8]>> {
    Ok(match kind {
        3 => {
            let own = NAMES[usize::from(input.arbitrary::<u8>()?) % NAMES.len()];
            let upper: u16 = input.arbitrary()?;
            let case = |(place, letter): (usize, u8)| match upper >> place & 1 {
                1 => letter.to_ascii_uppercase(),
                _ => letter,
            };
            own.bytes().enumerate().map(case).collect()
        }
        4 => ALMOST[usize::from(input.arbitrary::<u8>()?) % ALMOST.len()].into(),
        5 => text(input)?.into(),
        own => NAMES[usize::from(own)].as_bytes().into(),
    })
}

fn value(input: &mut Unstructured<'_>) -> Result<Option<Vec<u8>>> {
    Ok(match input.arbitrary::<u8>()? % 5 {
        0 => None,
        1 => Some(Vec::new()),
        2 => {
            let length: u16 = input.arbitrary()?;
            Some(bytes(length.into(), input)?.to_vec())
        }
        3 => Some(traceparent(input)?),
        _ => {
            let times: u16 = input.arbitrary()?;
            let once = text(input)?;
            let times = usize::from(times).min(LONGEST / once.len().max(1));
            Some([&once.repeat(times), text(input)?].concat())
        }
    })
}

fn traceparent(input: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let version: u8 = input.arbitrary()?;
    let (trace_id, parent_id) =
        (u128::from_be_bytes(input.arbitrary()?), u64::from_be_bytes(input.arbitrary()?));
    let flags: u8 = input.arbitrary()?;
    let start = format!("{version:02x}-{trace_id:032x}-{parent_id:016x}-{flags:02x}");
    Ok([start.as_bytes(), text(input)?].concat())
}

fn text<'a>(input: &mut Unstructured<'a>) -> Result<&'a [u8]> {
    let length: u8 = input.arbitrary()?;
    let more: u8 = if length == u8::MAX { input.arbitrary()? } else { 0 };
    bytes(usize::from(length) + usize::from(more), input)
}

fn bytes<'a>(length: usize, input: &mut Unstructured<'a>) -> Result<&'a [u8]> {
    input.bytes(length.min(input.len()))
}

fn write_text(text: &[u8], bytes: &mut Vec<u8>) {
    const LONGEST_TEXT: usize = 2 * u8::MAX as usize;
    let text = &text[..text.len().min(LONGEST_TEXT)];
    let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
    bytes.push(length);
    if length == u8::MAX {
        bytes.push((text.len() - usize::from(length)) as u8);
    }
    bytes.extend(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_values_are_read_back() {
        let header = |name: &str, value: Option<&str>| (name.into(), value.map(Into::into));
        let source = vec![header("baggage", None), header("TraceState", Some("")), header("", Some("a=1"))];
        let hop = Hop {
            part: 7,
            span_id: *b"12345678",
            choice: 0b100,
            room: 3,
            size: 8192,
            key: b"key".into(),
            value: b"\0\xff".into(),
            source: Record { headers: source },
            target: Record { headers: vec![header("traceparent", Some("00"))] },
        };
        assert_eq!(Hop::from_bytes(&hop.to_bytes()), hop);
        assert!(hop.chose(2) && !hop.chose(1));
        assert_eq!(Hop::from_bytes(b""), Hop::default());
    }

    #[test]
    fn every_part_can_be_selected() {
        for (part, expected) in [(0, &[1, 2, 3][..]), (1, &[1]), (2, &[2]), (3, &[3]), (4, &[1]), (255, &[3])]
        {
            assert_eq!(Hop { part, ..Hop::default() }.select(&[1, 2, 3]), expected, "{part}");
        }
    }

    #[test]
    fn a_hop_is_shown_line_by_line() {
        let headers = vec![(b"baggage".to_vec(), None), (b"x".to_vec(), Some(b"a=\xff".to_vec()))];
        let hop = Hop { key: b"k".into(), source: Record { headers }, ..Hop::default() };
        let shown = "span_id 0000000000000000\npart 0, choice 0b00000000, room 0, size 0\nkey \"k\"\nvalue \"\"\n\
            source 2 headers\n    \"baggage\": null\n    \"x\": \"a=\\xff\"\ntarget 0 headers";
        assert_eq!(format!("{hop:#?}"), shown);
    }

    #[test]
    fn every_form_of_a_header() {
        let read = |header: &[u8]| {
            let bytes = [&[0; 15][..], &[9], header].concat();
            Hop::from_bytes(&bytes).source.headers
        };
        assert_eq!(read(&[2, 0, 6, 2]), vec![(b"baggage".to_vec(), None); 3]);
        assert_eq!(read(&[3, 1, 0x01, 0x02, 1]), [(b"TracestatE".to_vec(), Some(vec![]))]);
        assert_eq!(read(&[4, 2, 2, 2, 0, b'a', b'b']), [(b"traceparen".to_vec(), Some(b"ab".to_vec()))]);
        assert_eq!(read(&[5, 1, b'x', 4, 3, 0, 1, b'a', 1, b'b']), [(b"x".to_vec(), Some(b"aaab".to_vec()))]);
        let parent = read(&[&[0, 3, 0xcc][..], &[0xab; 24], &[1, 1, b'-']].concat());
        let expected = format!("cc-{}-{}-01-", "ab".repeat(16), "ab".repeat(8));
        assert_eq!(parent, [(b"traceparent".to_vec(), Some(expected.into_bytes()))]);
    }

    #[test]
    fn the_largest_record_is_bounded() {
        let header = [[2, 4].as_slice(), &[0xff; 2], &[1, b'a', 0]].concat();
        let many = |header: &[u8]| [[0; 15].as_slice(), &[255], header, &[6, 255].repeat(254)].concat();
        let read = Hop::from_bytes(&many(&header)).source.headers;
        let size: usize = read.iter().map(|(_, value)| value.as_ref().map_or(0, Vec::len)).sum();
        assert_eq!((read[0].1.as_ref().map(Vec::len), size), (Some(LONGEST), LONGEST + MOST_REPEATED));
        assert_eq!(Hop::from_bytes(&many(&[2, 0])).source.headers.len(), MOST_HEADERS);
    }
}
