//! A decoded log entry is the text of the value.

use defmt_decoder::Table;
use tracebaton::*;
use tracebaton_defmt::logged;

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn decoded(value: &impl defmt::Format) -> String {
    let executable = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let table = Table::parse(&executable).unwrap().expect("strings of defmt");
    let mut decoder = table.new_stream_decoder();
    decoder.received(&logged(value));
    decoder.decode().unwrap().display_message().to_string()
}

#[test]
fn decoded_logs_equal_the_text() {
    let state = "a=1, b=2";
    let headers = [
        Header::new("traceparent", PARENT),
        Header::new("tracestate", state),
        Header::new("baggage", "k=v"),
        Header { name: b"key", value: None },
    ];
    let extracted = extract(headers);
    let context = extracted.context();
    let refused = extract([Header::new("traceparent", "00-none")]).traceparent;
    let (span, parent) = (context.span_context.unwrap(), extracted.traceparent.accepted().unwrap());
    let shown = format!("Some({PARENT} tracestate {state}) baggage b\"k=v\"");
    let mut owned = OwnedContext::<8, 8>::EMPTY;
    owned.assign(&context).unwrap();
    for (seen, expected) in [
        (decoded(&parent), PARENT),
        (decoded(&span.trace_id), "0af7651916cd43dd8448eb211c80319c"),
        (decoded(&span.span_id), "b7ad6b7169203331"),
        (decoded(&span.trace_flags), "01"),
        (decoded(&context), shown.as_str()),
        (decoded(&owned), shown.as_str()),
        (decoded(&Context::EMPTY), "None baggage b\"\""),
        (decoded(&context.baggage.get("k").unwrap()), "b\"k=v\""),
        (decoded(&span.trace_state.get("b").is_some()), "true"),
        (decoded(&refused), "refused at 0: trace_id (at byte 3)"),
        (decoded(&extracted.baggage), "accepted at 2: b\"k=v\""),
        (decoded(&refused.error().unwrap().rule), "trace_id"),
        (decoded(&RawHeaders::new(b"\x02").unwrap_err()), "count (at byte 0)"),
        (decoded(&headers[2]), "b\"baggage\": b\"k=v\""),
        (decoded(&headers[3]), "b\"key\": null"),
        (decoded(&QueueTime::between(1000, TimestampKind::CreateTime, 0)), "Some(-1000 ms (create_time))"),
        (decoded(&(Injected::Parent, Injected::NoParent, Injected::Kept)), "(parent, no_parent, kept)"),
        (decoded(&OwnedSpanContext::<0>::copy(&span).map(|_| ())), "Err(the tracestate does not fit)"),
        (decoded(&CarrierFull), "the carrier has no room for another header"),
    ] {
        assert_eq!(seen, expected);
    }
}
