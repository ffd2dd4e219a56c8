//! Every cell does its work: all subjects have the same outcome.

use crate::cell::Outcome;
use crate::fixture;
use crate::subjects::{self, Kind, Subject};
use crate::works::{self, Family, Task, Work};
use tracebaton::{Baggage, TraceState};

fn subject(name: &str) -> &'static Subject {
    subjects::ALL.iter().find(|subject| subject.name == name).unwrap()
}

fn outcomes(subject: &Subject, work: &Work) -> Vec<Outcome> {
    let Some(cell) = (subject.cell)(&work.task) else { return vec![] };
    (0..cell.inputs).map(|index| cell.outcome(index)).collect()
}

/// The outcome agrees with the expected one; missing parts are ignored, and members if the work is done in part.
fn assert_agrees(given: &Outcome, expected: &Outcome, is_part: bool, who: &str) {
    fn part<T: PartialEq + std::fmt::Debug>(given: &Option<T>, expected: &Option<T>, who: &str) {
        assert!(given.is_none() || given == expected, "{who}: {given:?} is not {expected:?}");
    }
    part(&given.trace_id, &expected.trace_id, who);
    part(&given.span_id, &expected.span_id, who);
    part(&given.is_sampled, &expected.is_sampled, who);
    part(&given.tracestate, &expected.tracestate, who);
    part(&given.baggage, &expected.baggage, who);
    let members = expected.members.iter().flatten();
    let read =
        |member: &&(String, String)| !is_part || given.members.iter().flatten().any(|other| other == *member);
    let members = expected.members.as_ref().map(|_| members.filter(read).cloned().collect());
    part(&given.members, &members, who);
}

#[test]
fn the_codec_does_every_work_in_every_way_with_the_same_outcome() {
    let rust = subject("tracebaton, Rust");
    for work in works::all() {
        let expected = outcomes(rust, work);
        assert!(!expected.is_empty(), "{}", work.id);
        let does =
            |subject: &&Subject| (subject.cell)(&work.task).is_some() || work.family != Family::Formats;
        for subject in subjects::ALL.iter().filter(|subject| subject.kind == Kind::Ours).filter(does) {
            assert_eq!(outcomes(subject, work), expected, "{} by {}", work.id, subject.name);
        }
    }
}

#[test]
fn peers_find_the_same_ids_and_write_the_same_bytes() {
    let rust = subject("tracebaton, Rust");
    for work in works::all().iter().filter(|work| work.family != Family::Malformed && work.id != "E5") {
        let expected = outcomes(rust, work);
        for subject in subjects::ALL.iter().filter(|subject| subject.kind == Kind::Peer) {
            for (given, expected) in outcomes(subject, work).iter().zip(&expected) {
                let is_part = subject.does_in_part(&work.id);
                assert_agrees(given, expected, is_part, &format!("{} by {}", work.id, subject.name));
                let reads_a_parent =
                    matches!(&work.task, Task::Parse(_) | Task::Extract(_)) && work.id != "E4";
                assert_eq!(given.trace_id.is_some(), reads_a_parent, "{} by {}", work.id, subject.name);
                if let (Some(given), Some(expected)) = (&given.written, &expected.written) {
                    assert!(expected.starts_with(given), "{} by {}", work.id, subject.name);
                }
            }
        }
    }
}

#[test]
fn opentelemetry_reads_and_writes_baggage_and_updates_a_tracestate() {
    for (id, subject) in ["B read", "B build", "T update"].map(|id| (id, subject("opentelemetry"))) {
        let work = works::all().iter().find(|work| work.id == id).unwrap();
        let expected = outcomes(self::subject("tracebaton, Rust"), work);
        assert_eq!(outcomes(subject, work), expected, "{id}");
    }
}

#[test]
fn a_malformed_record_is_refused_for_the_rule_that_its_row_names() {
    let malformed = works::all().iter().filter(|work| work.family == Family::Malformed);
    for work in malformed.clone() {
        for outcome in outcomes(subject("tracebaton, Rust"), work) {
            assert_eq!(outcome.refused.as_ref(), Some(&work.id));
            assert!(work.id.ends_with(work.rule.unwrap()));
        }
    }
    assert_eq!(malformed.count(), 10 + 9 + 2);
}

#[test]
fn memcpy_copies_the_input_or_the_output() {
    for work in works::all() {
        let copied = outcomes(subject("memcpy"), work);
        let expected: Vec<Vec<u8>> = match &work.task {
            Task::Parse(values) => values.iter().map(|value| value.as_bytes().to_vec()).collect(),
            Task::Inject(_) | Task::Format(_) => {
                let ours = outcomes(subject("tracebaton, Rust"), work);
                ours.into_iter().filter_map(|outcome| outcome.written).collect()
            }
            _ => continue,
        };
        assert_eq!(copied.into_iter().filter_map(|outcome| outcome.written).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn the_fixtures_have_their_documented_sizes() {
    for number in 0..fixture::IDS {
        let small = [fixture::tracestate, fixture::tracestate_of_rare_keys, fixture::tracestate_with_space];
        let large = [
            fixture::long_tracestate,
            fixture::long_tracestate_of_rare_keys,
            fixture::long_tracestate_with_spaces,
        ];
        for (make, length, members) in
            small.map(|make| (make, 39, 2)).into_iter().chain(large.map(|make| (make, 512, 32)))
        {
            let value = make(number);
            assert_eq!(value.len(), length, "{value}");
            assert_eq!(TraceState::parse(value.as_bytes()).unwrap().len(), members, "{value}");
        }
        let baggage = fixture::baggage(number);
        assert_eq!(Baggage::parse(baggage.as_bytes()).unwrap().members().count(), 3);
    }
}

#[test]
fn ids_change_from_one_record_to_the_next() {
    let spans: std::collections::HashSet<_> =
        (0..fixture::IDS).map(|number| fixture::span(number).trace_id).collect();
    assert_eq!(spans.len(), fixture::IDS);
}
