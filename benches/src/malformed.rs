//! Records with one invalid header, for each rule that a header can break.

use crate::fixture::{
    BAGGAGE, RECORDS, Record, digits, keep, long_tracestate, record_of, traceparent, tracestate,
};
use tracebaton::{BaggageRule, TraceParentRule, TraceStateRule};

/// A rule, and records that break it.
pub struct Malformed {
    /// The name of the header.
    pub header: &'static str,
    /// The name of the rule.
    pub rule: &'static str,
    /// The records.
    pub records: Vec<Record>,
}

/// Every rule that a header can break, in the sequence of the grammars.
pub fn all() -> Vec<Malformed> {
    let traceparents = TraceParentRule::ALL.iter().filter_map(|rule| {
        broken_traceparent(*rule, 0)?;
        let record = |number| {
            let broken = broken_traceparent(*rule, number).unwrap_or_default();
            record_of(broken, tracestate(number), BAGGAGE)
        };
        Some(malformed("traceparent", rule.name(), record))
    });
    let tracestates = TraceStateRule::ALL.iter().filter_map(|rule| {
        broken_tracestate(*rule, 0)?;
        let record = |number| {
            let broken = broken_tracestate(*rule, number).unwrap_or_default();
            record_of(traceparent(number), broken, BAGGAGE)
        };
        Some(malformed("tracestate", rule.name(), record))
    });
    let baggages = BaggageRule::ALL.iter().filter_map(|rule| {
        let broken = keep(broken_baggage(*rule)?);
        Some(malformed("baggage", rule.name(), |number| {
            record_of(traceparent(number), tracestate(number), broken)
        }))
    });
    traceparents.chain(tracestates).chain(baggages).collect()
}

fn malformed(header: &'static str, rule: &'static str, record: impl Fn(usize) -> Record) -> Malformed {
    Malformed { header, rule, records: (0..RECORDS).map(record).collect() }
}

/// A value that breaks the rule.
fn broken_traceparent(rule: TraceParentRule, number: usize) -> Option<String> {
    let mut value = traceparent(number);
    match rule {
        TraceParentRule::TooShort => value.truncate(54),
        TraceParentRule::Version => value.replace_range(..2, "0g"),
        TraceParentRule::VersionForbidden => value.replace_range(..2, "ff"),
        TraceParentRule::Separator => value.replace_range(35..36, "_"),
        TraceParentRule::TraceId => value.replace_range(34..35, "g"),
        TraceParentRule::TraceIdZero => value.replace_range(3..35, &"0".repeat(32)),
        TraceParentRule::ParentId => value.replace_range(51..52, "g"),
        TraceParentRule::ParentIdZero => value.replace_range(36..52, &"0".repeat(16)),
        TraceParentRule::TraceFlags => value.replace_range(54..55, "g"),
        TraceParentRule::Trailing => value.push_str("-00"),
        _ => return None,
    }
    Some(value)
}

/// A list whose last member breaks the rule; `None` for rules about changes.
fn broken_tracestate(rule: TraceStateRule, number: usize) -> Option<String> {
    let last = match rule {
        TraceStateRule::TooLong => ",".repeat(8193 - 22),
        TraceStateRule::KeyStart => "Congo=1".to_owned(),
        TraceStateRule::Key => "con.go=1".to_owned(),
        TraceStateRule::KeyTooLong => format!("{}=1", "a".repeat(257)),
        TraceStateRule::EqualsMissing => "congo".to_owned(),
        TraceStateRule::Value => "congo=t61\u{7f}rcWkgMzE".to_owned(),
        TraceStateRule::ValueEmpty => "congo=".to_owned(),
        TraceStateRule::ValueTooLong => format!("congo={}", "a".repeat(257)),
        TraceStateRule::TooManyMembers => long_tracestate(number),
        _ => return None,
    };
    Some(format!("rojo={},{last}", digits(number)))
}

/// A value that breaks the rule; `None` for rules about changes.
fn broken_baggage(rule: BaggageRule) -> Option<String> {
    match rule {
        BaggageRule::TooLong => Some(format!("userId={}", "a".repeat(8193 - 7))),
        BaggageRule::ControlByte => Some("userId=ali\u{1}ce,region=eu-west".to_owned()),
        _ => None,
    }
}
