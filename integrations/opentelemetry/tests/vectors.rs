//! Every conformance vector with headers, through OpenTelemetry's types and back.

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceState};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tracebaton::Header;
use tracebaton_opentelemetry::Propagators;
use tracebaton_rows::{Case, Row, difference, rows, text_value};

type Headers = Vec<(Vec<u8>, Option<Vec<u8>>)>;

#[test]
fn every_row_with_headers_goes_through_opentelemetry() {
    let (mut ran, mut failures) = (0, Vec::new());
    for row in rows().unwrap() {
        let Case::Extract { headers, child_span_id } = &row.case else { continue };
        let headers: Headers =
            headers.iter().map(|(name, value)| (name.0.clone(), value.clone().map(|it| it.0))).collect();
        let received = Propagators::W3C.extract(&Context::new(), borrowed(&headers));
        let child = child(&received, child_span_id).map(|context| sent(&context, headers));
        ran += 1;
        for (part, actual) in [
            ("traceparent", span_context(&received)),
            ("tracestate", trace_state(&received)),
            ("baggage", baggage(&received)),
            ("child", child.map_or(Value::Null, |headers| normal(&headers))),
        ] {
            let Some(expected) = row.expect.get(part) else { continue };
            if let Some(difference) = difference(&held(part, expected, &row), &actual) {
                failures.push(format!("{}, {part}: {difference} ({})", row.id, row.source));
            }
        }
    }
    assert!(ran > 500, "{ran} rows");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn borrowed(headers: &Headers) -> impl Iterator<Item = Header<'_>> {
    headers.iter().map(|(name, value)| Header { name, value: value.as_deref() })
}

fn child(received: &Context, span_id: &str) -> Option<Context> {
    let span = received.span();
    let parent = Some(span.span_context()).filter(|parent| parent.is_valid())?;
    let span_id = opentelemetry::SpanId::from_hex(span_id).unwrap();
    Some(received.with_remote_span_context(SpanContext::new(
        parent.trace_id(),
        span_id,
        parent.trace_flags(),
        false,
        parent.trace_state().clone(),
    )))
}

fn sent(context: &Context, mut headers: Headers) -> Headers {
    let Ok(_) = Propagators::W3C.inject(context, &mut headers);
    headers
}

fn span_context(context: &Context) -> Value {
    let span = context.span();
    let held = span.span_context();
    if !held.is_valid() {
        return Value::Null;
    }
    assert!(held.is_remote());
    json!({
        "trace_id": held.trace_id().to_string(),
        "span_id": held.span_id().to_string(),
        "flags": format!("{:02x}", held.trace_flags().to_u8()),
    })
}

/// The members that OpenTelemetry holds.
fn trace_state(context: &Context) -> Value {
    let span = context.span();
    let state = span.span_context().trace_state();
    state.into_iter().map(|(key, value)| json!({"key": key, "value": value})).collect()
}

fn baggage(context: &Context) -> Value {
    let held = context.baggage().iter();
    let member = |(value, metadata): &(
        opentelemetry::StringValue,
        opentelemetry::baggage::BaggageMetadata,
    )| { json!({"value": value.as_str(), "properties": properties(metadata.as_str())}) };
    let members: BTreeMap<_, _> = held.map(|(key, entry)| (key.to_string(), member(entry))).collect();
    json!(members)
}

/// Properties as the vectors have them, of metadata as OpenTelemetry has it.
fn properties(metadata: &str) -> Value {
    let probe = format!("k=;{metadata}");
    let parsed = tracebaton::Baggage::parse(probe.as_bytes()).unwrap();
    let Some(member) = parsed.members().next() else { return json!([]) };
    let property = |of: tracebaton::BaggageProperty<'_>| match of.value() {
        Some(value) => json!({"key": text_value(of.key()), "value": value.to_string()}),
        None => json!({"key": text_value(of.key())}),
    };
    member.properties().map(property).collect()
}

/// Headers whose baggage is replaced by its well-formed members.
fn normal(headers: &Headers) -> Value {
    let mut list = Vec::new();
    for (name, value) in headers {
        match value {
            Some(value) if name == b"baggage" => {
                let held = Propagators::W3C.extract(&Context::new(), [Header::new(name, value)]);
                let members = baggage(&held);
                if members != json!({}) {
                    list.push(json!(["baggage", members]));
                }
            }
            _ => list.push(json!([text_value(name), value.as_deref().map(text_value)])),
        }
    }
    json!(list)
}

/// What a row expects, as far as OpenTelemetry's types can hold it.
fn held(part: &str, expected: &Value, row: &Row) -> Value {
    let is_accepted = |part: &str| row.expect[part]["verdict"] == "accepted";
    let members = expected["members"].as_array().cloned().unwrap_or_default();
    match part {
        "traceparent" if !is_accepted(part) => Value::Null,
        "traceparent" => {
            let names = ["trace_id", "span_id", "flags"];
            names.into_iter().filter_map(|name| Some((name, expected.get(name)?.clone()))).collect()
        }
        "tracestate" => {
            let can_hold = |member: &Value| {
                let text = |name: &str| member[name].as_str().unwrap().to_owned();
                TraceState::from_key_value([(text("key"), text("value"))]).is_ok()
            };
            members.into_iter().filter(can_hold).collect()
        }
        "baggage" => {
            let entry = |member: Value| {
                let entry = json!({"value": member["value"], "properties": member["properties"]});
                (member["key"].as_str().unwrap().to_owned(), entry)
            };
            json!(members.into_iter().map(entry).collect::<BTreeMap<_, _>>())
        }
        _ if expected.is_null() => Value::Null,
        _ => normal(
            &serde_json::from_value::<Vec<tracebaton_rows::Header>>(expected.clone())
                .unwrap()
                .into_iter()
                .map(|(name, value)| (name.0, value.map(|it| it.0)))
                .collect(),
        ),
    }
}
