//! The `baggage` header, and the dictionary that OpenTelemetry for Python has for it.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use tracebaton::{Baggage, BaggageBuilder};

/// Keys with their decoded values. The last of several members with one key counts.
pub fn to_dict<'py>(py: Python<'py>, list: &Baggage<'_>) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for member in list.members() {
        dict.set_item(member.key_str(), member.value().to_string())?;
    }
    Ok(dict)
}

/// The list for a dictionary that may have been made from `received`, and how many of its members do not fit the grammar.
///
/// A member whose value is the received one keeps its bytes, with its properties (C5).
pub fn to_list<'b>(
    now: &Bound<'_, PyDict>,
    received: &'b [u8],
    buffer: &'b mut [u8],
) -> (Baggage<'b>, usize) {
    let received = Baggage::parse(received).unwrap_or_default();
    let is_same = |key: &str, value: &str| {
        received.get(key).is_some_and(|member| member.value().chars().eq(value.chars()))
    };
    let pairs: Vec<_> = now.iter().map(|(key, value)| (text(&key), text(&value))).collect();
    let is_named = |key: &str| pairs.iter().any(|(name, _)| name.as_deref() == Some(key));
    let is_kept = |(key, value): &(Option<String>, Option<String>)| {
        key.as_ref().zip(value.as_ref()).is_some_and(|(key, value)| is_same(key, value))
    };
    let removed: Vec<_> =
        received.members().map(|member| member.key_str()).filter(|key| !is_named(key)).collect();
    if removed.is_empty() && pairs.iter().all(is_kept) {
        return (received, 0);
    }

    let Ok(mut list) = BaggageBuilder::from_baggage(&received, buffer) else {
        return (received, pairs.len());
    };
    for key in removed {
        let _ = list.remove(key); // a key of a received member is a token
    }
    let mut left_out = 0;
    for (key, value) in &pairs {
        let (Some(key), value) = (key, value.as_deref()) else {
            left_out += 1;
            continue;
        };
        if value.is_some_and(|value| is_same(key, value)) {
            continue;
        }
        if value.is_none_or(|value| list.set(key, value).is_err()) {
            let _ = list.remove(key); // an old value would be a wrong one
            left_out += 1;
        }
    }
    (list.finish(), left_out)
}

/// What Python's `str()` makes of it; `None` if it raises, or gives half of a surrogate pair.
fn text(object: &Bound<'_, PyAny>) -> Option<String> {
    let text: Bound<'_, PyString> = object.str().ok()?;
    text.to_str().ok().map(str::to_owned)
}
