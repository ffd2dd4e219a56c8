//! Whatever the headers hold: nothing panics, and what goes through OpenTelemetry is what went in.

#[path = "../../../tests/conformance/oracle/tests/generated/mod.rs"]
mod generated;

use generated::{baggage, bytes, cases, traceparent, tracestate};
use opentelemetry::baggage::{Baggage, BaggageExt, BaggageMetadata, KeyValueMetadata};
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, StringValue};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::{BTreeMap, HashSet};
use tracebaton::formats::Format;
use tracebaton::{Carrier, Header, HeaderName, SpanContext, TraceState, extract};
use tracebaton_opentelemetry::{
    HeaderList, Links, Propagators, extract_trace_context, from_baggage, from_trace_state, to_baggage,
    to_trace_state, trace_context_headers,
};

type Headers = Vec<(Vec<u8>, Option<Vec<u8>>)>;

fn header() -> impl Strategy<Value = (Vec<u8>, Option<Vec<u8>>)> {
    let name = |names: &'static [&str]| select(names).prop_map(|name| name.as_bytes().to_vec());
    let value = |valid, near| prop_oneof![3 => valid, 2 => near, 1 => bytes()];
    prop_oneof![
        (
            name(&["traceparent", "TraceParent"]),
            option::weighted(0.9, value(traceparent::valid(), traceparent::near_valid()))
        ),
        (
            name(&["tracestate", "TRACESTATE"]),
            option::weighted(0.9, value(tracestate::valid(), tracestate::near_valid()))
        ),
        (
            name(&["baggage", "Baggage"]),
            option::weighted(0.9, value(baggage::valid(), baggage::near_valid()))
        ),
        (prop_oneof![bytes(), name(&["traceparent\0x", "", "key"])], option::of(bytes())),
    ]
}

fn headers() -> impl Strategy<Value = Headers> {
    vec(header(), 0..9)
}

fn borrowed(headers: &Headers) -> impl Iterator<Item = Header<'_>> {
    headers.iter().map(|(name, value)| Header { name, value: value.as_deref() })
}

fn ours(headers: &Headers) -> Vec<&(Vec<u8>, Option<Vec<u8>>)> {
    headers.iter().filter(|(name, _)| HeaderName::of(name).is_some()).collect()
}

fn others(headers: &Headers) -> Vec<&(Vec<u8>, Option<Vec<u8>>)> {
    headers.iter().filter(|(name, _)| HeaderName::of(name).is_none()).collect()
}

/// A tracestate without members is not written (W2).
fn without_empty_list(context: SpanContext<'_>) -> SpanContext<'_> {
    let is_empty = context.trace_state.is_empty();
    context.with_trace_state(if is_empty { TraceState::EMPTY } else { context.trace_state })
}

/// Names, values and properties, these without the white space around them.
fn entries(baggage: &Baggage) -> BTreeMap<String, (String, Vec<String>)> {
    let properties = |metadata: &BaggageMetadata| -> Vec<String> {
        metadata.as_str().split(';').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
    };
    let entry =
        |(value, metadata): &(StringValue, BaggageMetadata)| (value.to_string(), properties(metadata));
    baggage.iter().map(|(key, pair)| (key.to_string(), entry(pair))).collect()
}

/// A member, valid or not: with spaces and properties, and with values that OpenTelemetry holds as other bytes.
fn member() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-d][a-z]?=[!-~&&[^,;]]{0,6}( ?;[a-z]{1,3}(=[!-~&&[^,;]]{0,3})?){0,2}",
        1 => "[a-d]=(%ff){1,40}",
        1 => " k[0-9]{1,3}=[!-~&&[^,;]]{0,3}",
        1 => "[ -~&&[^,]]{0,5}",
    ]
}

/// The well-formed members of a list, as they are in it.
fn members_of(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let members = list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    members.filter(|member| tracebaton::Baggage::parse(member).unwrap().members().next().is_some())
}

fn has_key(list: &[u8], key: &str) -> bool {
    members_of(list).any(|member| {
        tracebaton::Baggage::parse(member).unwrap().members().any(|member| member.key() == key.as_bytes())
    })
}

/// The context with another value for a key, or without the key, as OpenTelemetry has it done.
fn with_key(context: &Context, key: &str, value: Option<&'static str>) -> Context {
    let others = context.baggage().iter().filter(|(held, _)| held.as_str() != key);
    let others = others
        .map(|(key, (value, metadata))| KeyValueMetadata::new(key.clone(), value.clone(), metadata.clone()));
    let set = value.map(|value| KeyValueMetadata::new(key.to_owned(), value, ""));
    let first = set.into_iter();
    Context::clone(context).with_baggage(first.chain(others).collect::<Vec<_>>())
}

fn baggage_of(context: &Context) -> Vec<u8> {
    let headers = trace_context_headers(context);
    headers.into_iter().find(|(name, _)| name == "baggage").map(|(_, value)| value).unwrap_or_default()
}

proptest! {
    #![proptest_config(cases(100))]

    /// C5: a service that changes one key writes every other member unchanged, also those that OpenTelemetry cannot hold.
    #[test]
    fn a_change_of_baggage_keeps_the_other_members(
        members in prop_oneof![vec(member(), 1..8), vec(member(), 60..75)],
        key in "[a-e]",
        value in option::of(Just("new value")),
    ) {
        let list = members.join(",");
        let Ok(received) = tracebaton::Baggage::parse(list.as_bytes()) else { return Ok(()) };
        let context = extract_trace_context([("baggage", &*list)]);
        let is_there = has_key(list.as_bytes(), &key);
        // OpenTelemetry cannot change what it does not hold, and nobody may add a 65th member.
        prop_assume!(context.baggage().get(&key).is_some() || !is_there && received.len() < tracebaton::Baggage::MAX_MEMBERS);
        let changed = with_key(&context, &key, value);
        let sent = baggage_of(&changed);
        let others = |list: &[u8]| -> Vec<Vec<u8>> {
            members_of(list).filter(|member| !has_key(member, &key)).map(<[u8]>::to_vec).collect()
        };
        if changed.baggage().is_empty() {
            prop_assert!(sent.is_empty(), "a list that was cleared has no member that OpenTelemetry did not hold");
        } else {
            prop_assert_eq!(others(&sent), others(list.as_bytes()));
        }
        let set = members_of(&sent).find(|member| has_key(member, &key));
        let expected = value.map(|_| format!("{key}=new%20value"));
        prop_assert_eq!(set, expected.as_ref().map(String::as_bytes));
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn a_relay_changes_nothing(received in headers(), stale in headers()) {
        let context = Propagators::W3C.extract(&Context::new(), borrowed(&received));
        let mut sent = stale.clone();
        let Ok(_) = Propagators::W3C.inject(&context, &mut sent);
        let (before, after) = (extract(borrowed(&received)).context(), extract(borrowed(&sent)).context());
        let is_baggage = |name: &[u8]| HeaderName::of(name) == Some(HeaderName::Baggage);
        if before.span_context.is_none() {
            // What is not replaced stays (W2).
            let has_baggage = !to_baggage(&before.baggage).is_empty();
            let kept = |headers: &Headers| -> Headers {
                let is_kept = |name: &[u8]| !(has_baggage && is_baggage(name));
                headers.iter().filter(|(name, _)| is_kept(name)).cloned().collect()
            };
            prop_assert_eq!(kept(&sent), kept(&stale));
            return Ok(());
        }
        prop_assert_eq!(before.span_context.map(without_empty_list), after.span_context);
        prop_assert_eq!(before.span_context.is_some(), context.span().span_context().is_valid());
        let held = entries(&to_baggage(&before.baggage));
        prop_assert_eq!(&held, &entries(context.baggage()));
        let written = if held.is_empty() { tracebaton::Baggage::EMPTY } else { before.baggage };
        prop_assert_eq!(written, after.baggage);
        prop_assert_eq!(others(&sent), others(&stale));
        // Each name once, in lower case, at the end.
        let written = ours(&sent);
        prop_assert!(sent.ends_with(&written.iter().map(|header| (*header).clone()).collect::<Vec<_>>()));
        let is_lower = |name: &[u8]| !name.iter().any(u8::is_ascii_uppercase);
        prop_assert!(written.iter().all(|(name, value)| is_lower(name) && value.is_some()));
        // Once more, and nothing is left to change.
        let again = Propagators::W3C.extract(&Context::new(), borrowed(&sent));
        let mut twice = sent.clone();
        let Ok(_) = Propagators::W3C.inject(&again, &mut twice);
        prop_assert_eq!(twice, sent);
    }

    #[test]
    fn what_is_not_carried_stays(
        received in headers(),
        stale in headers(),
        which in select(&["tracecontext", "baggage", "none"][..]),
    ) {
        let (propagators, unknown) = Propagators::parse(which);
        prop_assert!(unknown.is_empty());
        let context = propagators.extract(&Context::new(), borrowed(&received));
        prop_assert!(propagators.reads(Format::TraceContext) || !context.span().span_context().is_valid());
        prop_assert!(propagators.reads(Format::Baggage) || context.baggage().is_empty());
        let whole = Propagators::W3C.extract(&Context::new(), borrowed(&received));
        let mut sent = stale.clone();
        let Ok(_) = propagators.inject(&whole, &mut sent);
        let kept = |headers: &Headers| -> Headers {
            let is_kept = |name: &[u8]| match HeaderName::of(name) {
                Some(HeaderName::Baggage) => !propagators.reads(Format::Baggage),
                Some(_) => !propagators.reads(Format::TraceContext),
                None => true,
            };
            headers.iter().filter(|(name, _)| is_kept(name)).cloned().collect()
        };
        prop_assert_eq!(kept(&sent), kept(&stale));
    }

    #[test]
    fn types_of_both_crates_hold_the_same(
        state in prop_oneof![tracestate::valid(), bytes()],
        list in prop_oneof![baggage::valid(), bytes()],
    ) {
        if let Ok(state) = TraceState::parse(&state) {
            let held = to_trace_state(&state);
            let header = from_trace_state(&held);
            let back = to_trace_state(&TraceState::parse(header.as_bytes()).unwrap());
            prop_assert_eq!(&back, &held);
        }
        if let Ok(list) = tracebaton::Baggage::parse(&list) {
            let header = from_baggage(&to_baggage(&list));
            let back = to_baggage(&tracebaton::Baggage::parse(&header).unwrap());
            prop_assert_eq!(from_baggage(&back), header);
        }
    }

    #[test]
    fn every_record_of_a_batch_is_counted(batch in vec(headers(), 0..12)) {
        let mut links = Links::default();
        for record in &batch {
            links.insert(borrowed(record));
        }
        let spans = links.iter().map(|link| &link.span_context);
        let spans = spans.map(|span| (span.trace_id().to_bytes(), span.span_id().to_bytes()));
        let distinct: HashSet<_> = spans.collect();
        let counted = links.duplicates() + links.without_context();
        prop_assert_eq!(distinct.len(), links.len());
        prop_assert_eq!(links.len() + counted, batch.len());
    }

    #[test]
    fn any_list_of_names_says_something(list in "[ ,a-zA-Z\t\u{0}é-]{0,40}") {
        let (propagators, unknown) = Propagators::parse(&list);
        let names = list.split(',').filter(|name| !name.trim().is_empty()).count();
        prop_assert!(unknown.len() <= names);
        prop_assert!(names > 0 || propagators == Propagators::W3C);
    }
}

#[test]
fn a_carrier_of_hostile_headers_is_read_as_it_is() {
    let mut headers: Headers = vec![(b"\xff".to_vec(), None), (b"\xff".to_vec(), Some(vec![]))];
    let copy = headers.clone();
    assert!(HeaderList::new(&mut headers).headers().eq(borrowed(&copy)));
}
