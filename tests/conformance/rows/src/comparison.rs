//! Compares the outcome of a row with the expected one.

use serde_json::Value;
use std::fmt;

/// A difference between the outcome and the expected one.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    path: String,
    expected: Value,
    actual: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "outcome" } else { self.path.trim_start_matches('.') };
        write!(f, "{path} should be {}", shortened(&self.expected))?;
        match &self.actual {
            Some(actual) => write!(f, ", is {}", shortened(actual)),
            None => write!(f, ", is missing"),
        }
    }
}

/// A value as text, truncated if it is very long.
fn shortened(value: &Value) -> String {
    const MOST: usize = 300;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or(&text)),
        None => text,
    }
}

/// The first difference, if any. Members of objects that are not expected are ignored; arrays must be equal.
pub fn difference(expected: &Value, actual: &Value) -> Option<Difference> {
    differs(expected, Some(actual), String::new())
}

fn differs(expected: &Value, actual: Option<&Value>, path: String) -> Option<Difference> {
    match (expected, actual) {
        (_, Some(actual)) if expected == actual => None,
        (Value::Object(expected), Some(Value::Object(actual))) => expected
            .iter()
            .find_map(|(name, value)| differs(value, actual.get(name), format!("{path}.{name}"))),
        (Value::Array(expected), Some(Value::Array(actual))) if expected.len() == actual.len() => {
            let index =
                expected.iter().zip(actual).take_while(|(expected, actual)| expected == actual).count();
            let (expected, actual) = (expected.get(index)?.clone(), actual.get(index).cloned());
            Some(Difference { path: format!("{path}[{index}]"), expected, actual })
        }
        _ => Some(Difference { path, expected: expected.clone(), actual: actual.cloned() }),
    }
}
