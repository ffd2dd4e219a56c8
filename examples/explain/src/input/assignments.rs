//! Headers as names with values behind a colon or an equals sign, in any of the ways in which tools and languages print them.

use crate::names::{Role, role};
use crate::peel::Layer;
use crate::record::Record;

/// Whether a text is one header: a name that is known, a colon or an equals sign, and a value.
pub fn is_header(text: &str) -> bool {
    start(text.as_bytes(), 0).is_some_and(|start| start.is_known())
}

/// Adds the headers that a text names: `name:value,name:value`, `{name=value, name=value}`, `name: value` and their
/// like. At least one must be known.
pub fn headers(text: &[u8], record: &mut Record) -> bool {
    let is_start = |place: usize| start(text, place).filter(Start::is_known);
    let Some(first) = (0..text.len()).find_map(is_start) else { return false };
    // Names that are not known come before it as well, where they have the same separator.
    let region = region(text, first.name.0);
    let within = &text[region.0..region.1];
    let mut starts: Vec<Start> = Vec::new();
    let mut place = 0;
    while place < within.len() {
        match start(within, place).filter(|next| next.separator == first.separator) {
            Some(next)
                if next.is_known()
                    || !starts.last().is_some_and(Start::is_list)
                    || first.separator == b':' =>
            {
                place = next.value;
                starts.push(next);
            }
            _ => place += 1,
        }
    }
    for (index, this) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(within.len(), |next| next.begin);
        let name = &within[this.name.0..this.name.1];
        match value(unquoted(&within[this.value..end], region.2)) {
            Value::Null => record.add(name, None),
            Value::Bytes(value) => record.add(name, Some(&value)),
        }
    }
    true
}

/// A value without the quotes that a print function put around it inside brackets.
fn unquoted(value: &[u8], is_in_brackets: bool) -> &[u8] {
    match value.trim_ascii() {
        [open @ (b'"' | b'\''), inner @ .., close] if is_in_brackets && open == close => inner,
        value => value,
    }
}

/// The part of a text around a header in which headers are, and whether it is in brackets: inside them, or else its field
/// between tabs.
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

/// Where a header begins: a name and a separator.
struct Start {
    /// Where the text of the header before it ends.
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

/// The header that begins at this place, if one does.
fn start(text: &[u8], place: usize) -> Option<Start> {
    let is_boundary = |byte: u8| matches!(byte, b',' | b' ' | b'\t' | b'{' | b'[' | b'(' | b';');
    if place > 0 && !is_boundary(text[place - 1]) {
        return None;
    }
    let quotes = usize::from(matches!(text.get(place), Some(b'"' | b'\'')));
    let name = place + quotes;
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.$".contains(byte);
    let length = text[name..].iter().position(|byte| !is_token(byte))?;
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
    (length > 0).then(|| Start {
        begin,
        name,
        separator: separator[0],
        value,
        role: role(&text[name.0..name.1]),
    })
}

/// A printed value.
pub enum Value {
    Null,
    Bytes(Vec<u8>),
}

/// Reads a printed value: null, in quotes, as Python bytes, as a list of bytes, or as it is.
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
