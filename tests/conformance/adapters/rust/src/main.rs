//! The Rust API as a program for `tests/conformance/run`: one row a line, answered with one line.

#[path = "../../../../runner/formats.rs"]
mod formats;
#[path = "../../../../record/mod.rs"]
mod record;
#[path = "../../../../runner/w3c.rs"]
mod w3c;

use serde_json::{Value, from_value, json};
use std::error::Error;
use std::io::{self, Write as _};
use tracebaton_rows::Case;

fn main() -> Result<(), Box<dyn Error>> {
    for line in io::stdin().lines() {
        let answer = answer(serde_json::from_str(&line?)?)?;
        let mut output = io::stdout().lock();
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

fn answer(mut row: Value) -> Result<Value, serde_json::Error> {
    if row["headers"].is_array() {
        let headers = from_value(row["headers"].take())?;
        return Ok(w3c::outcome(&Case::Extract {
            headers,
            child_span_id: from_value(row["span_id"].take())?,
        }));
    }
    let operation = row["operation"].take();
    // Both parts of the vectors have a `strip`; this one is about W3C's headers alone.
    let is_strip_of_w3c = operation["formats"] == json!(["tracecontext", "baggage"]);
    if (operation["name"] != "strip" || is_strip_of_w3c)
        && let Ok(operation) = from_value(operation.clone())
    {
        return Ok(w3c::outcome(&Case::Change(operation)));
    }
    from_value(operation).map(|operation| formats::outcome(&operation))
}
