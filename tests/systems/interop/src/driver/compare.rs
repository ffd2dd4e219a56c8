//! Compares two contexts field by field.

use crate::protocol::{BaggageMember, Context};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The compared fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The trace id.
    TraceId,
    /// The span id of the parent.
    Parent,
    /// The sampled flag.
    Sampled,
    /// The random flag.
    Random,
    /// The tracestate.
    Tracestate,
    /// The baggage.
    Baggage,
    /// The count of headers with each name.
    Headers,
}

/// All fields, in the sequence of the tables.
pub const FIELDS: [Field; 7] = [
    Field::TraceId,
    Field::Parent,
    Field::Sampled,
    Field::Random,
    Field::Tracestate,
    Field::Baggage,
    Field::Headers,
];

/// A field, and its actual value if that is not the expected one.
pub type Outcome = (Field, Option<String>);

/// Compares every field of a context with the expected one.
pub fn contexts(should: &Context, is: &Context) -> Vec<Outcome> {
    let mut outcomes = vec![
        (Field::TraceId, id(should.trace_id.as_deref(), is.trace_id.as_deref())),
        (Field::Parent, id(should.span_id.as_deref(), is.span_id.as_deref())),
    ];
    outcomes.extend(rest(should, is));
    outcomes
}

/// Compares the fields that a relay does not change: all but the ids.
pub fn rest(should: &Context, is: &Context) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    if should.trace_id.is_some() {
        let flag = |context: &Context, flag| flags(context) & flag;
        let differs =
            |bit| (flag(should, bit) != flag(is, bit)).then(|| u8::from(flag(is, bit) != 0).to_string());
        outcomes.extend([(Field::Sampled, differs(1)), (Field::Random, differs(2))]);
    }
    outcomes.push((Field::Tracestate, tracestate(&should.tracestate, &is.tracestate)));
    outcomes.push((Field::Baggage, baggage(&should.baggage, &is.baggage)));
    outcomes
}

/// The actual id, if it is not the expected one.
pub fn id(should: Option<&str>, is: Option<&str>) -> Option<String> {
    match (should, is) {
        (should, is) if should == is => None,
        (_, None) => Some("none".to_owned()),
        (_, Some(_)) => Some("another".to_owned()),
    }
}

fn flags(context: &Context) -> u8 {
    let digits = context.trace_flags.as_deref().unwrap_or_default();
    u8::from_str_radix(digits, 16).unwrap_or_default()
}

fn tracestate(should: &str, is: &str) -> Option<String> {
    let members = |list: &str| list.split(',').map(|member| member.trim().to_owned()).collect::<Vec<_>>();
    let (should, now) = (members(should), members(is));
    (should != now).then(|| match now.len() {
        _ if is.is_empty() => "none".to_owned(),
        0..4 => is.to_owned(),
        count => format!("{count} members"),
    })
}

/// The members that differ; their order has no meaning (OpenTelemetry, Baggage API).
fn baggage(should: &[BaggageMember], is: &[BaggageMember]) -> Option<String> {
    let (should, is) = (by_key(should), by_key(is));
    let missing = should.keys().filter(|key| !is.contains_key(*key)).map(|key| format!("no {key}"));
    let changed = is.iter().filter(|(key, value)| should.get(*key) != Some(*value));
    let changed = changed.map(|(key, value)| format!("{key}={value}"));
    let all: Vec<String> = missing.chain(changed).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Values with their properties, without a library's white space.
fn by_key(members: &[BaggageMember]) -> BTreeMap<&str, String> {
    let properties = |metadata: &str| {
        let parts = metadata.split(';').map(str::trim).filter(|property| !property.is_empty());
        parts.map(|property| format!(";{property}")).collect::<String>()
    };
    let value = |member: &BaggageMember| format!("[{}]{}", member.value, properties(&member.metadata));
    members.iter().map(|member| (member.key.as_str(), value(member))).collect()
}
