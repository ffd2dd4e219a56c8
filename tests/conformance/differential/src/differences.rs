//! The causes of differences between both readings.

use crate::named::NAMED;
use crate::readings::{Header, codec, propagator};

/// The cause of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A difference with this name.
    Named(&'static str),
    /// The codec refuses the value for this rule, and the propagators read something.
    Refused(&'static str),
}

/// A value that both read differently and the codec does not refuse.
#[derive(Clone, Copy, Debug)]
pub struct Difference<'a> {
    /// The value.
    pub value: &'a [u8],
    /// What the codec reads.
    pub here: &'a [String],
    /// What the propagators read.
    pub there: &'a [String],
}

/// A difference without a name: both readings.
#[derive(Clone, Debug)]
pub struct Unexplained(pub String);

/// The causes why both read this value differently; empty if they do not.
///
/// # Errors
///
/// Both read the value differently, for no named cause.
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

/// The causes of the members that differ when read alone. If none does, the cause is in the list as a whole.
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
