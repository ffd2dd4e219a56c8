//! Packed rows on the host, with the crates that run on microcontrollers.

use tracebaton_rows::Row;
use tracebaton_rows::packed::{Named, named_rows, pack, pack_in_parts, spoiled};
use tracebaton_test_embedded_runner::{Buffer, Tally, Unwatched};

const EMPTY: Buffer = [0; 8192];

fn named(rows: &[(String, Row)]) -> Vec<Named<'_>> {
    rows.iter().map(|(file, row)| (file.as_str(), row)).collect()
}

fn tally(packed: &[u8], report: &mut String) -> Tally {
    Tally::of(packed, &mut EMPTY.clone(), &mut Unwatched, report).unwrap()
}

#[test]
fn every_row_comes_out_as_expected() {
    let rows = named_rows().unwrap();
    let mut report = String::new();
    let tally = tally(&pack(&named(&rows)).unwrap(), &mut report);
    assert!(tally.is_good(), "{report}");
    assert_eq!(tally.ran as usize, rows.len());
    assert!(rows.len() > 800, "{} rows", rows.len());
}

#[test]
fn parts_have_every_row_once() {
    let rows = named_rows().unwrap();
    let parts = pack_in_parts(&named(&rows), 160 << 10).unwrap();
    assert!(parts.len() > 2 && parts.iter().all(|part| part.len() <= 160 << 10), "{} parts", parts.len());
    let ran: u32 = parts.iter().map(|part| tally(part, &mut String::new()).passed).sum();
    assert_eq!(ran as usize, rows.len());
}

#[test]
fn every_row_with_a_wrong_expectation_fails_and_is_named() {
    let rows = named_rows().unwrap();
    for (file, row) in &rows {
        let mut report = String::new();
        let tally = tally(&pack(&[(file, &spoiled(row))]).unwrap(), &mut report);
        assert_eq!((tally.ran, tally.passed), (1, 0), "{}", row.id);
        assert!(report.starts_with(&format!("FAILED {}: ", row.id)), "{report}");
    }
}

#[test]
fn what_is_damaged_fails() {
    let rows = named_rows().unwrap();
    let packed = pack(&named(&rows)[..3]).unwrap();
    for length in 0..packed.len() {
        assert!(!tally(&packed[..length], &mut String::new()).is_good(), "{length} bytes");
    }
}
