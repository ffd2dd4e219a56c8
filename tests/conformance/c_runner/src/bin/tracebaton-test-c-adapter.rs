//! The C library as a program for `tests/conformance/run`: one row a line, answered with one line.

use tracebaton_rows::{Asked, serve};
use tracebaton_test_c_runner::{formats, outcome};

fn main() -> std::io::Result<()> {
    serve(|asked| match asked {
        Asked::W3c(case) => outcome(case),
        Asked::Format(operation) => formats::outcome(&operation),
    })
}
