//! Texts: the forms of bytes in the vectors.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::ops::Deref;

/// Bytes that a row writes as a string, in hexadecimal, or as a list of parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct Text(pub Vec<u8>);

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<Value> for Text {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let mut bytes = Vec::new();
        append(&value, &mut bytes)?;
        Ok(Self(bytes))
    }
}

fn append(value: &Value, bytes: &mut Vec<u8>) -> Result<(), String> {
    match (value, form(value)) {
        (Value::String(text), _) => bytes.extend_from_slice(text.as_bytes()),
        (_, Some(Form::Hex(digits))) => bytes.extend(from_hex(digits)?),
        (_, Some(Form::Repeat(unit, times))) => {
            let mut once = Vec::new();
            append(unit, &mut once)?;
            (0..times).for_each(|_| bytes.extend_from_slice(&once));
        }
        (_, Some(Form::Join(parts))) => parts.iter().try_for_each(|part| append(part, bytes))?,
        _ => return Err(format!("not a text: {value}")),
    }
    Ok(())
}

enum Form<'a> {
    Hex(&'a str),
    Repeat(&'a Value, u64),
    Join(&'a [Value]),
}

/// The form of a text that is an object; `None` for other objects.
fn form(value: &Value) -> Option<Form<'_>> {
    let object = value.as_object()?;
    match object.len() {
        1 => match object.get("hex") {
            Some(digits) => Some(Form::Hex(digits.as_str()?)),
            None => Some(Form::Join(object.get("join")?.as_array()?)),
        },
        2 => Some(Form::Repeat(object.get("repeat")?, object.get("times")?.as_u64()?)),
        _ => None,
    }
}

fn from_hex(digits: &str) -> Result<Vec<u8>, String> {
    let byte = |pair: &[u8]| match pair {
        [high, low] => {
            let digit = |character: u8| char::from(character).to_digit(16);
            u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()
        }
        _ => None,
    };
    digits.as_bytes().chunks(2).map(|pair| byte(pair).ok_or(format!("not hexadecimal: {digits}"))).collect()
}

/// Bytes as `explain` prints them: a string if they are UTF-8, else `{"hex": "00ff"}`.
pub fn text_value(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!(text),
        Err(_) => {
            let mut digits = String::new();
            for byte in bytes {
                let _ = write!(digits, "{byte:02x}");
            }
            json!({ "hex": digits })
        }
    }
}

/// Headers as `explain` prints them: `[name, value]` each.
pub fn header_list<'a>(headers: impl IntoIterator<Item = (&'a [u8], Option<&'a [u8]>)>) -> Value {
    let pair = |(name, value): (&[u8], Option<&[u8]>)| json!([text_value(name), value.map(text_value)]);
    headers.into_iter().map(pair).collect()
}

/// The same value, with every text in the form of [`text_value`].
pub(crate) fn resolve(value: Value) -> Result<Value, String> {
    match value {
        Value::Object(_) if form(&value).is_some() => Ok(text_value(&Text::try_from(value)?)),
        Value::Object(object) => {
            let resolved = object.into_iter().map(|(name, value)| Ok((name, resolve(value)?)));
            Ok(Value::Object(resolved.collect::<Result<Map<_, _>, String>>()?))
        }
        Value::Array(items) => items.into_iter().map(resolve).collect(),
        other => Ok(other),
    }
}
