//! Replays every seed, every past finding and every conformance vector, without a fuzzer.

mod inputs;

use inputs::{format_inputs, inputs};
use std::fs::read_dir;
use std::path::Path;
use tracebaton_fuzz_properties::{
    Hop, TARGETS, format_headers, format_input, format_name, formats, raw_headers,
};
use tracebaton_rows::{FormatOperation, Header, format_rows, rows};

/// The targets with structured inputs.
const FORMED: [&str; 3] = ["headers", "round_trip", "c_api"];
/// The index of the `choice` byte in such an input.
const CHOICE: usize = 9;

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds").join(target);
    let file = |path: &Path| (path.display().to_string(), std::fs::read(path).unwrap());
    read_dir(&folder).unwrap().map(|entry| file(&entry.unwrap().path())).collect()
}

#[test]
fn seeds_of_every_target() {
    for (target, holds) in TARGETS {
        let seeds = seeds(target);
        assert!(seeds.len() >= 8, "{target}");
        for (name, seed) in seeds {
            println!("{name}");
            holds(&seed);
        }
    }
}

/// `cargo test -p tracebaton-fuzz-properties --features opentelemetry`
#[cfg(feature = "opentelemetry")]
#[test]
fn seeds_and_vectors_through_opentelemetry() {
    let vectors = rows().unwrap().into_iter().flat_map(|row| inputs(&row));
    let vectors = vectors.filter(|(target, _)| FORMED.contains(target)).map(|(_, input)| input);
    let seeds = FORMED.iter().flat_map(|target| seeds(target)).map(|(_, seed)| seed);
    seeds
        .chain(vectors)
        .for_each(|input| tracebaton_fuzz_properties::opentelemetry(&Hop::from_bytes(&input)));
}

/// `cargo test -p tracebaton-fuzz-properties --features explain`
#[cfg(feature = "explain")]
#[test]
fn seeds_and_cases_of_explain() {
    let cases = include_str!("../../../examples/explain/tests/cases.jsonl")
        .lines()
        .map(|case| case.as_bytes().to_vec());
    let seeds = seeds("explain");
    assert!(seeds.len() >= 8);
    seeds
        .into_iter()
        .map(|(_, seed)| seed)
        .chain(cases)
        .for_each(|text| tracebaton_fuzz_properties::explain(&text));
}

#[test]
fn seeds_have_their_intended_content() {
    for target in FORMED {
        for (name, seed) in seeds(target).iter().filter(|(name, _)| !name.contains("found-")) {
            assert_eq!(Hop::from_bytes(seed).to_bytes(), *seed, "{name}");
        }
    }
}

#[test]
fn conformance_vectors() {
    let mut count = 0;
    for row in rows().unwrap() {
        for (name, mut input) in inputs(&row) {
            println!("{} {name}", row.id);
            let (_, holds) = TARGETS.iter().find(|(target, _)| *target == name).unwrap();
            holds(&input);
            if FORMED.contains(&name) {
                for choice in [0x01, 0x06, 0x0a, 0x13, 0x54, 0xd9] {
                    input[CHOICE] = choice;
                    holds(&input);
                }
            }
            count += 1;
        }
    }
    assert!(count > 2_500, "{count}");
}

fn owned(headers: &[Header]) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    headers.iter().map(|(name, value)| (name.to_vec(), value.as_deref().map(<[u8]>::to_vec))).collect()
}

#[test]
fn conformance_vectors_of_formats() {
    let rows = format_rows().unwrap();
    for row in &rows {
        println!("{}", row.id);
        for (name, input) in format_inputs(row) {
            let (_, holds) = TARGETS.iter().find(|(target, _)| *target == name).unwrap();
            holds(&input);
        }
        match &row.case {
            FormatOperation::Choose { headers, .. }
            | FormatOperation::Strip { headers, .. }
            | FormatOperation::InjectFormats { headers, .. } => formats(&owned(headers)),
            FormatOperation::FormatOf { header } => format_name(header),
            FormatOperation::RawHeaders { block } => raw_headers(block),
        }
    }
    assert!(rows.len() > 500);
}

#[test]
fn an_input_of_formats_stands_for_its_headers() {
    let headers = [
        (b"b3".to_vec(), Some(b"0".to_vec())),
        (b"x-b3-traceid".to_vec(), None),
        (b"X_INSTANA_T".to_vec(), Some(vec![])),
    ];
    assert_eq!(format_headers(&format_input(&headers)), headers);
    assert!(format_input(&[(b"schema-id".to_vec(), None)]).is_empty());
}
