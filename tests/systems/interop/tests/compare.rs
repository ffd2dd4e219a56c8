//! Comparing contexts reports every difference, and nothing else.

use tracebaton_interop::driver::case;
use tracebaton_interop::driver::compare::{Field, contexts, rest};
use tracebaton_interop::protocol::Context;

fn context(name: &str) -> Context {
    case::all("a program").into_iter().find(|case| case.name == name).unwrap().context
}

fn differences(should: &Context, is: &Context) -> Vec<(Field, String)> {
    contexts(should, is).into_iter().filter_map(|(field, gives)| Some((field, gives?))).collect()
}

#[test]
fn each_case_equals_itself() {
    for case in case::all("a program") {
        assert_eq!(differences(&case.context, &case.context), [], "{}", case.name);
    }
}

#[test]
fn no_two_cases_have_the_same_trace() {
    let all = ["one", "other"].map(case::all).concat();
    let ids: Vec<_> = all.iter().filter_map(|case| case.context.trace_id.as_deref()).collect();
    assert!(ids.iter().all(|id| id.len() == 32));
    assert!(ids.iter().enumerate().all(|(index, id)| !ids[..index].contains(id)));
}

#[test]
fn every_lost_field_is_reported() {
    let should = context("everything");
    let lost: Vec<Field> =
        differences(&should, &Context::default()).into_iter().map(|(field, _)| field).collect();
    assert_eq!(
        lost,
        [Field::TraceId, Field::Parent, Field::Sampled, Field::Random, Field::Tracestate, Field::Baggage]
    );
}

#[test]
fn an_unexpected_context_is_reported() {
    let is = differences(&context("nothing"), &context("everything"));
    let fields: Vec<Field> = is.iter().map(|(field, _)| *field).collect();
    assert_eq!(fields, [Field::TraceId, Field::Parent, Field::Tracestate, Field::Baggage]);
}

#[test]
fn another_id_differs_from_a_missing_id() {
    let (should, other) = (context("sampled"), context("not-sampled"));
    assert_eq!(differences(&should, &other)[0], (Field::TraceId, "another".to_owned()));
    assert_eq!(differences(&should, &Context::default())[0], (Field::TraceId, "none".to_owned()));
}

#[test]
fn flags_are_printed_by_name() {
    let should = context("sampled-random");
    let is = Context { trace_flags: Some("01".to_owned()), ..should.clone() };
    assert_eq!(differences(&should, &is), [(Field::Random, "0".to_owned())]);
    let is = Context { trace_flags: Some("02".to_owned()), ..should.clone() };
    assert_eq!(differences(&should, &is), [(Field::Sampled, "0".to_owned())]);
}

#[test]
fn the_order_of_a_tracestate_counts_and_that_of_a_baggage_does_not() {
    let should = context("tracestate-2");
    let turned = should.tracestate.split(',').rev().collect::<Vec<_>>().join(", ");
    let is = Context { tracestate: turned.clone(), ..should.clone() };
    assert_eq!(differences(&should, &is), [(Field::Tracestate, turned)]);

    let should = context("baggage");
    let is = Context { baggage: should.baggage.iter().rev().cloned().collect(), ..should.clone() };
    assert_eq!(differences(&should, &is), []);
}

#[test]
fn a_property_is_no_part_of_the_value() {
    let should = context("baggage-properties");
    let mut is = should.clone();
    is.baggage[0].metadata = " ttl=30 ; tier".to_owned();
    assert_eq!(differences(&should, &is), []);
    is.baggage[0].value = "7;ttl=30;tier".to_owned();
    is.baggage[0].metadata.clear();
    assert_eq!(differences(&should, &is), [(Field::Baggage, "tenant=[7;ttl=30;tier]".to_owned())]);
}

#[test]
fn members_that_are_lost_changed_or_new_are_named() {
    let should = context("baggage");
    let mut is = should.clone();
    is.baggage[0].value = "bob".to_owned();
    is.baggage[1].key = "place".to_owned();
    let gives = "no region, place=[eu], user=[bob]".to_owned();
    assert_eq!(differences(&should, &is), [(Field::Baggage, gives)]);
}

#[test]
fn forwarded_records_have_their_own_ids() {
    let (should, is) = (context("sampled"), context("not-sampled"));
    let fields: Vec<Field> = rest(&should, &is).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, [Field::Sampled, Field::Random, Field::Tracestate, Field::Baggage]);
}
