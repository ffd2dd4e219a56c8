//! Other formats: names, reading, choosing, writing, removing; and raw headers.

use crate::keep;
use arrayvec::ArrayVec;
use core::fmt::{self, Write};
use tracebaton::formats::{
    Choice, ChoiceReader, Format, FormatInjection, FormatRule, Formats, KNOWN_NAMES, Outcome, Sampling,
    choose, format_of, inject, strip,
};
use tracebaton::{Carrier, Header, RawHeaders, RawHeadersRule, extract};

/// Looks up a name.
pub fn format_name(name: &[u8]) {
    keep(format_of(name));
    keep(Formats::ALL.without(Format::Baggage).contains_name(name));
    keep(core::str::from_utf8(name).ok().and_then(Format::from_name));
    keep((ChoiceReader::PLACES, ChoiceReader::place_of(name)));
    KNOWN_NAMES.iter().for_each(keep);
    let bits = name.len() as u32;
    let set = Formats::of(&[Format::B3]).with(Format::Jaeger) | Formats::from_bits(bits);
    set.formats().for_each(|format| keep((format.name(), format.is_readable())));
    keep((set.to_bits(), set.contains(Format::Xray), Formats::from_bits(bits) | Format::B3));
}

/// Reads the headers of a record in every format.
pub fn formats(headers: &[Header<'_>]) {
    let choice = choose(headers.iter().copied(), Format::ALL);
    chosen(&choice);
    let mut reader = ChoiceReader::new(&[Format::Datadog, Format::TraceContext]);
    headers.iter().for_each(|header| reader.add(*header));
    chosen(&reader.finish());
}

/// Reads a value as the header of every known name.
pub fn format_value(value: &[u8]) {
    for known in KNOWN_NAMES {
        formats(&[Header::new(known.name, value)]);
    }
    let whole =
        ["x-b3-traceid", "x-b3-spanid", "x-datadog-trace-id", "x-datadog-parent-id", "x-datadog-tags"];
    formats(&whole.map(|name| Header::new(name, value)));
    let instana =
        ["X_INSTANA_T", "X_INSTANA_S", "X_INSTANA_L_S", "X_INSTANA_L", "x-datadog-sampling-priority"];
    formats(&instana.map(|name| Header::new(name, value)));
}

fn chosen(choice: &Choice<'_>) {
    keep((choice.arrived_as(), choice.sampling(), choice.origin()));
    keep((choice.span_context(true), choice.context(false)));
    choice.others().for_each(|other| {
        if let Outcome::SameTrace(context) | Outcome::OtherTrace(context) = other.outcome {
            keep((context.span_context(false), context.sampling.is_sampled(true)));
        }
    });
    Format::ALL.iter().for_each(|format| keep(choice.verdict(*format)));
}

/// Writes the context of a record in other formats, into a carrier that holds as many headers as fit.
pub fn format_injection(headers: &[Header<'_>]) {
    let context = extract(headers.iter().copied()).context();
    for (sampling, written) in
        [(Sampling::Debug, Format::WRITABLE), (Sampling::Defer, Format::B3 | Format::Instana)]
    {
        let injection = FormatInjection::new(&context, written).sampling(sampling).replacing(Formats::ALL);
        injection.headers().for_each(keep);
        headers.iter().for_each(|header| keep(injection.replaces(header.name)));
        let mut carrier = ArrayVec::<Header<'_>, 6>::new();
        keep(headers.iter().try_for_each(|header| Carrier::add(&mut carrier, *header)));
        keep(inject(&injection, &mut carrier).is_ok());
        keep(strip(&mut carrier, Formats::ALL).is_ok());
    }
}

/// Reads a block of raw headers.
pub fn raw_headers(block: &[u8]) {
    match RawHeaders::new(block) {
        Ok(headers) => {
            keep((headers.len(), headers.size_hint()));
            RawHeaders::resume(headers.rest(), headers.len()).for_each(keep);
            RawHeaders::resume(block, block.len()).for_each(keep);
            keep(RawHeaders::write(headers.clone(), &mut [0; 64]).is_ok());
            headers.for_each(keep);
        }
        Err(error) => keep(error),
    }
}

/// Prints the names of formats, decisions and broken rules.
pub fn text_of_formats(value: &[u8]) {
    let sink = &mut Sink(value.len());
    Format::ALL.iter().for_each(|format| keep(write!(sink, "{format} {format:?}").is_ok()));
    FormatRule::ALL.iter().for_each(|rule| keep(write!(sink, "{rule} {}", rule.name()).is_ok()));
    RawHeadersRule::ALL
        .iter()
        .for_each(|rule| keep(write!(sink, "{rule} {} {}", rule.name(), rule.message()).is_ok()));
    keep(write!(sink, "{} {}", Sampling::Accept, Sampling::Defer.name()).is_ok());
    keep(write!(sink, "{:?}", Formats::from_bits(value.len() as u32)).is_ok());
    keep(sink.0);
}

/// Counts the bytes written.
struct Sink(usize);

impl Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.wrapping_add(text.len());
        Ok(())
    }
}
