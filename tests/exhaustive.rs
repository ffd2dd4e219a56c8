//! Which public types a new part or case would break users of: each is named here, and in the crate documentation.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tracebaton::formats::{Outcome, Sampling};
use tracebaton::{
    CarrierFull, Header, HeaderName, InjectionParts, QueueTime, Reader, TimestampKind, Verdict,
};

/// Complete as they are. All others are `#[non_exhaustive]`, or have a part that is not public.
const COMPLETE: [&str; 11] = [
    "CarrierFull",
    "Header",
    "HeaderName",
    "InjectionParts",
    "Items", // its only case cannot be made
    "Outcome",
    "QueueTime",
    "Reader",
    "Sampling",
    "TimestampKind",
    "Verdict",
];

#[test]
fn every_other_type_may_grow() {
    let mut complete = BTreeSet::new();
    let mut count = 0;
    for folder in ["src", "src/formats", "integrations/rdkafka/src", "integrations/opentelemetry/src"] {
        for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                for (name, is_complete) in types(&fs::read_to_string(path).unwrap()) {
                    count += 1;
                    complete.extend(is_complete.then_some(name));
                }
            }
        }
    }
    assert!(count > 40, "{count}");
    assert_eq!(complete, COMPLETE.map(str::to_owned).into());
}

/// The public types of a file, and whether all there is of each is public and stays so.
fn types(source: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let lines: Vec<&str> = source.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let item = line.trim_start();
        let Some(rest) = item.strip_prefix("pub struct ").or_else(|| item.strip_prefix("pub enum ")) else {
            continue;
        };
        let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric()).collect();
        if name.is_empty() {
            continue; // made by a macro, whose definition is looked at
        }
        let attributes = lines[..index].iter().rev().map(|line| line.trim());
        let mut attributes = attributes.take_while(|line| line.starts_with("#[") || line.starts_with("///"));
        let may_grow = attributes.any(|line| line == "#[non_exhaustive]");
        let is_complete = match item {
            _ if may_grow => false,
            item if item.starts_with("pub enum ") => !item.ends_with("{}"),
            item if item.ends_with(';') => !item.contains('(') || item.contains("(pub "),
            item if !item.ends_with('{') => false, // a tuple of several lines
            _ => {
                let mut fields = lines[index + 1..].iter().take_while(|line| line.trim() != "}");
                fields.all(|line| {
                    let line = line.trim();
                    line.starts_with("pub ") || line.starts_with('/') || line.starts_with('#')
                })
            }
        };
        found.push((name, is_complete));
    }
    found
}

/// Does not compile if one of them has another part or case.
#[test]
fn the_complete_types_can_be_taken_apart() {
    let Header { name, value } = Header::new("key", "1");
    let Reader { last: [_, _, baggage], header_count } = Reader::new();
    assert_eq!((name, value, baggage, header_count), (&b"key"[..], Some(&b"1"[..]), None, 0));
    let CarrierFull = CarrierFull;
    let QueueTime { milliseconds, kind } = QueueTime { milliseconds: -1, kind: TimestampKind::CreateTime };
    assert_eq!(milliseconds, -1);
    match kind {
        TimestampKind::NotAvailable | TimestampKind::CreateTime | TimestampKind::LogAppendTime => {}
    }
    match HeaderName::TraceParent {
        HeaderName::TraceParent | HeaderName::TraceState | HeaderName::Baggage => {}
    }
    let sampling = |sampling| match sampling {
        Sampling::Accept | Sampling::Deny | Sampling::Defer | Sampling::Debug => {}
    };
    sampling(Sampling::Defer);
    match Outcome::Decision(Sampling::Deny) {
        Outcome::SameTrace(_) | Outcome::OtherTrace(_) | Outcome::Decision(_) | Outcome::Refused(_) => {}
    }
    match Verdict::<(), ()>::Absent {
        Verdict::Absent | Verdict::Accepted { .. } | Verdict::Refused { .. } => {}
    }
    let injection = tracebaton::Context::EMPTY.injection();
    let InjectionParts { traceparent, tracestate, baggage, replaces_trace_context, replaces_baggage } =
        injection.parts();
    assert!(traceparent.is_empty() && tracestate.is_empty() && baggage.is_empty());
    assert!(!replaces_trace_context && !replaces_baggage);
}
