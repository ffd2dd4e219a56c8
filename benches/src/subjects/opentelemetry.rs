//! The peer `opentelemetry` with `opentelemetry_sdk`, the common choice of services in Rust.

use super::tracebaton::{members_of, show_baggage, written};
use super::{Kind, Subject, find};
use crate::cell::{Buffer, Cell, Outcome};
use crate::fixture::Record;
use crate::works::{NEW_VALUE, Task, UPDATED_KEY};
use opentelemetry::baggage::{Baggage, BaggageExt};
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceFlags, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use std::str::FromStr;
use std::sync::LazyLock;
use tracebaton::Header;

pub const SUBJECT: Subject = Subject {
    name: "opentelemetry",
    kind: Kind::Peer,
    remark: "TraceContextPropagator over the header list; BaggagePropagator is measured in \"B read\" and \
             \"B build\". Its injector needs owned strings.",
    partly: &[],
    cell,
};

static TRACE_CONTEXT: LazyLock<TraceContextPropagator> = LazyLock::new(TraceContextPropagator::new);
static BAGGAGE: LazyLock<BaggagePropagator> = LazyLock::new(BaggagePropagator::new);

fn cell(task: &Task) -> Option<Cell> {
    Some(match task {
        Task::Parse(_)
        | Task::InjectByReference(_)
        | Task::Forward(_)
        | Task::Choose(_)
        | Task::UpdateAndDelete(_)
        | Task::Copy(_) => return None,
        Task::Format(spans) => {
            let spans = spans.iter().map(|span| context(span, TraceState::NONE)).collect();
            Cell::new(spans, inject, |sent, _| written(sent.concat().as_bytes()))
        }
        Task::Extract(records) => Cell::new(records.clone(), extract, |found, _| show_extracted(found)),
        Task::Inject(spans) => {
            let with_state =
                |span: &tracebaton::SpanContext<'_>| context(span, state(span.trace_state.as_bytes()));
            let spans = spans.iter().map(with_state).collect();
            Cell::new(spans, inject, |sent, _| written(sent.concat().as_bytes()))
        }
        Task::ReadBaggage(values) => {
            let records = values.iter().map(|value| baggage_record(value)).collect();
            Cell::new(records, read_baggage, |found, _| show_read(found))
        }
        Task::BuildBaggage(values) => {
            Cell::new(values.clone(), build_baggage, |sent, _| show_baggage(sent.concat().as_bytes()))
        }
        Task::UpdateMember(lists) => {
            let lists = lists.iter().map(|list| state(list.as_bytes())).collect();
            Cell::new(lists, update, |state, _| written(state.header().as_bytes()))
        }
    })
}

fn context(span: &tracebaton::SpanContext<'_>, state: TraceState) -> Context {
    let flags = TraceFlags::new(span.trace_flags.to_byte());
    let (trace_id, span_id) = (span.trace_id.to_bytes(), span.span_id.to_bytes());
    let trace_id = opentelemetry::TraceId::from_bytes(trace_id);
    let span_id = opentelemetry::SpanId::from_bytes(span_id);
    Context::new().with_remote_span_context(SpanContext::new(trace_id, span_id, flags, true, state))
}

fn state(value: &[u8]) -> TraceState {
    std::str::from_utf8(value).ok().and_then(|value| TraceState::from_str(value).ok()).expect("valid")
}

fn baggage_record(value: &'static str) -> Record {
    Box::new([Header::new("baggage", value)])
}

/// The headers of a record, for OpenTelemetry to read.
struct Headers<'a>(&'a [Header<'static>]);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        find(self.0, key)
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().filter_map(|header| std::str::from_utf8(header.name).ok()).collect()
    }
}

/// The headers that OpenTelemetry writes: only the values, since the names are constants.
#[derive(Default)]
struct Values(Vec<String>);

impl Injector for Values {
    fn set(&mut self, _: &str, value: String) {
        self.0.push(value);
    }
}

fn extract(record: &'static Record, _: &mut Buffer) -> Context {
    TRACE_CONTEXT.extract_with_context(&Context::new(), &Headers(record))
}

fn inject(context: &Context, _: &mut Buffer) -> Vec<String> {
    let mut values = Values::default();
    TRACE_CONTEXT.inject_context(context, &mut values);
    values.0
}

fn read_baggage(record: &'static Record, _: &mut Buffer) -> Context {
    BAGGAGE.extract_with_context(&Context::new(), &Headers(record))
}

fn build_baggage(entries: &'static [(&'static str, String); 3], _: &mut Buffer) -> Vec<String> {
    let baggage = entries.iter().map(|(key, value)| KeyValue::new(*key, value.as_str()));
    let mut values = Values::default();
    BAGGAGE.inject_context(&Context::new().with_baggage(baggage), &mut values);
    values.0
}

fn update(state: &TraceState, _: &mut Buffer) -> TraceState {
    state.insert(UPDATED_KEY, NEW_VALUE).unwrap_or_default()
}

fn show_extracted(context: &Context) -> Outcome {
    let span = context.span().span_context().clone();
    if !span.is_valid() {
        return Outcome::default();
    }
    Outcome {
        trace_id: Some(span.trace_id().to_bytes()),
        span_id: Some(span.span_id().to_bytes()),
        is_sampled: Some(span.is_sampled()),
        ..Outcome::default()
    }
}

fn show_read(context: &Context) -> Outcome {
    let baggage: &Baggage = context.baggage();
    members_of(baggage.iter().map(|(key, (value, _))| (key.to_string(), value.to_string())).collect())
}
