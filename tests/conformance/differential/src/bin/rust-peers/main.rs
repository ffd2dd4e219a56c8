//! Libraries in Rust as programs for `tests/conformance/run`: `rust-peers opentelemetry`, `fastrace` or `emit`.

mod emit;
mod fastrace;
mod opentelemetry;

use serde_json::{Value, json};
use std::collections::HashMap;
use std::error::Error;
use std::io;

fn main() -> Result<(), Box<dyn Error>> {
    let read = match std::env::args().nth(1).as_deref() {
        Some("opentelemetry") => opentelemetry::read,
        Some("fastrace") => fastrace::read,
        Some("emit") => emit::read,
        _ => return Err("usage: rust-peers opentelemetry|fastrace|emit".into()),
    };
    for line in io::stdin().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let answer = match row["headers"].as_array() {
            None => json!({"skip": "no such function"}),
            Some(headers) => match carrier(headers) {
                None => json!({"skip": "about the carrier"}),
                Some(carrier) => read(&carrier),
            },
        };
        println!("{answer}");
    }
    Ok(())
}

/// The headers as a text map, or `None` if a carrier decides how to read them.
fn carrier(headers: &[Value]) -> Option<HashMap<String, String>> {
    let mut carrier = HashMap::new();
    for header in headers {
        let (name, value) = (header[0].as_str()?, header[1].as_str()?);
        let is_ours = |name: &str| ["traceparent", "tracestate", "baggage"].contains(&name);
        let is_other_case = !is_ours(name) && is_ours(&name.to_ascii_lowercase());
        if is_other_case || carrier.insert(name.to_owned(), value.to_owned()).is_some() {
            return None;
        }
    }
    Some(carrier)
}
