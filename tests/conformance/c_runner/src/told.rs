//! What the runner in C told of a row, in the form of the row's `expect`. `c/rows.h` describes the text.

use serde_json::{Map, Value, json};
use std::iter::Peekable;
use tracebaton_rows::text_value;

type Pieces<'a> = Peekable<std::str::SplitAsciiWhitespace<'a>>;

/// The outcome of the row that was told.
pub fn value(text: &str) -> Value {
    let mut outcome = Value::Object(Map::new());
    for line in text.lines().filter_map(|line| line.strip_prefix("TOLD ")) {
        let mut pieces = line.split_ascii_whitespace().peekable();
        let path = pieces.next().unwrap_or_default();
        let mut place = &mut outcome;
        for name in path.split('.') {
            place = &mut place[name];
        }
        *place =
            if pieces.next_if_eq(&"[").is_some() { list(path, &mut pieces) } else { scalar(&mut pieces) };
    }
    outcome
}

fn list(path: &str, pieces: &mut Pieces<'_>) -> Value {
    let mut items = Vec::new();
    while pieces.next_if_eq(&"]").is_none() {
        let first = scalar(pieces);
        let second = scalar(pieces);
        items.push(match path {
            "tracestate.members" => json!({"key": first, "value": second}),
            "baggage.members" => json!({"key": first, "value": second, "properties": properties(pieces)}),
            _ => json!([first, second]),
        });
    }
    Value::Array(items)
}

fn properties(pieces: &mut Pieces<'_>) -> Value {
    let mut properties = Vec::new();
    assert_eq!(pieces.next(), Some("["), "the properties of a member");
    while pieces.next_if_eq(&"]").is_none() {
        let key = scalar(pieces);
        properties.push(match scalar(pieces) {
            Value::Null => json!({"key": key}),
            value => json!({"key": key, "value": value}),
        });
    }
    Value::Array(properties)
}

fn scalar(pieces: &mut Pieces<'_>) -> Value {
    let piece = pieces.next().expect("a piece");
    match (&piece[..1], &piece[1..]) {
        ("-", _) => Value::Null,
        ("t", _) => Value::Bool(true),
        ("f", _) => Value::Bool(false),
        ("i", number) => json!(number.parse::<i64>().expect("a number")),
        ("b", digits) => text_value(&bytes(digits)),
        _ => panic!("{piece} is no piece"),
    }
}

fn bytes(digits: &str) -> Vec<u8> {
    let digit = |of: u8| char::from(of).to_digit(16).expect("a hex digit") as u8;
    digits.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
