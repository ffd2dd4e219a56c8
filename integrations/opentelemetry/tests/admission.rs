//! What each trust policy admits of a record: parent, link, baggage and the decisions that W3C's flag cannot express.

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracebaton::TrustPolicy::{Continue, ContinueResampled, RestartWithLink, RestartWithoutLink};
use tracebaton_opentelemetry::{Links, Propagators, Record, admit_trace_context};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const THEIRS: &str = "0af7651916cd43dd8448eb211c80319c";

/// The table of policies (PROFILE.md, C6): a span of a record, started as the README shows.
#[test]
fn a_policy_decides_about_parent_link_and_baggage() {
    let tracer = SdkTracerProvider::default().tracer("test");
    let headers = [("TraceParent", PARENT), ("baggage", "tenant=7")];
    // A span and baggage of the current context never become part of an admitted one.
    let current = Record::new("other").send().start(&tracer);
    let _current = Context::current_with_span(current).attach();
    // policy; whether the span is a child; whether it is linked; whether it is sampled; whether the baggage is kept
    let rows = [
        (Continue, true, true, true, true),
        (ContinueResampled { sampled: true }, true, true, true, true),
        (ContinueResampled { sampled: false }, true, true, false, true),
        (RestartWithLink, false, true, true, false),
        (RestartWithoutLink, false, false, true, false),
    ];
    let choice = Propagators::W3C.choose(headers);
    let both =
        |policy| [admit_trace_context(headers, policy), Propagators::W3C.admit_choice(&choice, policy)];
    for ((policy, is_child, is_linked, is_sampled, keeps_baggage), admitted) in
        rows.iter().flat_map(|row| both(row.0).map(|admitted| (*row, admitted)))
    {
        let record = Record::new("orders");
        let builder = record.process(&admitted.linked);
        let links = builder.links.clone().unwrap_or_default();
        let linked: Vec<_> = links.iter().map(|link| link.span_context.trace_id().to_string()).collect();
        assert_eq!(linked, [THEIRS][..usize::from(is_linked)], "{policy:?}");
        let mut links = Links::default();
        links.insert_context(&admitted.linked, || record.link_attributes());
        assert_eq!((links.len(), links.without_context()), (linked.len(), 1 - linked.len()), "{policy:?}");

        let ours = admitted.parent.with_span(builder.start_with_context(&tracer, &admitted.parent));
        let span_context = ours.span().span_context().clone();
        assert_eq!(span_context.trace_id().to_string() == THEIRS, is_child, "{policy:?}");
        assert_eq!(span_context.is_sampled(), is_sampled, "{policy:?}");
        assert_eq!(ours.baggage().get("tenant").is_some(), keeps_baggage, "{policy:?}");
        assert!(admitted.linked.baggage().is_empty());
    }
}

/// B3's deferred decision and debug flag belong to the received trace (FORMATS.md, F3). A policy that resamples replaces
/// them.
#[test]
fn continue_alone_keeps_debug_and_deferred() {
    let propagators = Propagators::parse("b3").0;
    let ids = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
    let rows = [
        ("-d", Continue, "-d"),
        ("-d", ContinueResampled { sampled: true }, "-1"),
        ("-d", ContinueResampled { sampled: false }, "-0"),
        ("", Continue, ""),
        ("", ContinueResampled { sampled: true }, "-1"),
        ("-0", Continue, "-0"),
    ];
    for (received, policy, sent) in rows {
        let value = format!("{ids}{received}");
        let record = [("b3", &value)];
        for admitted in
            [propagators.admit(record, policy), propagators.admit_choice(&propagators.choose(record), policy)]
        {
            let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
            let Ok(_) = propagators.inject(&admitted.parent, &mut headers);
            let expected = [("b3".to_owned(), format!("{ids}{sent}").into_bytes())];
            assert_eq!(headers, expected, "{received} {policy:?}");
        }
    }
    let headers = [("b3", format!("{ids}-d"))];
    for policy in [RestartWithLink, RestartWithoutLink] {
        let admitted = propagators.admit(headers.iter().map(|(name, value)| (*name, value)), policy);
        assert!(!admitted.parent.has_active_span(), "{policy:?}");
    }
}
