//! Packed rows on the host, with the crates that run on microcontrollers.

use tracebaton_rows::packed::{
    Named, named_format_rows, named_rows, pack, pack_in_parts, spoiled, without_error,
};
use tracebaton_rows::{FormatOperation, Row};
use tracebaton_test_embedded_runner::{EMPTY, Tally, Unwatched};

/// Rows about W3C's headers, and about other formats.
struct All(Vec<(String, Row)>, Vec<(String, Row<FormatOperation>)>);

impl All {
    fn read() -> Self {
        Self(named_rows().unwrap(), named_format_rows().unwrap())
    }

    fn named(&self) -> Vec<Named<'_>> {
        let w3c = self.0.iter().map(|(file, row)| Named::W3c(file, row));
        w3c.chain(self.1.iter().map(|(file, row)| Named::Format(file, row))).collect()
    }
}

fn tally(packed: &[u8], report: &mut String) -> Tally {
    Tally::of(packed, &mut EMPTY.clone(), &mut Unwatched, report).unwrap()
}

#[test]
fn every_row_comes_out_as_expected() {
    let rows = All::read();
    let mut report = String::new();
    let tally = tally(&pack(&rows.named()).unwrap(), &mut report);
    assert!(tally.is_good(), "{report}");
    assert_eq!(tally.ran as usize, rows.named().len());
    assert!(rows.0.len() > 800 && rows.1.len() > 500, "{} rows", rows.named().len());
}

#[test]
fn parts_have_every_row_once() {
    let rows = All::read();
    let parts = pack_in_parts(&rows.named(), 160 << 10).unwrap();
    assert!(parts.len() > 2 && parts.iter().all(|part| part.len() <= 160 << 10), "{} parts", parts.len());
    let ran: u32 = parts.iter().map(|part| tally(part, &mut String::new()).passed).sum();
    assert_eq!(ran as usize, rows.named().len());
}

#[test]
fn every_row_with_a_wrong_expectation_fails_and_is_named() {
    let rows = All::read();
    rows.0.iter().for_each(|(file, row)| expect_to_fail(Named::W3c(file, &spoiled(row))));
    rows.1.iter().for_each(|(file, row)| expect_to_fail(Named::Format(file, &spoiled(row))));
}

#[test]
fn every_row_with_an_error_that_is_not_expected_fails_and_is_named() {
    let rows = All::read();
    for (file, row) in &rows.0 {
        without_error(row).iter().for_each(|row| expect_to_fail(Named::W3c(file, row)));
    }
    for (file, row) in &rows.1 {
        without_error(row).iter().for_each(|row| expect_to_fail(Named::Format(file, row)));
    }
}

fn expect_to_fail(row: Named<'_>) {
    let mut report = String::new();
    let tally = tally(&pack(&[row]).unwrap(), &mut report);
    assert_eq!((tally.ran, tally.passed), (1, 0), "{}", row.id());
    assert!(report.starts_with(&format!("FAILED {}: ", row.id())), "{report}");
}

#[test]
fn what_is_damaged_fails() {
    let rows = All::read();
    let packed = pack(&rows.named()[..3]).unwrap();
    for length in 0..packed.len() {
        assert!(!tally(&packed[..length], &mut String::new()).is_good(), "{length} bytes");
    }
}
