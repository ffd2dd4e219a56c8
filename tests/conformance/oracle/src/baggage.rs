//! The header `baggage` (W3C Baggage 3.2, 3.3) and its changes.

use crate::{LONGEST_LIST, Refusal, trim};

/// The largest count of members that is read or written (W3C Baggage 3.3.2).
const MOST_MEMBERS: usize = 64;

/// An accepted `baggage`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baggage {
    /// The first 64 well-formed members, in sequence.
    pub members: Vec<Member>,
    /// How many malformed members were found before reading stopped.
    pub skipped: usize,
}

/// One list member: `key=value;property;...`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The whole member, without white space around it.
    pub text: Vec<u8>,
    /// The key, never decoded (W3C Baggage 3.3.1.2).
    pub key: Vec<u8>,
    /// The value.
    pub value: Encoded,
    /// The properties, in sequence (W3C Baggage 3.3.1.4).
    pub properties: Vec<Property>,
}

/// The key of a property, never decoded, and its value if it has one.
pub type Property = (Vec<u8>, Option<Encoded>);

/// A value as it was written, and decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The bytes in the header, without the white space around them.
    pub raw: Vec<u8>,
    /// The same, percent-decoded ([`percent_decode`]).
    pub decoded: String,
}

/// Reads a `baggage` (W3C Baggage 3.3; `PROFILE.md` R8).
///
/// # Errors
///
/// `too_long` at 8192, or `control_byte` at the first control byte. A malformed member is counted; it is not an error.
///
/// ```
/// let read = tracebaton_oracle::baggage(b"user=J%C3%BCrgen ; internal, =bad").unwrap();
/// assert_eq!(read.members[0].value.decoded, "J\u{fc}rgen");
/// assert_eq!(read.members[0].properties, [(b"internal".to_vec(), None)]);
/// assert_eq!(read.skipped, 1);
/// ```
pub fn baggage(value: &[u8]) -> Result<Baggage, Refusal> {
    if value.len() > LONGEST_LIST {
        return Err(("too_long", LONGEST_LIST));
    }
    let is_control = |byte: &u8| (*byte < 0x20 && *byte != b'\t') || *byte == 0x7f;
    if let Some(offset) = value.iter().position(is_control) {
        return Err(("control_byte", offset));
    }
    Ok(read_members(value, MOST_MEMBERS))
}

/// The first `most` well-formed members.
fn read_members(value: &[u8], most: usize) -> Baggage {
    let mut read = Baggage::default();
    for between_commas in value.split(|&byte| byte == b',') {
        if read.members.len() == most {
            break;
        }
        let text = trim(between_commas);
        if text.is_empty() {
            continue;
        }
        match read_member(text) {
            Some(member) => read.members.push(member),
            None => read.skipped += 1,
        }
    }
    read
}

/// `list-member = key OWS "=" OWS value *( OWS ";" OWS [ property ] )`; `None` for any other text.
fn read_member(text: &[u8]) -> Option<Member> {
    let mut parts = text.split(|&byte| byte == b';');
    let (key, value) = read_property(parts.next()?)?;
    let properties =
        parts.filter(|part| !trim(part).is_empty()).map(read_property).collect::<Option<Vec<Property>>>()?;
    Some(Member { text: text.to_vec(), key, value: value?, properties })
}

/// `property = key OWS "=" OWS value / key OWS`, split at its first `=`; `None` for any other text.
fn read_property(text: &[u8]) -> Option<Property> {
    let (key, raw) = match text.iter().position(|&byte| byte == b'=') {
        Some(equals) => (trim(&text[..equals]), Some(trim(&text[equals + 1..]))),
        None => (trim(text), None),
    };
    if !is_token(key) || !raw.unwrap_or_default().iter().all(|&byte| is_octet(byte)) {
        return None;
    }
    let value = raw.map(|raw| Encoded { raw: raw.to_vec(), decoded: percent_decode(raw) });
    Some((key.to_vec(), value))
}

/// `token = 1*tchar` (RFC 7230, 3.2.6).
fn is_token(key: &[u8]) -> bool {
    let is_tchar = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !key.is_empty() && key.iter().all(is_tchar)
}

/// `baggage-octet`: printable ASCII without space, `"`, `,`, `;` and `\` (W3C Baggage 3.3.1).
fn is_octet(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e)
}

/// Replaces each `%` and two hex digits by their byte. Then replaces each maximal part that is not UTF-8 by U+FFFD (W3C
/// Baggage 3.3.1.3; Unicode 3.9). A `%` without two hex digits stays unchanged.
pub fn percent_decode(raw: &[u8]) -> String {
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        match raw[at..] {
            [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digits = [char::from(high), char::from(low)];
                let [high, low] = digits.map(|digit| digit.to_digit(16).expect("a hex digit"));
                bytes.push(u8::try_from(high * 16 + low).expect("two hex digits"));
                at += 3;
            }
            _ => {
                bytes.push(raw[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes `%`, `+`, and each byte that is not a `baggage-octet`, as `%` and two upper-case hex digits. Other bytes stay
/// unchanged (W3C Baggage 3.3.1.3; `PROFILE.md` C5).
pub fn percent_encode(text: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    for &byte in text {
        if is_octet(byte) && !matches!(byte, b'%' | b'+') {
            encoded.push(byte);
        } else {
            encoded.extend(format!("%{byte:02X}").into_bytes());
        }
    }
    encoded
}

/// The list with one member of this key, which is the last and holds the encoded `value`. It is at most the 64th member
/// (`PROFILE.md` C5).
///
/// # Errors
///
/// `key` at the first byte that is not allowed in a token, `too_many_members` at 64, `too_long` at 8192, or the rule
/// that the list itself breaks and its offset.
pub fn baggage_set(list: &[u8], key: &[u8], value: &[u8]) -> Result<Vec<u8>, Refusal> {
    check_key(key)?;
    let mut members = without(list, key)?;
    let is_new = members.len() == read_members(list, usize::MAX).members.len();
    if is_new && members.len() >= MOST_MEMBERS {
        return Err(("too_many_members", MOST_MEMBERS));
    }
    members.insert(members.len().min(MOST_MEMBERS - 1), [key, b"=", &percent_encode(value)].concat());
    let joined = members.join(&b","[..]);
    if joined.len() > LONGEST_LIST {
        return Err(("too_long", LONGEST_LIST));
    }
    Ok(joined)
}

/// The list without members of this key (`PROFILE.md` C5).
///
/// # Errors
///
/// `key` at the first byte that is not allowed in a token, or the rule that the list itself breaks and its offset.
pub fn baggage_remove(list: &[u8], key: &[u8]) -> Result<Vec<u8>, Refusal> {
    check_key(key)?;
    Ok(without(list, key)?.join(&b","[..]))
}

fn check_key(key: &[u8]) -> Result<(), Refusal> {
    if is_token(key) {
        return Ok(());
    }
    let first_bad = key.iter().position(|byte| !is_token(&[*byte]));
    Err(("key", first_bad.unwrap_or(key.len())))
}

/// The texts of the well-formed members of `list` with other keys.
fn without(list: &[u8], key: &[u8]) -> Result<Vec<Vec<u8>>, Refusal> {
    baggage(list)?;
    let members = read_members(list, usize::MAX).members;
    let others = members.into_iter().filter(|member| member.key != key);
    Ok(others.map(|member| member.text).collect())
}

#[cfg(test)]
mod tests;
