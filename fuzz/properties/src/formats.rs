//! Formats other than W3C's (F1 to F14): reading any headers, reading back written ones, and stripping.

use crate::carrier::borrowed;
use oracle::{Fate, FormatVerdict, READABLE};
use tracebaton::formats::{
    Choice, Format, FormatContext, FormatError, FormatInjection, Formats, KNOWN_NAMES, KnownName, Outcome,
    Sampling, choose, format_of, inject, strip,
};
use tracebaton::{Carrier, CarrierFull, Header, RawHeaders, Verdict};
use tracebaton_oracle as oracle;

/// The length that stands for a null value.
const NULL: u8 = 0xff;

/// The headers of an input. Each is a byte that selects a known name, the length of its value, and the value.
///
/// The top bit of the first byte makes the name lower-case.
pub fn format_headers(mut bytes: &[u8]) -> Vec<oracle::Header> {
    let mut headers = Vec::new();
    while let [name, length, rest @ ..] = bytes {
        let known = KNOWN_NAMES[usize::from(name & 0x7f) % KNOWN_NAMES.len()].name;
        let spelled = if name & 0x80 == 0 { known.to_owned() } else { known.to_lowercase() };
        let is_null = *length == NULL;
        let (value, rest) = rest.split_at(usize::from(if is_null { 0 } else { *length }).min(rest.len()));
        headers.push((spelled.into_bytes(), (!is_null).then(|| value.to_vec())));
        bytes = rest;
    }
    headers
}

/// The input for these headers, without those whose name is not known or whose value is long.
pub fn format_input(headers: &[oracle::Header]) -> Vec<u8> {
    let mut input = Vec::new();
    for (name, value) in headers {
        let selected = KNOWN_NAMES.iter().position(|known| known.name.as_bytes().eq_ignore_ascii_case(name));
        let length = u8::try_from(value.as_ref().map_or(usize::from(NULL), Vec::len));
        let (Some(selected), Ok(length)) = (selected, length) else { continue };
        let is_written_so = KNOWN_NAMES[selected].name.as_bytes() == name;
        input.extend([selected as u8 | if is_written_so { 0 } else { 0x80 }, length]);
        input.extend(value.iter().flatten());
    }
    input
}

/// Reads headers in every format, writes the parent in every format, and strips.
///
/// # Panics
///
/// If a property does not hold.
pub fn formats(headers: &[oracle::Header]) {
    let order: Vec<_> = READABLE.iter().map(|name| Format::from_name(name).unwrap()).collect();
    let choice = choose(borrowed(headers), &order);
    for format in &order {
        let expected = oracle::read_format(headers, format.name());
        assert_eq!(verdict(choice.verdict(*format)), expected, "{format}: {}", shown(headers));
        alone(headers, *format, &choice);
    }
    assert_eq!(chosen(&choice), oracle::choose(headers, &READABLE), "F12: {}", shown(headers));
    let backwards: Vec<_> = order.iter().rev().copied().collect();
    let names: Vec<_> = READABLE.iter().rev().copied().collect();
    let choice = choose(borrowed(headers), &backwards);
    let expected = oracle::choose(headers, &names);
    assert_eq!(chosen(&choice), expected, "F12: {}", shown(headers));
    let twice = [&backwards[..], &order].concat();
    assert_eq!(chosen(&choose(borrowed(headers), &twice)), expected, "F12: {}", shown(headers));
    written(headers, &choice);
    stripped(headers);
    headers.iter().for_each(|(name, _)| format_name(name));
}

/// A format read alone has the same verdict as among others.
fn alone(headers: &[oracle::Header], format: Format, among: &Choice<'_>) {
    let order = [format];
    let choice = choose(borrowed(headers), &order);
    assert_eq!(choice.verdict(format), among.verdict(format), "F12: {}", shown(headers));
    assert_eq!(choice.arrived_as().is_some(), choice.span_context(true).is_some());
}

/// The ids and the decision that are written in a format are read back.
fn written(headers: &[oracle::Header], choice: &Choice<'_>) {
    let context = choice.context(false);
    let Some(span) = context.span_context else { return };
    let sampling = choice.sampling().unwrap();
    let injection =
        FormatInjection::new(&context, Format::WRITABLE).sampling(sampling).replacing(Formats::ALL);
    let mut record = Record(headers.to_vec());
    inject(&injection, &mut record).unwrap();
    assert!(record.0.len() >= 2, "{}", shown(&record.0));
    for format in Format::WRITABLE.formats().filter(|format| format.is_readable()) {
        let order = [format];
        let read = choose(borrowed(&record.0), &order);
        let context = match read.verdict(format) {
            Verdict::Accepted { value, .. } => value,
            // Datadog has no trace id whose lower half is zero.
            Verdict::Absent if format == Format::Datadog => continue,
            other => panic!("{format} is written and not read: {other:?} {}", shown(&record.0)),
        };
        let suppressed = format == Format::Instana && sampling == Sampling::Deny;
        let expected = (!suppressed).then_some((span.trace_id, span.span_id));
        assert_eq!(context.ids, expected, "F13: {format} {}", shown(&record.0));
        let told = match (format, sampling) {
            (Format::B3 | Format::B3Multi, sampling) | (Format::Jaeger, sampling @ Sampling::Debug) => {
                sampling
            }
            (Format::Datadog, Sampling::Defer) => Sampling::Defer,
            (Format::Instana, Sampling::Defer) => Sampling::Accept,
            (_, sampling) => {
                if sampling.is_sampled(false) {
                    Sampling::Accept
                } else {
                    Sampling::Deny
                }
            }
        };
        assert_eq!(context.sampling, told, "F13: {format} {}", shown(&record.0));
    }
}

/// All known headers are removed, and no others.
fn stripped(headers: &[oracle::Header]) {
    let mut all = headers.to_vec();
    all.push((b"x".to_vec(), None));
    let mut record = Record(all.clone());
    strip(&mut record, Formats::ALL).unwrap();
    all.retain(|(name, _)| format_of(name).is_none());
    assert_eq!(record.0, all, "F14");
}

/// A name is known if and only if its words are those of a known name (F1).
///
/// # Panics
///
/// If a property does not hold.
pub fn format_name(name: &[u8]) {
    let plain = oracle::plain_name(name);
    let is_named = |known: &&KnownName| {
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

/// Reads a block of raw headers (F15).
///
/// # Panics
///
/// If a property does not hold.
pub fn raw_headers(block: &[u8]) {
    let seen = RawHeaders::new(block);
    let plain = |header: Header<'_>| (header.name.to_vec(), header.value.map(<[u8]>::to_vec));
    let seen = seen.map(|headers| {
        let count = headers.len();
        let headers: Vec<_> = headers.map(plain).collect();
        assert_eq!(headers.len(), count, "F15");
        headers
    });
    let seen = seen.map_err(|error| (error.rule.name(), error.offset));
    if let Ok(headers) = &seen {
        written_block(block, headers);
    }
    assert_eq!(seen, oracle::raw_headers(block), "F15: {}", block.escape_ascii());
}

/// The block that is written for the headers of a block is the same, or shorter if that has padded numbers.
fn written_block(block: &[u8], headers: &[oracle::Header]) {
    let list = headers.iter().map(|(name, value)| Header { name, value: value.as_deref() });
    let mut buffer = vec![0; block.len()];
    let again = RawHeaders::write(list.clone(), &mut buffer).expect("F15: it is never longer").to_vec();
    assert!(RawHeaders::new(&again).expect("F15: what is written is read").eq(list.clone()), "F15");
    assert_eq!(RawHeaders::write(list, &mut buffer[..again.len() - 1]), Err(CarrierFull), "F15");
}

fn shown(headers: &[oracle::Header]) -> String {
    let text = |bytes: &Vec<u8>| bytes.escape_ascii().to_string();
    let headers = headers.iter().map(|(name, value)| (text(name), value.as_ref().map(text)));
    format!("{:?}", headers.collect::<Vec<_>>())
}

fn refusal(error: FormatError) -> oracle::Refusal {
    (error.rule.name(), error.offset)
}

fn plain(context: FormatContext) -> oracle::FormatContext {
    let ids = context
        .ids
        .map(|(trace, span)| (u128::from_be_bytes(trace.to_bytes()), u64::from_be_bytes(span.to_bytes())));
    oracle::FormatContext { ids, sampling: context.sampling.name(), ignored: context.ignored.map(refusal) }
}

fn verdict(verdict: Verdict<FormatContext, FormatError>) -> FormatVerdict {
    match verdict {
        Verdict::Absent => None,
        Verdict::Accepted { index, value, .. } => Some((index, Ok(plain(value)))),
        Verdict::Refused { index, error, .. } => Some((index, Err(refusal(error)))),
    }
}

fn chosen(choice: &Choice<'_>) -> oracle::Chosen {
    let fate = |outcome| match outcome {
        Outcome::SameTrace(_) => Fate::SameTrace,
        Outcome::OtherTrace(_) => Fate::OtherTrace,
        Outcome::Decision(_) => Fate::Decision,
        Outcome::Refused(error) => Fate::Refused(refusal(error)),
    };
    let others = choice.others().map(|other| (other.format.name(), other.index, fate(other.outcome)));
    oracle::Chosen { arrived_as: choice.arrived_as().map(Format::name), others: others.collect() }
}

/// A carrier with unlimited room.
struct Record(Vec<oracle::Header>);

impl Carrier<'_> for Record {
    type Error = std::convert::Infallible;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        borrowed(&self.0)
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Self::Error> {
        self.0.retain(|(name, _)| !unwanted(name));
        Ok(())
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), Self::Error> {
        self.0.push((header.name.to_vec(), header.value.map(<[u8]>::to_vec)));
        Ok(())
    }
}
