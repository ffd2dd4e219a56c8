//! Contexts as JSON (feature `serde`).

use serde_core::de::Deserialize;
use serde_core::de::value::MapDeserializer;
use serde_json::{Value, from_str, from_value, json, to_value, to_vec, to_writer};
use tracebaton::*;

const TRACE_ID: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[test]
fn ids_and_values_are_text() {
    let parent: TraceParent = PARENT.parse().unwrap();
    let (state, baggage) = (TraceState::parse(b"a=1,b= \\").unwrap(), Baggage::parse(b"k=%C3%A9;p").unwrap());
    assert_eq!(to_value(parent).unwrap(), json!(PARENT));
    assert_eq!(to_value((parent.trace_id, parent.trace_flags)).unwrap(), json!([TRACE_ID, "01"]));
    assert_eq!(to_value((state, baggage)).unwrap(), json!(["a=1,b= \\", "k=%C3%A9;p"]));
    assert_eq!(to_value(Baggage::parse(b"k=\xff").unwrap()).unwrap(), json!("k=\u{fffd}"));

    assert_eq!(from_value::<TraceParent>(json!(PARENT)).unwrap(), parent);
    let ids: (TraceId, SpanId, TraceFlags) = from_value(json!([TRACE_ID, "b7ad6b7169203331", "01"])).unwrap();
    assert_eq!(ids, (parent.trace_id, parent.parent_id, parent.trace_flags));
    assert_eq!(from_str::<TraceId>(&format!("\"{TRACE_ID}\"")).unwrap(), parent.trace_id);
    assert_eq!(from_str::<TraceState>("\"a=1\"").unwrap().as_str(), "a=1");
    assert_eq!(from_str::<Baggage>("\"a=1;p\"").unwrap().len(), 1);
}

#[test]
fn a_context_is_the_values_of_its_headers() {
    let headers = [("traceparent", PARENT), ("tracestate", "a=1, b=2"), ("baggage", "k=v")];
    let all = extract(headers.iter().map(|(name, value)| Header::new(*name, *value))).context();
    for (context, value) in [
        (all, json!({"traceparent": PARENT, "tracestate": "a=1, b=2", "baggage": "k=v"})),
        (Context::new(None, all.baggage), json!({"traceparent": null, "tracestate": null, "baggage": "k=v"})),
        (Context::EMPTY, json!({"traceparent": null, "tracestate": null, "baggage": null})),
    ] {
        assert_eq!(to_value(context).unwrap(), value);
        assert_eq!(to_value(context.into_owned()).unwrap(), value);
        let text = value.to_string();
        assert_eq!(from_str::<Context<'_>>(&text).unwrap(), context);
        assert_eq!(from_str::<ContextBuf>(&text).unwrap().as_borrowed(), context);
        assert_eq!(from_value::<ContextBuf>(value).unwrap().as_borrowed(), context);
    }
    let some: ContextBuf = from_value(json!({"note": [1, {}], "Baggage": "k=v", "more": "x"})).unwrap();
    assert_eq!(some.as_borrowed(), Context::new(None, all.baggage));
    let listed: ContextBuf = from_value(json!([PARENT, "a=1, b=2", "k=v"])).unwrap();
    assert_eq!(listed.as_borrowed(), all);
    let escaped =
        r#"{"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "a=\\"}"#;
    assert_eq!(
        from_str::<ContextBuf>(escaped).unwrap().as_borrowed().span_context.unwrap().trace_state.as_str(),
        "a=\\"
    );
    assert!(from_str::<Context<'_>>(escaped).is_err(), "an escape cannot be borrowed");
}

#[test]
fn refused_values_are_errors_with_a_reason() {
    let error = |value: Value| from_value::<ContextBuf>(value).unwrap_err().to_string();
    for (value, reason) in [
        (
            json!({"traceparent": "00-none"}),
            "the trace-id is not 32 lower-case hexadecimal digits (at byte 3)",
        ),
        (json!({"traceparent": PARENT, "tracestate": "A=1"}), "a tracestate key does not begin with"),
        (json!({"baggage": "a\n"}), "the baggage contains a control byte (at byte 1)"),
        (json!(7), "the values of traceparent, tracestate and baggage"),
    ] {
        let said = error(value);
        assert!(said.contains(reason), "{said}");
    }
    let id = from_value::<TraceId>(json!("0af7")).unwrap_err().to_string();
    assert!(id.contains("(at byte 4)"), "{id}");
    assert!(
        from_value::<TraceId>(json!(7)).unwrap_err().to_string().contains("32 lower-case hexadecimal digits")
    );
    assert!(from_value::<TraceFlags>(json!("1")).is_err() && from_value::<TraceFlags>(json!("0G")).is_err());
    assert!(from_str::<TraceState>("\"A=1\"").is_err() && from_str::<Baggage>(r#""a\n""#).is_err());
}

#[test]
fn truncated_and_foreign_inputs_are_errors() {
    let list = json!([PARENT, "a=1", "k=v"]);
    for place in 0..3 {
        let mut list = list.clone();
        list[place] = json!(7);
        assert!(from_value::<ContextBuf>(list).is_err(), "{place}");
    }
    let text = json!({"note": 7, "traceparent": PARENT, "tracestate": "a=1"}).to_string();
    assert!(from_str::<ContextBuf>(&text).is_ok() && from_str::<Context<'_>>(&text).is_ok());
    for length in 0..text.len() {
        assert!(from_str::<ContextBuf>(&text[..length]).is_err(), "{length}");
        assert!(from_str::<Context<'_>>(&text[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_writer_that_is_full_is_an_error() {
    let headers = [("traceparent", PARENT), ("tracestate", "a=1"), ("baggage", "k=v")];
    let context = extract(headers.map(|(name, value)| Header::new(name, value))).context();
    let whole = to_vec(&context).unwrap();
    for room in 0..whole.len() {
        assert!(to_writer(&mut vec![0; room][..], &context).is_err(), "{room}");
    }
    let mut written = vec![0; whole.len()];
    to_writer(&mut written[..], &context).unwrap();
    assert_eq!(written, whole);
}

#[test]
fn fields_may_be_numbered() {
    let values = [(3, json!([7])), (2, json!("k=v")), (1, json!("a=1")), (0, json!(PARENT))];
    let numbered =
        MapDeserializer::<_, serde_json::Error>::new(values.into_iter().map(|(n, v)| (n as u64, v)));
    let named = json!({"traceparent": PARENT, "tracestate": "a=1", "baggage": "k=v"});
    assert_eq!(ContextBuf::deserialize(numbered).unwrap(), from_value(named).unwrap());
    let other = MapDeserializer::<_, serde_json::Error>::new([(true, json!(PARENT))].into_iter());
    let error = ContextBuf::deserialize(other).unwrap_err().to_string();
    assert!(error.contains("the name of a field"), "{error}");
}
