//! Runs every conformance vector through the C library, called from C.

use tracebaton_rows::Row;
use tracebaton_rows::packed::{Named, named_rows, pack, spoiled};
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
    let report = run(&pack(&named(&rows)).unwrap());
    assert!(!report.good);
    let named = rows.iter().filter(|(_, row)| report.text.contains(&format!("FAILED {}: ", row.id))).count();
    assert_eq!(named + counted(&report.text, "skipped"), rows.len());
}

#[test]
fn damaged_rows_fail() {
    let rows = named_rows().unwrap();
    let packed = pack(&named(&rows)[..1]).unwrap();
    for length in 0..packed.len() {
        assert!(!run(&packed[..length]).good, "{length} bytes");
    }
}
