//! The table of expected deviations: a deviation that it does not list fails, and so does a row that does not occur.

use tracebaton_interop::driver::compare::Field;
use tracebaton_interop::driver::expected::{Direction, Observation, Row, check, read};
use tracebaton_interop::driver::{case, runtime};
use tracebaton_interop::here;

fn seen(case: &str, other: &str, gives: Option<&str>) -> Observation {
    Observation {
        program: "peers/some/library".to_owned(),
        direction: Direction::Receives,
        other: other.to_owned(),
        case: case.to_owned(),
        field: Field::Random,
        gives: gives.map(str::to_owned),
    }
}

fn row(cases: &[&str], gives: &str) -> Row {
    Row {
        program: "peers/some/library".to_owned(),
        directions: [Direction::Receives].into(),
        cases: cases.iter().map(|case| (*case).to_owned()).collect(),
        field: Field::Random,
        gives: gives.to_owned(),
        reason: "It knows one flag.".to_owned(),
        source: "its code".to_owned(),
    }
}

#[test]
fn an_expected_value_needs_no_row() {
    assert!(check(&[seen("random", "ours", None)], &[]).is_empty());
}

#[test]
fn a_deviation_that_is_not_listed_fails() {
    let wrong = check(&[seen("random", "ours", Some("0"))], &[]);
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].contains("peers/some/library Receives: Random is unexpectedly \"0\""), "{wrong:?}");
}

#[test]
fn a_deviation_that_is_listed_passes() {
    let all = [seen("random", "ours", Some("0")), seen("sampled", "ours", None)];
    assert!(check(&all, &[row(&["random"], "0")]).is_empty());
}

#[test]
fn a_listed_deviation_that_does_not_occur_fails() {
    let wrong = check(&[seen("random", "ours", None)], &[row(&["random"], "0")]);
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].contains("should be \"0\", but is not"), "{wrong:?}");
}

#[test]
fn a_deviation_with_another_value_fails_twice() {
    assert_eq!(check(&[seen("random", "ours", Some("none"))], &[row(&["random"], "0")]).len(), 2);
}

#[test]
fn a_row_must_occur_in_each_of_its_cases() {
    let all = [seen("random", "ours", Some("0")), seen("everything", "ours", None)];
    assert_eq!(check(&all, &[row(&["random", "everything"], "0")]).len(), 1);
}

#[test]
fn a_row_must_occur_with_every_other_program() {
    let all = [seen("random", "ours/rust", Some("0")), seen("random", "ours/c", None)];
    let wrong = check(&all, &[row(&["random"], "0")]);
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].contains("ours/c"), "{wrong:?}");
}

#[test]
fn a_case_that_was_never_sent_fails() {
    assert_eq!(check(&[seen("random", "ours", Some("0"))], &[row(&["random", "misspelt"], "0")]).len(), 1);
}

#[test]
fn rows_of_programs_that_did_not_run_are_ignored() {
    let row = Row { program: "peers/other/library".to_owned(), ..row(&["random"], "0") };
    assert!(check(&[seen("random", "ours", None)], &[row]).is_empty());
}

#[test]
fn the_table_names_existing_programs_and_cases() {
    let rows = read(&here().join("expected.json")).unwrap();
    let cases = case::all("any");
    for row in rows {
        assert!(runtime::ALL.iter().any(|runtime| runtime.name == row.program), "{row:?}");
        assert!(row.cases.iter().all(|name| cases.iter().any(|case| case.name == name)), "{row:?}");
        assert!(!runtime::is_ours(&row.program), "ours has no deviation: {row:?}");
        assert!(!row.reason.is_empty() && !row.source.is_empty(), "{row:?}");
    }
}
