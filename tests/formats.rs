//! Runs every conformance vector about other formats and raw headers through the Rust API.

#[path = "runner/formats.rs"]
mod formats;
mod record;

#[test]
fn every_row_comes_out_as_expected() {
    tracebaton_rows::check_formats("the Rust API, other formats", 0, |row| Some(formats::outcome(&row.case)));
}
