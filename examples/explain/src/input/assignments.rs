//! Headers printed as names with values after a colon or an equals sign, in the notations of tools and languages.

use crate::names::{Role, role};
use crate::peel::Layer;
use crate::record::Record;

/// Whether a text is exactly one header: a known name, a colon or an equals sign, and a value.
pub fn is_header(text: &str) -> bool {
    start(text.as_bytes(), 0).is_some_and(|start| start.is_known())
}

/// Adds the headers in a text such as `name:value,name:value`, `{name=value, name=value}` or `name: value`. At least
/// one name must be known.
pub fn headers(text: &[u8], record: &mut Record) -> bool {
    let is_start = |place: usize| start(text, place).filter(Start::is_known);
    let Some(first) = (0..text.len()).find_map(is_start) else { return false };
    // Unknown names before a known one are headers too if they have the same separator.
    let (begin, end, is_in_brackets) = region(text, first.name.0);
    let text = &text[begin..end];
    let mut add = |header: &Start, end: usize| {
        let name = &text[header.name.0..header.name.1];
        match value(unquoted(&text[header.value..end.max(header.value)], is_in_brackets)) {
            Value::Null => record.add(name, None),
            Value::Bytes(value) => record.add(name, Some(&value)),
        }
    };
    let (mut last, mut place): (Option<Start>, usize) = (None, 0);
    while place < text.len() {
        // Members of a list that use equals signs look like headers.
        let in_list = first.separator != b':' && last.as_ref().is_some_and(Start::is_list);
        let next = start(text, place).filter(|next| next.separator == first.separator);
        match next.filter(|next| next.is_known() || !in_list) {
            Some(next) => {
                place = next.value;
                let end = next.begin;
                if let Some(last) = last.replace(next) {
                    add(&last, end);
                }
            }
            None => place += 1,
        }
    }
    if let Some(last) = last {
        add(&last, text.len());
    }
    true
}

/// Removes the quotes that a print function puts around a value inside brackets.
fn unquoted(value: &[u8], is_in_brackets: bool) -> &[u8] {
    match value.trim_ascii() {
        [open @ (b'"' | b'\''), inner @ .., close] if is_in_brackets && open == close => inner,
        value => value,
    }
}

/// The region around a header in which other headers may be, and whether it is inside brackets. Without brackets it
/// is the field between tabs.
fn region(text: &[u8], name: usize) -> (usize, usize, bool) {
    let mut depth = 0;
    let open = text[..name].iter().rposition(|byte| {
        depth += match byte {
            b'}' | b']' | b')' => 1,
            b'{' | b'[' | b'(' => -1,
            _ => 0,
        };
        depth < 0
    });
    let start = open.map_or(0, |open| open + 1);
    let tab = text[start..name].iter().rposition(|byte| *byte == b'\t').map_or(start, |tab| start + tab + 1);
    let mut depth = 0;
    let end = text[name..].iter().position(|byte| {
        depth += match byte {
            b'{' | b'[' | b'(' => 1,
            b'}' | b']' | b')' => -1,
            _ => 0,
        };
        *byte == b'\t' || open.is_some() && depth < 0
    });
    (tab, end.map_or(text.len(), |end| name + end), open.is_some())
}

/// Start of a header: its name and its separator.
struct Start {
    /// End of the text of the header before it.
    begin: usize,
    name: (usize, usize),
    separator: u8,
    value: usize,
    role: Role,
}

impl Start {
    fn is_known(&self) -> bool {
        matches!(self.role, Role::Ours(_) | Role::Near(_) | Role::Format(_))
    }

    /// Whether its value is a list, whose members look like headers.
    fn is_list(&self) -> bool {
        matches!(self.role, Role::Ours(name) | Role::Near(name) if name.as_bytes() != b"traceparent")
    }
}

/// The header that begins at this place.
fn start(text: &[u8], place: usize) -> Option<Start> {
    let is_boundary = |byte: u8| matches!(byte, b',' | b' ' | b'\t' | b'{' | b'[' | b'(' | b';');
    if place > 0 && !is_boundary(text[place - 1]) {
        return None;
    }
    let quotes = usize::from(matches!(text.get(place), Some(b'"' | b'\'')));
    let name = place + quotes;
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.$".contains(byte);
    let length = text[name..].iter().position(|byte| !is_token(byte)).filter(|length| *length > 0)?;
    let mut at = name + length + quotes;
    let skip = |mut at: usize| {
        while text.get(at) == Some(&b' ') {
            at += 1;
        }
        at
    };
    at = skip(at);
    let separators: [&[u8]; 4] = [b"=>", b"->", b":", b"="];
    let separator = separators.iter().find(|separator| text[at.min(text.len())..].starts_with(separator))?;
    let value = skip(at + separator.len());
    let before = text[..place].iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
    let begin = if before > 0 && matches!(text[before - 1], b',' | b';') { before - 1 } else { before };
    let name = (name, name + length);
    Some(Start { begin, name, separator: separator[0], value, role: role(&text[name.0..name.1]) })
}

/// A printed value.
pub enum Value {
    Null,
    Bytes(Vec<u8>),
}

/// Parses a printed value: null, quoted, Python bytes, a list of bytes, or plain.
pub fn value(text: &[u8]) -> Value {
    let text = text.trim_ascii();
    match text {
        b"null" | b"None" | b"nil" => Value::Null,
        [b'b', b'\'' | b'"', ..] => {
            Value::Bytes(Layer::PythonBytes.taken_off(text).unwrap_or_else(|| text.to_vec()))
        }
        [b'[', .., b']'] if text.len() > 8 => {
            Value::Bytes(Layer::ByteList.taken_off(text).unwrap_or_else(|| text.to_vec()))
        }
        _ => Value::Bytes(text.to_vec()),
    }
}
