//! Causes of different readings.

use crate::named::NAMED;
use crate::readings::{Header, codec, propagator};

/// Cause of a different reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The name of the difference.
    Named(&'static str),
    /// The codec refuses the value, but the propagators accept it: the broken rule.
    Refused(&'static str),
}

/// A value that is read differently although the codec accepts it.
#[derive(Clone, Copy, Debug)]
pub struct Difference<'a> {
    /// The value.
    pub value: &'a [u8],
    /// What the codec reads.
    pub here: &'a [String],
    /// What the propagators read.
    pub there: &'a [String],
}

/// A difference without a named cause: both readings.
#[derive(Clone, Debug)]
pub struct Unexplained(pub String);

/// The causes of the different readings of this value; empty if both are equal.
///
/// # Errors
///
/// The readings differ without a named cause.
pub fn causes(header: Header, value: &[u8]) -> Result<Vec<Cause>, Unexplained> {
    let there = propagator(header, value);
    let here = match codec(header, value) {
        Ok(here) => here,
        Err(_) if there.is_empty() => return Ok(Vec::new()),
        Err(rule) => return Ok(vec![Cause::Refused(rule)]),
    };
    if here == there {
        return Ok(Vec::new());
    }
    let difference = Difference { value, here: &here, there: &there };
    match header {
        Header::Baggage if std::str::from_utf8(value).is_ok() => in_members(&difference),
        _ => named(header, &difference).map(|cause| vec![cause]),
    }
}

/// The causes of the members that are read differently alone. If there are none, the cause is in the list as a whole.
fn in_members(list: &Difference<'_>) -> Result<Vec<Cause>, Unexplained> {
    let mut causes = Vec::new();
    for value in list.value.split(|byte| *byte == b',') {
        let (here, there) =
            (codec(Header::Baggage, value).unwrap_or_default(), propagator(Header::Baggage, value));
        if here != there {
            causes.push(named(Header::Baggage, &Difference { value, here: &here, there: &there })?);
        }
    }
    if causes.is_empty() {
        causes.push(named(Header::Baggage, list)?);
    }
    causes.sort();
    causes.dedup();
    Ok(causes)
}

fn named(header: Header, difference: &Difference<'_>) -> Result<Cause, Unexplained> {
    let found = NAMED.iter().find(|named| named.header == header && (named.is)(difference));
    found.map(|named| Cause::Named(named.name)).ok_or_else(|| {
        let Difference { value, here, there } = difference;
        Unexplained(format!("{} \"{}\": {here:?}, there {there:?}", header.name(), value.escape_ascii()))
    })
}
