//! The limits in SECURITY.md equal those in the code.

use std::path::Path;
use tracebaton::{Baggage, TraceParent, TraceState};

const PAGE: &str = include_str!("../SECURITY.md");

/// The cells of the tables' rows.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'));
    rows.map(|row| row.split('|').map(str::trim).collect())
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The value of a macro of the C headers.
fn in_c(name: &str) -> String {
    let headers = ["tracebaton.h", "tracebaton_rdkafka.h"];
    let texts =
        headers.map(|header| std::fs::read_to_string(project().join("include").join(header)).unwrap());
    let definition = format!("#define {name} ");
    let value = texts.iter().find_map(|text| text.split(&definition).nth(1)?.lines().next());
    value.unwrap_or_else(|| panic!("no C header defines {name}")).to_owned()
}

#[test]
fn limits_are_those_of_the_code() {
    let in_rust = [
        ("TraceParent::LENGTH", TraceParent::LENGTH),
        ("TraceState::MAX_LENGTH", TraceState::MAX_LENGTH),
        ("TraceState::MAX_MEMBERS", TraceState::MAX_MEMBERS),
        ("TraceState::MIN_PROPAGATED", TraceState::MIN_PROPAGATED),
        ("Baggage::MAX_LENGTH", Baggage::MAX_LENGTH),
        ("Baggage::MAX_MEMBERS", Baggage::MAX_MEMBERS),
    ];
    let limits: Vec<_> =
        rows().skip_while(|row| row[0] != "limit").take_while(|row| row.len() == 5).collect();
    for (name, value) in in_rust {
        let row = limits.iter().find(|row| row[3].contains(name)).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(row[1], value.to_string(), "{name}");
    }
    for row in limits.iter().filter(|row| row[4].starts_with("`TRACEBATON_")) {
        assert_eq!(row[1], in_c(row[4].trim_matches('`')), "{}", row[4]);
    }
}

#[test]
fn a_key_or_value_of_a_tracestate_has_256_bytes_at_most() {
    let row = rows().find(|row| row[0] == "bytes of its keys, and of its values").unwrap();
    let most: usize = row[1].parse().unwrap();
    let list = |key: usize, value: usize| format!("{}={}", "k".repeat(key), "v".repeat(value));
    assert!(TraceState::parse(list(most, most).as_bytes()).is_ok());
    assert!(TraceState::parse(list(most + 1, 1).as_bytes()).is_err());
    assert!(TraceState::parse(list(1, most + 1).as_bytes()).is_err());
}
