//! Formats other than W3C: recognises their header names and reads their values. No other module knows them.

use crate::finding::{Other, OtherVerdict};
use crate::letters::Memory;
use crate::peel::{self, Layer};
use std::sync::LazyLock;
use tracebaton::formats::{self, Format, FormatContext, FormatError, KNOWN_NAMES, KnownName};
use tracebaton::{Header, TraceParent, Verdict};

/// Formats that the codec does not know, by the letters of their header names.
const MORE: [(&str, &str); 2] = [("sentrytrace", "sentry"), ("xcloudtracecontext", "google_cloud")];

/// The codec's names, reduced to lower-case letters and digits, in one list for each first letter.
static BY_LETTERS: LazyLock<[Vec<(String, &KnownName)>; 128]> = LazyLock::new(|| {
    let mut lists = [const { Vec::new() }; 128];
    let is_other =
        |known: &&KnownName| !matches!(known.format, Format::TraceContext | Format::Baggage | Format::AspNet);
    for known in KNOWN_NAMES.iter().filter(is_other) {
        let letters: String = known.name.chars().filter(char::is_ascii_alphanumeric).collect();
        if let Some(list) =
            letters.bytes().next().and_then(|first| lists.get_mut(usize::from(first.to_ascii_lowercase())))
        {
            list.push((letters.to_ascii_lowercase(), known));
        }
    }
    lists
});

/// A known name.
fn known(letters: &[u8]) -> Option<&'static KnownName> {
    let list = BY_LETTERS.get(usize::from(*letters.first()?))?;
    let is_it = |(known, entry): &&(String, &KnownName)| {
        letters == known.as_bytes() || entry.is_prefix && letters.starts_with(known.as_bytes())
    };
    list.iter().find(is_it).map(|(_, known)| *known)
}

/// The format that a header of this name belongs to. `letters` are the letters and digits of the name in lower case.
pub fn format_of(name: &[u8], letters: &[u8]) -> Option<&'static str> {
    // Sleuth writes each baggage field into a header of its own.
    if name.get(..7).is_some_and(|begin| begin.eq_ignore_ascii_case(b"baggage"))
        && matches!(name.get(7), Some(b'_' | b'-'))
    {
        return Some("sleuth");
    }
    let more = || MORE.iter().find(|(known, _)| letters == known.as_bytes()).map(|(_, format)| *format);
    // `request_id` belongs to applications, not to .NET.
    let aspnet = || (letters == b"requestid").then(|| formats::format_of(name)).flatten().map(Format::name);
    known(letters).map(|known| known.format.name()).or_else(more).or_else(aspnet)
}

/// Content of the headers of one format.
pub struct Reading {
    /// The format, its verdict and its ids.
    pub other: Other,
    /// Index of the header that represents the format.
    pub header: usize,
    /// Layers that were removed from its values.
    pub layers: Vec<Layer>,
    /// The broken rule and its sentence.
    pub refusal: Option<(&'static str, String)>,
}

/// A header of another format: its place, its name in the codec's spelling, and its value.
pub struct Theirs<'a> {
    /// Index of the header.
    pub index: usize,
    /// Format of the header.
    pub format: &'static str,
    /// Name of the header, in the codec's spelling.
    pub name: &'a [u8],
    /// Value of the header.
    pub value: &'a [u8],
}

/// Reads the formats that have headers, in the order of their first headers.
pub fn read(theirs: &[Theirs<'_>]) -> Vec<Reading> {
    let mut names: Vec<&'static str> = Vec::new();
    for Theirs { format, .. } in theirs {
        if !names.contains(format) {
            names.push(format);
        }
    }
    let headers = |name: &'static str| theirs.iter().filter(move |header| header.format == name);
    names.into_iter().map(|name| reading(name, &headers(name).collect::<Vec<_>>())).collect()
}

fn reading(name: &'static str, theirs: &[&Theirs<'_>]) -> Reading {
    let plain: Vec<_> = theirs.iter().map(|header| header.value.to_vec()).collect();
    let first = theirs.first().map_or(0, |header| header.index);
    let mut reading = Reading {
        other: Other { format: name, ..Other::default() },
        header: first,
        layers: Vec::new(),
        refusal: None,
    };
    match judge(name, theirs, &plain) {
        None => named(&mut reading, theirs),
        Some(Ok(context)) => accept(&mut reading, &context),
        Some(Err(error)) => match under_layers(name, theirs, &plain) {
            Some((layers, context)) => {
                reading.layers = layers;
                accept(&mut reading, &context);
            }
            None => {
                reading.other.verdict = OtherVerdict::Refused;
                reading.refusal = Some((error.rule.name(), error.rule.to_string()));
            }
        },
    }
    reading
}

/// Reads a format that the codec knows by name only, whose value may be a traceparent in another notation.
fn named(reading: &mut Reading, theirs: &[&Theirs<'_>]) {
    let is_one = |peeled: &peel::Peeled| {
        TraceParent::parse(&peeled.bytes).ok().map(|parent| (parent, peeled.layers.clone()))
    };
    if matches!(reading.other.format, "debezium" | "opencensus")
        && let Some((parent, layers)) =
            theirs.iter().find_map(|header| peel::candidates(header.value).iter().find_map(is_one))
    {
        // OpenCensus uses the binary notation only.
        reading.layers = if reading.other.format == "opencensus" { Vec::new() } else { layers };
        accept(reading, &FormatContext::from(parent));
    }
}

/// Reads a value of this format in a header that has another name.
pub fn of_value(format: &'static str, value: &[u8]) -> Other {
    let name: &[u8] = match format {
        "b3" => b"b3",
        "jaeger" => b"uber-trace-id",
        _ => b"X-Amzn-Trace-Id",
    };
    read(&[Theirs { index: 0, format, name, value }]).remove(0).other
}

fn accept(reading: &mut Reading, context: &FormatContext) {
    reading.other.verdict = OtherVerdict::Accepted;
    reading.other.sampling = Some(context.sampling.name());
    if let Some((trace_id, span_id)) = context.ids {
        reading.other.trace_id = Some(trace_id.to_string());
        reading.other.span_id = Some(span_id.to_string());
    }
}

/// Verdict on these values; `None` if the format is known by name only.
fn judge(
    name: &str,
    theirs: &[&Theirs<'_>],
    values: &[Vec<u8>],
) -> Option<Result<FormatContext, FormatError>> {
    let format = Format::from_name(name)?;
    if format == Format::CloudEvents {
        let is_parent = |header: &&&Theirs<'_>| header.name.to_ascii_lowercase().ends_with(b"parent");
        let place = theirs.iter().position(|header| is_parent(&header))?;
        return Some(TraceParent::parse(&values[place]).map(FormatContext::from).map_err(FormatError::from));
    }
    let headers = theirs.iter().zip(values).map(|(header, value)| {
        let mut memory = Memory::default();
        let name = memory
            .letters(header.name)
            .and_then(|letters| known(letters.bytes))
            .map_or(header.name, |known| known.name.as_bytes());
        Header { name, value: Some(value) }
    });
    match formats::choose(headers, &[format]).verdict(format) {
        Verdict::Absent => None,
        Verdict::Accepted { value, .. } => Some(Ok(value)),
        Verdict::Refused { error, .. } => Some(Err(error)),
    }
}

/// The layers under which the values of a format are accepted. All its values have the same layers.
fn under_layers(
    name: &str,
    theirs: &[&Theirs<'_>],
    plain: &[Vec<u8>],
) -> Option<(Vec<Layer>, FormatContext)> {
    let peeled: Vec<_> = plain.iter().map(|value| peel::candidates(value)).collect();
    let stacks = peeled.iter().flatten().map(|peeled| &peeled.layers).filter(|layers| !layers.is_empty());
    let mut tried: Vec<&Vec<Layer>> = Vec::new();
    stacks.into_iter().find_map(|layers| {
        if tried.contains(&layers) {
            return None;
        }
        tried.push(layers);
        let under = |candidates: &Vec<peel::Peeled>| {
            let same = candidates.iter().find(|peeled| peeled.layers == *layers);
            same.or(candidates.first()).map(|peeled| peeled.bytes.clone()).unwrap_or_default()
        };
        let values: Vec<_> = peeled.iter().map(under).collect();
        judge(name, theirs, &values)?.ok().map(|context| (layers.clone(), context))
    })
}
