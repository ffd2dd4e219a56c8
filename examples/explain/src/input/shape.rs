//! Converts each notation in which tools print headers into names and values.

use super::assignments;
use super::node::Node;
use crate::peel::Layer;
use crate::record::Record;
use std::borrow::Cow;
use tracebaton::Header;

/// First of the private characters of Unicode that mark bytes which are not UTF-8. This one is byte 80.
const MARK: u32 = 0x10_ff80;

/// Turns bytes into text in which every byte above 7F that is not UTF-8 is marked; [`unmark`] restores the bytes.
pub fn mark(bytes: &[u8]) -> String {
    let character = |byte: &u8| match byte {
        0..0x80 => char::from(*byte),
        _ => char::from_u32(MARK + u32::from(byte - 0x80)).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    bytes.iter().map(character).collect()
}

fn unmark(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match u32::from(character).checked_sub(MARK).and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => bytes.push(0x80 | byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

/// Restores the bytes of a marked text.
fn bytes<'a>(text: &'a str, is_marked: bool) -> Cow<'a, [u8]> {
    if is_marked { Cow::Owned(unmark(text)) } else { Cow::Borrowed(text.as_bytes()) }
}

/// Bytes of a text without marks.
pub fn text(text: &str, is_marked: bool) -> String {
    String::from_utf8_lossy(&bytes(text, is_marked)).into_owned()
}

const PAIR: &str = "a pair must have exactly a name and a value";
const NULL_NAME: &str = "the name of a header is null";
const MIXED: &str = "the list of headers mixes pairs with other values";

/// Adds the headers in this value to a record.
pub fn headers(headers: &Node<'_>, is_marked: bool, record: &mut Record) -> Result<(), String> {
    let mut shape = Shape { is_marked, record };
    match headers {
        Node::Null => Ok(()),
        Node::Object(members) => members.iter().try_for_each(|(name, value)| shape.header(name, value)),
        Node::List(items) => shape.list(items),
        Node::Text(text) => shape.printed(text),
        _ => Err("headers must be a list, an object, or null".to_owned()),
    }
}

struct Shape<'r> {
    is_marked: bool,
    record: &'r mut Record,
}

impl Shape<'_> {
    fn list(&mut self, items: &[Node<'_>]) -> Result<(), String> {
        match items.first() {
            None => Ok(()),
            Some(Node::List(_)) => items.iter().try_for_each(|item| self.pair(item)),
            Some(Node::Object(members)) if hex_digits(members).is_none() => {
                items.iter().try_for_each(|item| self.object(item))?;
                if items.iter().all(is_capitalised) {
                    decode_base64(self.record);
                }
                Ok(())
            }
            Some(Node::Text(first)) if assignments::is_header(first) => {
                items.iter().try_for_each(|item| match item {
                    Node::Text(text) => self.printed(text),
                    _ => Err(MIXED.to_owned()),
                })
            }
            Some(_) => self.flat(items),
        }
    }

    /// Adds headers from a flat list: name, value, name, value.
    fn flat(&mut self, items: &[Node<'_>]) -> Result<(), String> {
        let (pairs, odd) = items.as_chunks::<2>();
        if items.iter().any(|item| matches!(item, Node::List(_))) {
            return Err(MIXED.to_owned());
        }
        for [name, value] in pairs {
            self.named(name, value)?;
        }
        match odd {
            [] => Ok(()),
            _ => Err("the flat list of headers ends with a name without a value".to_owned()),
        }
    }

    fn pair(&mut self, item: &Node<'_>) -> Result<(), String> {
        match item {
            Node::List(pair) => match pair.as_slice() {
                [name, value] => self.named(name, value),
                [Node::Null, ..] => Err(NULL_NAME.to_owned()),
                _ => Err(PAIR.to_owned()),
            },
            _ => Err(MIXED.to_owned()),
        }
    }

    /// Adds a header from `{"key":…,"value":…}`, or headers from an object of names and values.
    fn object(&mut self, item: &Node<'_>) -> Result<(), String> {
        let Node::Object(members) = item else { return Err(MIXED.to_owned()) };
        let member = |names: &[&str]| {
            let is_it =
                |(name, _): &&(Cow<'_, str>, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known));
            members.iter().find(is_it).map(|(_, member)| member)
        };
        match (member(&["key", "name", "headerName"]), member(&["value", "val", "headerValue"])) {
            (Some(name), Some(value)) => self.named(name, value),
            (Some(name), None) if members.len() == 1 && is_capitalised(item) => self.named(name, &Node::Null),
            _ => members.iter().try_for_each(|(name, value)| self.header(name, value)),
        }
    }

    fn named(&mut self, name: &Node<'_>, value: &Node<'_>) -> Result<(), String> {
        match name {
            Node::Null => Err(NULL_NAME.to_owned()),
            Node::Text(name) => self.header(name, value),
            _ => {
                let name = self.value(name)?.unwrap_or_default();
                let value = self.value(value)?;
                self.record.add(&name, value.as_deref());
                Ok(())
            }
        }
    }

    /// Adds a header, or several of one name if the value is a list of values.
    fn header(&mut self, name: &str, value: &Node<'_>) -> Result<(), String> {
        let name = bytes(name, self.is_marked);
        match value {
            Node::Text(value) => self.record.add(&name, Some(&bytes(value, self.is_marked))),
            Node::List(values) if !value.is_scalars() => {
                for value in values {
                    let value = self.value(value)?;
                    self.record.add(&name, value.as_deref());
                }
            }
            _ => {
                let value = self.value(value)?;
                self.record.add(&name, value.as_deref());
            }
        }
        Ok(())
    }

    /// Reads a value; `None` is null.
    fn value(&self, value: &Node<'_>) -> Result<Option<Vec<u8>>, String> {
        Ok(match value {
            Node::Null => None,
            Node::Text(text) => Some(bytes(text, self.is_marked).into_owned()),
            Node::List(items) => Some(byte_list(items).unwrap_or_else(|| value.to_string().into_bytes())),
            Node::Object(members) => self.object_value(members, value)?,
            other => Some(other.to_string().into_bytes()),
        })
    }

    fn object_value(
        &self,
        members: &[(Cow<'_, str>, Node<'_>)],
        value: &Node<'_>,
    ) -> Result<Option<Vec<u8>>, String> {
        if let Some(digits) = hex_digits(members) {
            return from_hex(digits).map(Some);
        }
        if let [(kind, member)] = members
            && ["string", "bytes", "text", "base64", "value", "payload"].contains(&&**kind)
        {
            let value = self.value(member)?;
            let decoded =
                value.as_deref().filter(|_| kind == "base64").and_then(|text| Layer::Base64.taken_off(text));
            return Ok(decoded.or(value));
        }
        let is_buffer = |name: &str, member: &Node<'_>| name == "data" && matches!(member, Node::List(_));
        if let Some((_, Node::List(items))) = members.iter().find(|(name, member)| is_buffer(name, member)) {
            return Ok(byte_list(items));
        }
        // A typed array in JavaScript has the members "0", "1", …
        let is_indexed = members.iter().enumerate().all(|(place, (name, _))| **name == place.to_string());
        let indexed = members.iter().map(|(_, member)| byte_of(member)).collect::<Option<Vec<u8>>>();
        match indexed {
            Some(bytes) if is_indexed && !bytes.is_empty() => Ok(Some(bytes)),
            _ => Ok(Some(value.to_string().into_bytes())),
        }
    }

    /// Adds headers that a tool printed into one string.
    fn printed(&mut self, text: &str) -> Result<(), String> {
        if let [b'{' | b'[', ..] = text.as_bytes()
            && let Ok(node) = serde_json::from_str::<Node<'_>>(text)
        {
            return headers(&node, self.is_marked, self.record);
        }
        match assignments::headers(&bytes(text, self.is_marked), self.record) {
            true => Ok(()),
            false => {
                Err("the headers are a string that contains neither traceparent, tracestate nor baggage"
                    .to_owned())
            }
        }
    }
}

/// Decodes the digits of `{"hex":"…"}`.
fn hex_digits<'n, 'a>(members: &'n [(Cow<'a, str>, Node<'a>)]) -> Option<&'n Node<'a>> {
    match members {
        [(name, digits)] if name == "hex" => Some(digits),
        _ => None,
    }
}

fn from_hex(digits: &Node<'_>) -> Result<Vec<u8>, String> {
    let Node::Text(digits) = digits else {
        return Err("hex must be a string of hexadecimal digits".to_owned());
    };
    let (pairs, odd) = digits.as_bytes().as_chunks::<2>();
    if !odd.is_empty() {
        return Err("hex has an odd number of hexadecimal digits".to_owned());
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let bytes: Option<_> = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    bytes.ok_or_else(|| "hex contains a byte that is not a hexadecimal digit".to_owned())
}

/// Reads a list of signed or unsigned bytes.
fn byte_list(items: &[Node<'_>]) -> Option<Vec<u8>> {
    items.iter().map(byte_of).collect()
}

fn byte_of(item: &Node<'_>) -> Option<u8> {
    let Node::Int(number) = item else { return None };
    u8::try_from(*number).ok().or_else(|| i8::try_from(*number).ok().map(i8::cast_unsigned))
}

/// Whether this is `{"Key":…,"Value":…}`, as Go and .NET print it. Its bytes are then base64.
fn is_capitalised(item: &Node<'_>) -> bool {
    matches!(item, Node::Object(members) if members.iter().any(|(name, _)| name == "Key"))
}

/// Decodes values, and names, if all of them are base64.
fn decode_base64(record: &mut Record) {
    let decoded = |text: &[u8]| {
        let is_whole = text.len().is_multiple_of(4) && !text.contains(&b'-') && !text.contains(&b'_');
        Layer::Base64.taken_off(text).filter(|_| is_whole)
    };
    let is_name = |name: Vec<u8>| !name.is_empty() && name.iter().all(|byte| matches!(byte, b'!'..=b'~'));
    let has_name = |header: Header<'_>| decoded(header.name).is_some_and(is_name);
    let has_value = |header: Header<'_>| header.value.is_none_or(|value| decoded(value).is_some());
    let names = record.headers().all(has_name);
    if record.headers().all(has_value) {
        record.replace_headers(|Header { name, value }| {
            let name = decoded(name).filter(|_| names).unwrap_or_else(|| name.to_vec());
            (name, value.and_then(decoded))
        });
    }
}
