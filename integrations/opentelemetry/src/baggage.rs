//! `baggage`, to and from OpenTelemetry's type.

use opentelemetry::baggage::{Baggage as OtelBaggage, BaggageMetadata};
use opentelemetry::{Key, StringValue};
use std::str::from_utf8;
use tracebaton::{Baggage, BaggageBuilder, BaggageMember};

/// The well-formed members, values decoded, properties as metadata as they came; of one name the last wins.
///
/// ```
/// let baggage = tracebaton::Baggage::parse(b"user=Am%C3%A9lie;ttl=30;note=a%20b, region=eu")?;
/// let held = tracebaton_opentelemetry::to_baggage(&baggage);
/// let (value, metadata) = held.get_with_metadata("user").unwrap();
/// assert_eq!((value.as_str(), metadata.as_str()), ("Amélie", "ttl=30;note=a%20b"));
/// # Ok::<(), tracebaton::BaggageError>(())
/// ```
pub fn to_baggage(baggage: &Baggage<'_>) -> OtelBaggage {
    baggage.members().filter_map(|member| entry(&member)).collect()
}

fn entry(member: &BaggageMember<'_>) -> Option<(Key, (StringValue, BaggageMetadata))> {
    let key = from_utf8(member.key()).ok()?.to_owned();
    let metadata = from_utf8(member.metadata()).ok()?;
    Some((key.into(), (member.value().to_string().into(), metadata.into())))
}

/// The bytes of a `baggage` header, empty for none: members in the order of their names, always inside the grammar (W3).
///
/// Values are percent-encoded where the grammar demands it (C5). Metadata that is a list of properties is written as it
/// is; where it is not, values of properties are percent-encoded, and what has no token for a name is left out, as is a
/// member that does not fit into 8192 bytes.
///
/// ```
/// use opentelemetry::baggage::Baggage;
///
/// let mut baggage = Baggage::new();
/// baggage.insert_with_metadata("user", "Amélie", "ttl=30;note=a, b");
/// baggage.insert("discount", "100%");
/// let header = tracebaton_opentelemetry::from_baggage(&baggage);
/// assert_eq!(header, b"discount=100%25,user=Am%C3%A9lie;ttl=30;note=a%2C%20b");
/// ```
pub fn from_baggage(baggage: &OtelBaggage) -> Vec<u8> {
    if baggage.is_empty() {
        return Vec::new();
    }
    let mut entries: Vec<_> = baggage.iter().collect();
    entries.sort_by(|(left, _), (right, _)| left.as_str().cmp(right.as_str()));
    let mut buffer = [0; Baggage::MAX_LENGTH];
    let mut list = BaggageBuilder::new(&mut buffer);
    for (key, (value, metadata)) in entries {
        let member = member(key.as_str(), value.as_str(), metadata.as_str()).unwrap_or_default();
        if let Some(member) = Baggage::parse(&member).unwrap_or_default().members().next() {
            // A member that does not fit is the one that is left out.
            let _ = list.copy(&member);
        }
    }
    list.finish().as_bytes().to_vec()
}

/// One member in the form of the header; none if its key is no token, or if it is too long.
fn member(key: &str, value: &str, metadata: &str) -> Option<Vec<u8>> {
    let mut member = encoded(key, Some(value), None)?;
    for property in metadata.split(';').map(str::trim).filter(|property| !property.is_empty()) {
        if let Some(property) = self::property(property) {
            member.push(b';');
            member.extend_from_slice(&property);
        }
    }
    Some(member)
}

/// One property in the form of the header: as it is if it is in that form already.
fn property(property: &str) -> Option<Vec<u8>> {
    let probe = format!("k=;{property}");
    let parsed = Baggage::parse(probe.as_bytes()).unwrap_or_default();
    let mut members = parsed.members();
    if members.next().is_some_and(|member| member.as_bytes() == probe.as_bytes()) {
        return Some(property.as_bytes().to_vec());
    }
    let (key, value) = match property.split_once('=') {
        Some((key, value)) => (key.trim(), Some(value.trim())),
        None => (property, None),
    };
    let mut member = encoded("k", None, Some((key, value)))?;
    Some(member.split_off("k=;".len()))
}

fn encoded(key: &str, value: Option<&str>, property: Option<(&str, Option<&str>)>) -> Option<Vec<u8>> {
    let mut buffer = [0; Baggage::MAX_LENGTH];
    let mut builder = BaggageBuilder::new(&mut buffer);
    builder.add(key, value.unwrap_or_default()).ok()?;
    if let Some((key, value)) = property {
        builder.add_property(key, value).ok()?;
    }
    Some(builder.finish().as_bytes().to_vec())
}
