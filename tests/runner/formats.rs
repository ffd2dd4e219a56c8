//! The outcome of a row about other formats or raw headers, through the Rust API.

use crate::record::{Record, borrowed};
use serde_json::{Value, json};
use tracebaton::formats::{
    Choice, ChoiceReader, Format, FormatContext, FormatError, FormatInjection, Formats, Other, Outcome,
    Sampling, choose, format_of, inject, strip,
};
use tracebaton::{Header, Injected, RawHeaders, SpanContext, extract};
use tracebaton_rows::{FormatOperation, header_list, text_value};

/// The outcome in the form of the row's `expect`.
pub fn outcome(operation: &FormatOperation) -> Value {
    match operation {
        FormatOperation::Choose { formats, if_deferred, headers } => {
            let order = order(formats);
            let choice = choose(borrowed(headers), &order);
            let mut reader = ChoiceReader::new(&order);
            borrowed(headers).for_each(|header| reader.add(header));
            assert_eq!(reader.finish(), choice);
            json!({"value": chosen(&choice, *if_deferred)})
        }
        FormatOperation::FormatOf { header } => {
            let format = format_of(header);
            assert_eq!(Formats::ALL.contains_name(header), format.is_some());
            let place = ChoiceReader::place_of(header);
            assert!(place.is_none_or(|place| format.is_some() && place < ChoiceReader::PLACES));
            json!({"value": format.map(Format::name)})
        }
        FormatOperation::Strip { formats, headers, read_only } => {
            let formats = formats.as_ref().map_or(Formats::ALL, |formats| set(formats));
            let mut record = Record::new(headers, None, *read_only);
            changed(strip(&mut record, formats), &record)
        }
        FormatOperation::InjectFormats { .. } => injected(operation),
        FormatOperation::RawHeaders { block } => match RawHeaders::new(block) {
            Ok(headers) => {
                let count = headers.len();
                assert!(RawHeaders::resume(headers.rest(), count).eq(headers.clone()));
                assert_eq!(RawHeaders::resume(b"", count).count(), 0);
                let listed: Vec<_> = headers.collect();
                assert_eq!(listed.len(), count);
                json!({"value": header_list(listed.iter().map(|header| (header.name, header.value)))})
            }
            Err(error) => json!({"error": error.rule.name(), "value": error.offset}),
        },
    }
}

fn order(names: &[String]) -> Vec<Format> {
    names.iter().map(|name| Format::from_name(name).expect("a format")).collect()
}

fn set(names: &[String]) -> Formats {
    Formats::of(&order(names))
}

fn chosen(choice: &Choice<'_>, if_deferred: bool) -> Value {
    let parent = choice.span_context(if_deferred);
    assert_eq!(parent, choice.context(if_deferred).span_context);
    assert_eq!(parent.is_some(), choice.arrived_as().is_some());
    let accepted = choice.arrived_as().and_then(|format| choice.verdict(format).accepted());
    json!({
        "arrived_as": choice.arrived_as().map(Format::name),
        "trace_id": parent.map(|parent| parent.trace_id.to_string()),
        "span_id": parent.map(|parent| parent.span_id.to_string()),
        "flags": parent.map(|parent| parent.trace_flags.to_string()),
        "tracestate": parent.map(|parent| text_value(parent.trace_state.as_bytes())),
        "baggage": text_value(choice.context(if_deferred).baggage.as_bytes()),
        "sampling": choice.sampling().map(Sampling::name),
        "ignored": accepted.and_then(|context| context.ignored).map(violation),
        "others": choice.others().map(other).collect::<Vec<_>>(),
        "origin": choice.origin().as_ref().map(span_context),
    })
}

fn violation(error: FormatError) -> Value {
    json!({"rule": error.rule.name(), "offset": error.offset})
}

fn other(other: Other) -> Value {
    let span = |outcome, context: FormatContext| {
        let (trace_id, span_id) = context.ids.expect("a span");
        json!({
            "outcome": outcome,
            "trace_id": trace_id.to_string(),
            "span_id": span_id.to_string(),
            "sampling": context.sampling.name(),
        })
    };
    let mut object = match other.outcome {
        Outcome::SameTrace(context) => span("same_trace", context),
        Outcome::OtherTrace(context) => span("other_trace", context),
        Outcome::Decision(sampling) => json!({"outcome": "decision", "sampling": sampling.name()}),
        Outcome::Refused(error) => {
            let mut object = violation(error);
            object["outcome"] = json!("refused");
            object
        }
    };
    object["format"] = json!(other.format.name());
    object["index"] = json!(other.index);
    object
}

fn span_context(context: &SpanContext<'_>) -> Value {
    json!({
        "traceparent": text_value(&context.traceparent().format()),
        "tracestate": text_value(context.trace_state.as_bytes()),
    })
}

fn injected(operation: &FormatOperation) -> Value {
    let FormatOperation::InjectFormats { context, formats, replaced, sampling, capacity, read_only, headers } =
        operation
    else {
        unreachable!("an operation that this runner does not know")
    };
    let context = extract(context.headers().map(|(name, value)| Header { name, value })).context();
    let mut injection = FormatInjection::new(&context, set(formats)).replacing(set(replaced));
    if let Some(sampling) = sampling {
        injection = injection.sampling(match sampling {
            tracebaton_rows::Sampling::Accept => Sampling::Accept,
            tracebaton_rows::Sampling::Deny => Sampling::Deny,
            tracebaton_rows::Sampling::Defer => Sampling::Defer,
            tracebaton_rows::Sampling::Debug => Sampling::Debug,
        });
    }
    let mut record = Record::new(headers, *capacity, *read_only);
    let outcome = inject(&injection, &mut record);
    assert!(injection.headers().all(|header| injection.replaces(header.name)));
    let mut answer = changed(outcome.map(drop), &record);
    if let Ok(injected) = outcome {
        answer["outcome"] = json!(if injected == Injected::Parent { "parent" } else { "no_parent" });
    }
    answer
}

fn changed(outcome: Result<(), &'static str>, record: &Record) -> Value {
    match outcome {
        Ok(()) => json!({"value": record.list()}),
        Err(error) => json!({"error": error, "value": record.list()}),
    }
}
