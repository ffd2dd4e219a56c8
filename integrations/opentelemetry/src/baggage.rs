//! Converts `baggage` to and from OpenTelemetry's type.

use opentelemetry::baggage::{Baggage as OtelBaggage, BaggageMetadata};
use opentelemetry::{Key, StringValue};
use std::str::from_utf8;
use tracebaton::{Baggage, BaggageBuilder, BaggageMember};

/// Converts the well-formed members to OpenTelemetry's baggage: values decoded, properties as metadata, unchanged.
///
/// If a name repeats, its last member counts.
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

/// Formats a `baggage` header: always valid, sorted by name ([W3]). The result is empty if there are no members.
///
/// Values are percent-encoded where the grammar requires it ([C5]). A valid property is written unchanged; the value of
/// an invalid one is percent-encoded. A property or member is left out if its name is not a token, and a member also
/// if it does not fit into 8192 bytes.
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
#[doc = include_str!("rules.md")]
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
            // A member that does not fit is left out; later members may still fit.
            let _ = list.copy(&member);
        }
    }
    list.finish().as_bytes().to_vec()
}

/// Formats a `baggage` header for a received list that may have been changed. Unchanged members keep their bytes, and
/// new members follow, sorted by name (C5).
pub(crate) fn from_changed_baggage(received: &[u8], now: &OtelBaggage) -> Vec<u8> {
    let received = Baggage::parse(received).unwrap_or_default();
    let held = to_baggage(&received);
    let is_changed = |(key, entry): &(&Key, &(StringValue, BaggageMetadata))| {
        held.get_with_metadata(key.as_str()) != Some(*entry)
    };
    let mut changed: Vec<_> = now.iter().filter(is_changed).collect();
    if changed.is_empty() && now.len() == held.len() {
        return received.as_bytes().to_vec();
    }
    let mut buffer = [0; Baggage::MAX_LENGTH];
    let Ok(mut list) = BaggageBuilder::from_baggage(&received, &mut buffer) else { return from_baggage(now) };
    for (key, _) in held.iter().filter(|(key, _)| now.get(key.as_str()).is_none()) {
        // A key that is no token was not held.
        let _ = list.remove(key.as_str());
    }
    changed.sort_by(|(left, _), (right, _)| left.as_str().cmp(right.as_str()));
    for (key, (value, metadata)) in changed {
        // A member that does not fit is the one that is left out.
        if set(&mut list, key.as_str(), value.as_str(), metadata.as_str()).is_none() {
            let _ = list.remove(key.as_str());
        }
    }
    list.finish().as_bytes().to_vec()
}

fn set(list: &mut BaggageBuilder<'_>, key: &str, value: &str, metadata: &str) -> Option<()> {
    if metadata.is_empty() {
        return list.set(key, value).ok().map(drop);
    }
    let member = member(key, value, metadata)?;
    let member = Baggage::parse(&member).ok()?.members().next()?;
    list.remove(key).ok()?.copy(&member).ok().map(drop)
}

/// One member in the form of the header; `None` if its key is no token, or if it is too long.
fn member(key: &str, value: &str, metadata: &str) -> Option<Vec<u8>> {
    let mut member = pair(key, value)?;
    for property in metadata.split(';').map(str::trim).filter(|property| !property.is_empty()) {
        if let Some(property) = self::property(property) {
            member.push(b';');
            member.extend_from_slice(&property);
        }
    }
    Some(member)
}

/// Formats one property, unchanged if it is valid.
fn property(property: &str) -> Option<Vec<u8>> {
    let Some((key, value)) = property.split_once('=') else {
        // A property without a value is a token, like the key of a pair.
        return pair(property, "").map(|_| property.into());
    };
    // A property that is a pair is also a valid member.
    let list = Baggage::parse(property.as_bytes()).unwrap_or_default();
    match list.members().next() {
        Some(pair) if pair.as_bytes() == property.as_bytes() => Some(property.into()),
        _ => pair(key.trim(), value.trim()),
    }
}

/// Formats `key=value`, percent-encoded. `None` if the key is not a token, or if the pair is too long.
fn pair(key: &str, value: &str) -> Option<Vec<u8>> {
    let mut buffer = [0; Baggage::MAX_LENGTH];
    let mut builder = BaggageBuilder::new(&mut buffer);
    builder.add(key, value).ok()?;
    Some(builder.finish().as_bytes().to_vec())
}
