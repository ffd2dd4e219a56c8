//! The faults of baggage members that are skipped.

use tracebaton::Baggage;

/// The first fault of a member, read from the left (W3C Baggage 3.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no equals sign.
    Equals,
    /// The key is not a token.
    Key,
    /// A byte of the value must be encoded.
    Value,
    /// A property has one of these faults.
    Property,
}

/// The fault of this member; `None` if it is well-formed or empty.
pub fn fault(member: &[u8]) -> Option<Fault> {
    let is_read = |text: &[u8]| Baggage::parse(text).unwrap_or_default().members().next().is_some();
    if is_read(member) || Baggage::parse(member).ok()?.is_empty() {
        return None;
    }
    let pair = member.split(|byte| *byte == b';').next().unwrap_or_default();
    let Some(equals) = pair.iter().position(|byte| *byte == b'=') else {
        return Some(Fault::Equals);
    };
    Some(match () {
        () if !is_read(&pair[..=equals]) => Fault::Key,
        () if !is_read(pair) => Fault::Value,
        () => Fault::Property,
    })
}
