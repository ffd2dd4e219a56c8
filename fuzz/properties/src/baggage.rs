//! `baggage`: reading any value (R8), changing and building lists (C5).

use crate::lines::Lines;
use tracebaton::{Baggage, BaggageBuilder, BaggageError, BaggageMember, BaggageProperty, BaggageValue};
use tracebaton_oracle as oracle;

/// Reads the input as a value. If the input has several lines, they are: a list, a key, a value, and the steps of
/// building a list.
///
/// The key is set in the first line's list and removed from it. Each step is a member, or a property if it begins with
/// `;`.
///
/// # Panics
///
/// If a property does not hold.
pub fn baggage(input: &[u8]) {
    reading(input);
    let Some(mut lines) = Lines::of(input) else { return };
    let (list, key, value) = (lines.text(), lines.text(), lines.text());
    reading(list);
    baggage_changes(list, key, value);
    let steps: Vec<_> = lines.rest().collect();
    if !steps.is_empty() {
        let length = building(&steps, Baggage::MAX_LENGTH);
        building(&steps, length - length / 3);
    }
}

/// Sets the key to the value and removes the key, if the list is accepted.
///
/// # Panics
///
/// If a property does not hold.
pub fn baggage_changes(list: &[u8], key: &[u8], value: &[u8]) {
    if let Ok(baggage) = Baggage::parse(list) {
        setting(&baggage, key, value);
        removing(&baggage, key);
    }
}

/// Both readings are equal, and every accessor of the codec agrees with them.
fn reading(value: &[u8]) {
    let seen = Baggage::parse(value);
    let plain = seen.map(read).map_err(refusal);
    assert_eq!(plain, oracle::baggage(value), "R8: {}", value.escape_ascii());
    let (Ok(seen), Ok(expected)) = (seen, plain) else { return };
    assert_eq!(seen.as_bytes(), value, "R8: the bytes are unchanged");
    let none = expected.members.is_empty() && expected.skipped == 0;
    assert_eq!(seen.is_empty(), none, "W2: {}", value.escape_ascii());
    if let Some(member) = expected.members.first() {
        let last = expected.members.iter().rfind(|other| other.key == member.key);
        let got = seen.get(&member.key).map(|member| plain_member(&member));
        assert_eq!(got.as_ref(), last, "R8: the last member of a key wins: {}", value.escape_ascii());
    }
    assert_eq!(seen.get("no member has this key"), None);
}

pub(crate) fn read(baggage: Baggage<'_>) -> oracle::Baggage {
    let mut members = baggage.members();
    let read = members.by_ref().map(|member| plain_member(&member)).collect();
    oracle::Baggage { members: read, skipped: members.skipped() }
}

fn plain_member(member: &BaggageMember<'_>) -> oracle::Member {
    let property = |property: BaggageProperty<'_>| {
        (property.key().to_vec(), property.value().map(|value| encoded(&value)))
    };
    oracle::Member {
        text: member.as_bytes().to_vec(),
        key: member.key().to_vec(),
        value: encoded(&member.value()),
        properties: member.properties().map(property).collect(),
    }
}

/// The value, raw and decoded. All ways of decoding agree, and a buffer of the encoded size is large enough.
fn encoded(value: &BaggageValue<'_>) -> oracle::Encoded {
    let raw = value.as_bytes().to_vec();
    let decoded: String = value.chars().collect();
    let mut buffer = vec![0; decoded.len()];
    assert_eq!(value.decode_into(&mut buffer), Some(&decoded[..]));
    if let Some(too_few) = buffer.len().checked_sub(1) {
        assert_eq!(value.decode_into(&mut buffer[..too_few]), None);
    }
    assert!(decoded.len() <= raw.len(), "a buffer of the encoded size is too small for the decoded value");
    oracle::Encoded { raw, decoded }
}

fn refusal(error: BaggageError) -> oracle::Refusal {
    (error.rule.name(), error.offset)
}

fn setting(baggage: &Baggage<'_>, key: &[u8], value: &[u8]) {
    let expected = oracle::baggage_set(baggage.as_bytes(), key, value);
    let Some(list) = changed(expected, |buffer| baggage.set(key, value, buffer)) else { return };
    let set = Baggage::parse(&list).expect("C5: a result is always valid");
    let read = set.get(key).expect("C5: the key that was set is missing");
    assert_eq!(
        read.value().to_string(),
        String::from_utf8_lossy(value),
        "C5: the value that was set is read back"
    );
    let mut buffer = vec![0; list.len()];
    assert_eq!(set.set(key, value, &mut buffer), Ok(set), "C5: setting again changes nothing");
}

fn removing(baggage: &Baggage<'_>, key: &[u8]) {
    let expected = oracle::baggage_remove(baggage.as_bytes(), key);
    let Some(list) = changed(expected, |buffer| baggage.remove(key, buffer)) else { return };
    let removed = Baggage::parse(&list).expect("C5: a result is always valid");
    assert_eq!(removed.get(key), None, "C5: the removed key is absent");
}

/// The result of a change, which must be `expected`, in a buffer of exactly that size; one byte less is too small.
fn changed(
    expected: Result<Vec<u8>, oracle::Refusal>,
    change: impl for<'b> Fn(&'b mut [u8]) -> Result<Baggage<'b>, BaggageError>,
) -> Option<Vec<u8>> {
    let mut buffer = vec![0; expected.as_ref().map_or(Baggage::MAX_LENGTH, Vec::len)];
    let seen = change(&mut buffer).map(|baggage| baggage.as_bytes().to_vec()).map_err(refusal);
    let result = match (seen, expected) {
        // No byte is at fault, so the offset has no meaning.
        (Err(("too_many_members", _)), Err(("too_many_members", _))) => return None,
        (seen, expected) => {
            assert_eq!(seen, expected, "C5");
            seen.ok()?
        }
    };
    assert_eq!(oracle::baggage(&result).map(|read| read.skipped), Ok(0), "C5: a result is well-formed");
    if let Some(too_few) = buffer.len().checked_sub(1).filter(|size| *size < Baggage::MAX_LENGTH - 1) {
        let error = change(&mut buffer[..too_few]).expect_err("the buffer is too small");
        assert_eq!(error.rule.name(), "buffer_too_small");
    }
    Some(result)
}

/// A list built in a buffer of this capacity has the members and properties that it was built from; a failed step
/// changes nothing. Returns the length of the list.
fn building(steps: &[&[u8]], capacity: usize) -> usize {
    let mut buffer = vec![0; capacity];
    let mut builder = BaggageBuilder::new(&mut buffer);
    let mut expected = Built { capacity, ..Built::default() };
    for step in steps.iter().map(|line| Step::of(line)) {
        let added = match step.is_property {
            true => builder.add_property_bytes(step.key, step.value),
            false => builder.add(step.key, step.value.unwrap_or_default()),
        };
        assert_eq!(added.err().map(|error| error.rule.name()), expected.add(&step), "C5: {step:?}");
    }
    let built = builder.finish();
    assert_eq!(built.as_bytes(), expected.list, "C5");
    let read = oracle::baggage(built.as_bytes()).expect("C5: a result is always valid");
    assert_eq!((read.members.len(), read.skipped), (expected.members, 0), "C5: a result is well-formed");
    expected.list.len()
}

/// A member, `key=value`, or a property, which begins with `;` and may have no value.
#[derive(Debug)]
struct Step<'a> {
    is_property: bool,
    key: &'a [u8],
    value: Option<&'a [u8]>,
}

impl<'a> Step<'a> {
    fn of(line: &'a [u8]) -> Self {
        let (is_property, pair) = line.strip_prefix(b";").map_or((false, line), |pair| (true, pair));
        match pair.iter().position(|byte| *byte == b'=') {
            Some(equals) => Self { is_property, key: &pair[..equals], value: Some(&pair[equals + 1..]) },
            None => Self { is_property, key: pair, value: None },
        }
    }
}

/// A list built by joining texts.
#[derive(Default)]
struct Built {
    list: Vec<u8>,
    members: usize,
    capacity: usize,
}

impl Built {
    /// Adds the step if it fits; otherwise returns the rule that it breaks.
    fn add(&mut self, step: &Step<'_>) -> Option<&'static str> {
        let is_token = oracle::baggage_remove(b"", step.key).is_ok();
        let value = if step.is_property { step.value } else { Some(step.value.unwrap_or_default()) };
        let encoded =
            value.map(|value| [b"=", &oracle::percent_encode(value)[..]].concat()).unwrap_or_default();
        let separator = match (step.is_property, self.members) {
            (true, 0) => return Some("no_member"),
            _ if !is_token => return Some("key"),
            (false, Baggage::MAX_MEMBERS) => return Some("too_many_members"),
            (true, _) => ";",
            (false, 0) => "",
            (false, _) => ",",
        };
        let longer = [&self.list, separator.as_bytes(), step.key, &encoded].concat();
        if longer.len() > self.capacity {
            return Some(if self.capacity < Baggage::MAX_LENGTH { "buffer_too_small" } else { "too_long" });
        }
        self.list = longer;
        self.members += usize::from(!step.is_property);
        None
    }
}
