//! Other formats than W3C's, and raw headers.

use crate::extracted::size;
use crate::injected::{context, name as outcome_name};
use crate::record::{Full, Record};
use tracebaton::formats::{
    self, Choice, Format, FormatError, FormatInjection, Formats, Other, Outcome, Sampling,
};
use tracebaton::{RawHeaders, SpanContext};
use tracebaton_test_embedded_rows::{Atom, Atoms, Comparison};

/// More formats than a row names.
type Order = heapless::Vec<Format, 32>;

pub(crate) fn choose(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    let if_deferred = arguments.optional_bool()??;
    let order = order(arguments)?;
    let record = Record::read(arguments)?;
    let choice = formats::choose(record.as_slice().iter().copied(), &order);
    parent(&choice, if_deferred, outcome);
    others(&choice, outcome)?;
    origin(choice.origin(), outcome);
    Some(())
}

fn parent(choice: &Choice<'_>, if_deferred: bool, outcome: &mut Comparison<'_>) {
    let context = choice.context(if_deferred);
    let span = context.span_context;
    outcome.field("value.arrived_as").is(name(choice.arrived_as().map(Format::name)));
    let hex = span.as_ref().map(|span| (span.trace_id.to_hex(), span.span_id.to_hex()));
    outcome.field("value.trace_id").is_optional(hex.as_ref().map(|(trace_id, _)| &trace_id[..]));
    outcome.field("value.span_id").is_optional(hex.as_ref().map(|(_, span_id)| &span_id[..]));
    let flags = span.map(|span| [b'0', b'0' + span.trace_flags.to_byte()]);
    outcome.field("value.flags").is_optional(flags.as_ref().map(|flags| &flags[..]));
    let tracestate = span.as_ref().map(|span| span.trace_state.as_bytes());
    outcome.field("value.tracestate").is_optional(tracestate);
    outcome.field("value.baggage").is(Atom::Bytes(context.baggage.as_bytes()));
    outcome.field("value.sampling").is(name(choice.sampling().map(Sampling::name)));
    let accepted = choice.arrived_as().and_then(|format| choice.verdict(format).accepted());
    match accepted.and_then(|context| context.ignored) {
        Some(error) => {
            outcome.field("value.ignored.rule").is(name(Some(error.rule.name())));
            outcome.field("value.ignored.offset").is(size(error.offset));
        }
        None => _ = outcome.field("value.ignored").is(Atom::Null),
    }
}

/// Each with the members in the order in which rows have them.
fn others(choice: &Choice<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    outcome.field("value.others").is(Atom::Open);
    for Other { format, index, outcome: what, .. } in choice.others() {
        outcome.is(name(Some(format.name()))).is(size(index));
        let (said, context) = match what {
            Outcome::SameTrace(context) => ("same_trace", context),
            Outcome::OtherTrace(context) => ("other_trace", context),
            Outcome::Decision(sampling) => {
                rest("decision", [None, None], Some(sampling), None, outcome);
                continue;
            }
            Outcome::Refused(error) => {
                rest("refused", [None, None], None, Some(error), outcome);
                continue;
            }
        };
        let (trace_id, span_id) = context.ids?;
        let (trace_id, span_id) = (trace_id.to_hex(), span_id.to_hex());
        rest(said, [Some(&trace_id), Some(&span_id)], Some(context.sampling), None, outcome);
    }
    outcome.is(Atom::Close);
    Some(())
}

fn rest(
    said: &str,
    [trace_id, span_id]: [Option<&[u8]>; 2],
    sampling: Option<Sampling>,
    error: Option<FormatError>,
    outcome: &mut Comparison<'_>,
) {
    outcome.is(name(Some(said))).is_optional(trace_id).is_optional(span_id);
    outcome.is(name(sampling.map(Sampling::name)));
    outcome.is(name(error.map(|error| error.rule.name())));
    outcome.is(error.map_or(Atom::Null, |error| size(error.offset)));
}

fn origin(origin: Option<SpanContext<'_>>, outcome: &mut Comparison<'_>) {
    match origin {
        Some(origin) => {
            outcome.field("value.origin.traceparent").is(Atom::Bytes(&origin.traceparent().format()));
            outcome.field("value.origin.tracestate").is(Atom::Bytes(origin.trace_state.as_bytes()));
        }
        None => _ = outcome.field("value.origin").is(Atom::Null),
    }
}

pub(crate) fn format_of(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    let format = formats::format_of(arguments.bytes()?);
    outcome.field("value").is(name(format.map(Format::name)));
    Some(())
}

pub(crate) fn strip(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    let mut look = *arguments;
    let formats = match look.take() {
        Atom::Null => {
            *arguments = look;
            Formats::ALL
        }
        _ => Formats::of(&order(arguments)?),
    };
    let read_only = arguments.optional_bool()??;
    let mut record = Record::read(arguments)?.limited(None, read_only);
    let result = formats::strip(&mut record, formats);
    changed(result, &record, outcome);
    Some(())
}

pub(crate) fn inject(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    let values = [arguments.optional_bytes()?, arguments.optional_bytes()?, arguments.optional_bytes()?];
    let context = context(values)?;
    let (written, replaced) = (order(arguments)?, order(arguments)?);
    let mut injection =
        FormatInjection::new(&context, Formats::of(&written)).replacing(Formats::of(&replaced));
    if let Some(name) = arguments.optional_bytes()? {
        injection = injection.sampling(sampling(name)?);
    }
    let (capacity, read_only) = (arguments.optional_size()?, arguments.optional_bool()??);
    let mut record = Record::read(arguments)?.limited(capacity, read_only);
    let result = formats::inject(&injection, &mut record);
    if let Ok(injected) = &result {
        outcome.field("outcome").is(Atom::Bytes(outcome_name(*injected)));
    }
    changed(result.map(drop), &record, outcome);
    Some(())
}

fn changed(result: Result<(), Full>, record: &Record<'_>, outcome: &mut Comparison<'_>) {
    if let Err(Full(name)) = result {
        outcome.field("error").is(Atom::Bytes(name.as_bytes()));
    }
    record.compare("value", outcome);
}

pub(crate) fn raw_headers(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    match RawHeaders::new(arguments.bytes()?) {
        Ok(headers) => {
            outcome.field("value").is(Atom::Open);
            for header in headers {
                outcome.is(Atom::Bytes(header.name)).is_optional(header.value);
            }
            outcome.is(Atom::Close);
        }
        Err(error) => {
            outcome.field("error").is(Atom::Bytes(error.rule.name().as_bytes()));
            outcome.field("value").is(size(error.offset));
        }
    }
    Some(())
}

/// A list of formats.
fn order(arguments: &mut Atoms<'_>) -> Option<Order> {
    let mut order = Order::new();
    if arguments.take() != Atom::Open {
        return None;
    }
    loop {
        match arguments.take() {
            Atom::Bytes(name) => {
                order.push(Format::from_name(core::str::from_utf8(name).ok()?)?).ok()?;
            }
            Atom::Close => return Some(order),
            _ => return None,
        }
    }
}

fn sampling(name: &[u8]) -> Option<Sampling> {
    let all = [Sampling::Accept, Sampling::Deny, Sampling::Defer, Sampling::Debug];
    all.into_iter().find(|sampling| sampling.name().as_bytes() == name)
}

fn name(name: Option<&str>) -> Atom<'_> {
    name.map_or(Atom::Null, |name| Atom::Bytes(name.as_bytes()))
}
