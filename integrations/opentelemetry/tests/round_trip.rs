//! What comes in goes out: through OpenTelemetry's context, with spans of its SDK in between.

use opentelemetry::baggage::{Baggage, BaggageExt};
use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracebaton::{Header, extract as read};
use tracebaton_opentelemetry::{Propagators, extract_trace_context as extract, from_baggage, inject_context};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-";

fn provider(sampler: Sampler) -> SdkTracerProvider {
    SdkTracerProvider::builder().with_sampler(sampler).build()
}

/// The headers that a worker sends after it received these, with its own span as the parent.
fn through_a_worker(sampler: Sampler, received: &[(&str, &str)]) -> Vec<(String, String)> {
    let tracer = provider(sampler).tracer("worker");
    let context = extract(received.iter().map(|(name, value)| Header::new(*name, *value)));
    let span = tracer.start_with_context("process", &context);
    let context = context.with_span(span);
    let inner = context.with_span(tracer.start_with_context("send", &context));
    sent(&inner)
}

fn sent(context: &Context) -> Vec<(String, String)> {
    let outgoing = inject_context(context);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let injection = outgoing.injection();
    injection.headers().map(|header| (text(header.name), text(header.value.unwrap()))).collect()
}

fn value<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    headers.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
}

#[test]
fn trace_id_and_flags_stay_and_the_span_id_is_new() {
    for flags in ["00", "01", "02", "03"] {
        let traceparent = format!("{PARENT}{flags}");
        let sampler = Sampler::ParentBased(Box::new(Sampler::AlwaysOn));
        let headers = through_a_worker(sampler, &[("traceparent", &traceparent)]);
        let sent = value(&headers, "traceparent");
        assert_eq!((&sent[..36], &sent[53..]), (&traceparent[..36], flags), "{flags}");
        assert_ne!(sent[36..52], traceparent[36..52]);
    }
}

#[test]
fn tracestate_stays_byte_for_byte_even_what_opentelemetry_cannot_hold() {
    let long = format!("{}@{}=1,b=2", "a".repeat(200), "c".repeat(50));
    for state in ["rojo=1,congo=2", "a@b@c=1,b=2", "b=1,b=2", "k= v", long.as_str(), "1@23456789012345678=x"]
    {
        let received = [("traceparent", &*format!("{PARENT}01")), ("tracestate", state)];
        let headers = through_a_worker(Sampler::AlwaysOn, &received);
        assert_eq!(value(&headers, "tracestate"), state);
    }
}

#[test]
fn tracestate_that_was_changed_is_the_changed_one() {
    let traceparent = format!("{PARENT}01");
    let received = [Header::new("traceparent", &traceparent), Header::new("tracestate", "a@b@c=1,b=2")];
    let context = extract(received);
    let before = context.span().span_context().clone();
    let state = before.trace_state().insert("mine", "3").unwrap();
    let changed = opentelemetry::trace::SpanContext::new(
        before.trace_id(),
        before.span_id(),
        before.trace_flags(),
        false,
        state,
    );
    let headers = sent(&context.with_remote_span_context(changed));
    assert_eq!(value(&headers, "tracestate"), "mine=3,b=2");
}

#[test]
fn what_is_remembered_of_one_trace_is_not_written_into_another() {
    let tracer = provider(Sampler::AlwaysOn).tracer("worker");
    let traceparent = format!("{PARENT}03");
    let received = [Header::new("traceparent", &traceparent), Header::new("tracestate", "a@b@c=1")];
    let context = extract(received);
    let root = tracer.span_builder("new trace").start_with_context(&tracer, &Context::new());
    let headers = sent(&context.with_span(root));
    assert!(value(&headers, "traceparent").ends_with("-01"));
    assert_eq!(value(&headers, "tracestate"), "");
}

#[test]
fn what_is_remembered_of_one_record_is_not_written_for_the_next_of_its_trace() {
    let first = format!("{PARENT}03");
    let first = extract([Header::new("traceparent", &first), Header::new("tracestate", "a@b@c=1,b=2")]);
    let second = format!("{PARENT}01");
    let received = [Header::new("traceparent", &second), Header::new("tracestate", "b=2")];
    let headers = sent(&Propagators::W3C.extract(&first, received));
    assert_eq!(headers, [("traceparent".into(), second.clone()), ("tracestate".into(), "b=2".into())]);
}

#[test]
fn baggage_without_a_member_leaves_that_of_the_context() {
    let own = Context::new().with_baggage([KeyValue::new("k", "v")]);
    for header in ["=1", "bad key=1", ",", "k=\u{1}"] {
        let context = Propagators::W3C.extract(&own, [Header::new("baggage", header)]);
        assert_eq!(
            context.baggage().get("k").unwrap().as_str(),
            "v",
            "{header:?}: OpenTelemetry, Propagators API"
        );
    }
}

#[test]
fn baggage_stays_with_its_properties() {
    let baggage = "a=100%25;p=%20x;q,b=v=w,user=Am%C3%A9lie;ttl=30";
    let headers = through_a_worker(Sampler::AlwaysOn, &[("baggage", baggage)]);
    assert_eq!(value(&headers, "baggage"), baggage);
    let context = extract([Header::new("baggage", baggage)]);
    let (value, metadata) = context.baggage().get_with_metadata("a").unwrap();
    assert_eq!((value.as_str(), metadata.as_str()), ("100%", "p=%20x;q"));
}

#[test]
fn baggage_is_written_inside_the_grammar_whatever_it_holds() {
    let mut baggage = Baggage::new();
    baggage.insert_with_metadata("a", "x,y;z\r\n\0\u{1F600} ", "p=\"1\";;bad key=2;q = a%20b; r,s=\u{1b}");
    baggage.insert_with_metadata("b", "", ";;");
    let header = from_baggage(&baggage);
    assert_eq!(
        String::from_utf8(header.clone()).unwrap(),
        "a=x%2Cy%3Bz%0D%0A%00%F0%9F%98%80%20;p=%221%22;q = a%20b,b="
    );
    let members = tracebaton::Baggage::parse(&header).unwrap();
    let mut members = members.members();
    assert_eq!((members.by_ref().count(), members.skipped()), (2, 0));
}

#[test]
fn baggage_that_does_not_fit_loses_whole_members() {
    let mut baggage = Baggage::new();
    baggage.insert("a", "\u{1F600}".repeat(600));
    baggage.insert("b", "\u{1F600}".repeat(600));
    baggage.insert("c", "small");
    let header = from_baggage(&baggage);
    let members: Vec<_> =
        tracebaton::Baggage::parse(&header).unwrap().members().map(|member| member.key().to_vec()).collect();
    assert_eq!(members, [b"a".to_vec(), b"c".to_vec()]);
}

#[test]
fn nothing_in_the_headers_leaves_the_context_alone() {
    let context = Context::new().with_baggage([KeyValue::new("k", "v")]);
    let same =
        Propagators::W3C.extract(&context, [Header::new("traceparent", "00-"), Header::new("baggage", "")]);
    assert_eq!(same.baggage().get("k").unwrap().as_str(), "v");
    assert!(!same.has_active_span());
    assert_eq!(sent(&Context::new()), []);
    assert_eq!(sent(&same), [("baggage".into(), "k=v".into())]);
}

#[test]
fn bytes_that_are_not_utf8_stop_nobody() {
    let traceparent = format!("{PARENT}01");
    let context = extract([
        Header::new(b"\xff", b"\xff"),
        Header::new("traceparent", &traceparent),
        Header::new("tracestate", b"k=\xff"),
        Header::new("baggage", b"bad=\xff,k=%ff"),
    ]);
    assert!(context.span().span_context().is_remote());
    assert_eq!(context.baggage().get("k").unwrap().as_str(), "\u{fffd}");
    assert_eq!(context.baggage().len(), 1);
}

#[test]
fn random_flag_is_set_by_who_knows() {
    let tracer = provider(Sampler::AlwaysOn).tracer("root");
    let outgoing = inject_context(&Context::current_with_span(tracer.start("root"))).with_random(true);
    let injection = outgoing.injection();
    let read = read(injection.headers()).context().span_context.unwrap();
    assert!(read.trace_flags.is_random() && read.trace_flags.is_sampled());
}

/// OpenTelemetry's propagators for B3 and X-Ray keep "deferred" in the bit that W3C calls random.
#[test]
fn random_flag_is_not_claimed_for_a_context_of_another_propagator() {
    let span_context = |flags| {
        opentelemetry::trace::SpanContext::new(
            opentelemetry::TraceId::from_bytes([1; 16]),
            opentelemetry::SpanId::from_bytes([2; 8]),
            opentelemetry::trace::TraceFlags::new(flags),
            true,
            Default::default(),
        )
    };
    let sampler = Sampler::ParentBased(Box::new(Sampler::AlwaysOff));
    let tracer = provider(sampler).tracer("worker");
    for (flags, written) in [(0x00, "00"), (0x01, "01"), (0x02, "00"), (0x03, "01"), (0xff, "01")] {
        let deferred = Context::new().with_remote_span_context(span_context(flags));
        assert_eq!(value(&sent(&deferred), "traceparent")[53..], *written, "{flags:02x}");
        let span = deferred.with_span(tracer.start_with_context("process", &deferred));
        assert_eq!(value(&sent(&span), "traceparent")[53..], *written, "{flags:02x}");
        // The same trace, extracted here, whose id was called random.
        let random = format!("00-{}-{}-03", "01".repeat(16), "02".repeat(8));
        let context = Propagators::W3C.extract(&deferred, [Header::new("traceparent", &random)]);
        assert_eq!(value(&sent(&context), "traceparent")[53..], *"03");
    }
}
