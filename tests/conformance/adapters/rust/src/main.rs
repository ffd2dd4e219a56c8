//! The Rust API as a program for `tests/conformance/run`: one row a line, answered with one line.

#[path = "../../../../runner/formats.rs"]
mod formats;
#[path = "../../../../record/mod.rs"]
mod record;
#[path = "../../../../runner/w3c.rs"]
mod w3c;

use tracebaton_rows::{Asked, serve};

fn main() -> std::io::Result<()> {
    serve(|asked| {
        Some(match asked {
            Asked::W3c(case) => w3c::outcome(&case),
            Asked::Format(operation) => formats::outcome(&operation),
        })
    })
}
