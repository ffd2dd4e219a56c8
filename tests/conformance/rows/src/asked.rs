//! The lines that the kit writes to a program.

use crate::{Case, FormatOperation};
use serde_json::{Value, from_value, json};
use std::io::{self, Write as _};

/// What a line asks for.
#[derive(Clone, Debug)]
pub enum Asked {
    /// A row about W3C's headers.
    W3c(Case),
    /// A row about other formats.
    Format(FormatOperation),
}

/// Answers each line of standard input with one line; `None` skips the row.
///
/// # Errors
///
/// If a line is no row, or standard input or output fails.
pub fn serve(answer: impl Fn(Asked) -> Option<Value>) -> io::Result<()> {
    for line in io::stdin().lines() {
        let asked = Asked::of(serde_json::from_str(&line?)?)?;
        let answered = answer(asked).unwrap_or_else(|| json!({"skip": "no such function"}));
        let mut output = io::stdout().lock();
        writeln!(output, "{answered}")?;
        output.flush()?;
    }
    Ok(())
}

impl Asked {
    fn of(mut line: Value) -> Result<Self, serde_json::Error> {
        if line["headers"].is_array() {
            let headers = from_value(line["headers"].take())?;
            return Ok(Self::W3c(Case::Extract {
                headers,
                child_span_id: from_value(line["span_id"].take())?,
            }));
        }
        let operation = line["operation"].take();
        // Both parts of the vectors have a `strip`; this one is about W3C's headers alone.
        let is_strip_of_w3c = operation["formats"] == json!(["tracecontext", "baggage"]);
        if (operation["name"] != "strip" || is_strip_of_w3c)
            && let Ok(operation) = from_value(operation.clone())
        {
            return Ok(Self::W3c(Case::Change(operation)));
        }
        from_value(operation).map(Self::Format)
    }
}
