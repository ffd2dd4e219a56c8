//! Runs every conformance vector through the C library, called from C.

use tracebaton_rows::Row;
use tracebaton_rows::packed::{Named, named_rows, pack, spoiled, without_error};
use tracebaton_test_c_runner::run;

fn named(rows: &[(String, Row)]) -> Vec<Named<'_>> {
    rows.iter().map(|(file, row)| Named::W3c(file, row)).collect()
}

/// The sum of the rows of all files in the lines with this first word.
fn counted(report: &str, word: &str) -> usize {
    let counts = report.lines().filter_map(|line| {
        let mut words = line.split(' ').skip_while(|first| *first != word).skip(2);
        words.next()?.parse::<usize>().ok()
    });
    counts.sum()
}

#[test]
fn every_row_comes_out_as_expected() {
    let rows = named_rows().unwrap();
    let report = run(&pack(&named(&rows)).unwrap());
    assert!(report.good, "{}", report.text);
    let (ran, skipped) = (counted(&report.text, "rows"), counted(&report.text, "skipped"));
    assert_eq!(ran + skipped, rows.len(), "{}", report.text);
    assert!(skipped < 10, "{}", report.text);
}

#[test]
fn every_row_with_a_wrong_expectation_fails_and_is_named() {
    let mut rows = named_rows().unwrap();
    for (_, row) in &mut rows {
        *row = spoiled(row);
    }
    expect_all_to_fail(&rows);
}

#[test]
fn every_row_with_an_error_that_is_not_expected_fails_and_is_named() {
    let mut rows = named_rows().unwrap();
    rows.retain_mut(|(_, row)| without_error(row).map(|changed| *row = changed).is_some());
    let beside_a_value = rows.iter().filter(|(_, row)| row.expect.get("value").is_some()).count();
    assert!(beside_a_value > 0, "no row expects a value beside its error");
    expect_all_to_fail(&rows);
}

fn expect_all_to_fail(rows: &[(String, Row)]) {
    let report = run(&pack(&named(rows)).unwrap());
    assert!(!report.good);
    let passed = |row: &Row| !report.text.contains(&format!("FAILED {}: ", row.id));
    let passed: Vec<_> = rows.iter().filter(|(_, row)| passed(row)).map(|(_, row)| &row.id).collect();
    assert_eq!(passed.len(), counted(&report.text, "skipped"), "{passed:?} passed or were skipped");
}

#[test]
fn damaged_rows_fail() {
    let rows = named_rows().unwrap();
    let packed = pack(&named(&rows)[..1]).unwrap();
    for length in 0..packed.len() {
        assert!(!run(&packed[..length]).good, "{length} bytes");
    }
}
