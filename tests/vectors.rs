//! Runs every conformance vector through the Rust API.

mod record;
#[path = "runner/w3c.rs"]
mod w3c;

#[test]
fn every_row_comes_out_as_expected() {
    tracebaton_rows::check("the Rust API", 0, |row| Some(w3c::outcome(&row.case)));
}
