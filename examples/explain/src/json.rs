//! The JSON of a record, read into a [`Record`] without a tree in between.

use crate::record::Record;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use std::fmt;

/// Reads the JSON object in this line in place of the record that was read before; all but its headers is ignored.
///
/// JSON is UTF-8, but `kcat -J` prints a binary name or value byte for byte into the string; then the strings of the list
/// are taken as the bytes that they are.
///
/// An error says what is wrong and at which byte of the line, counted from 1, and repeats nothing of the line.
pub fn read(line: &[u8], record: &mut Record) -> Result<(), String> {
    let read = match read_as(line, record, Strings::Utf8) {
        Err(_) if std::str::from_utf8(line).is_err() => read_as(line, record, Strings::Bytes),
        read => read,
    };
    read.map_err(|error| describe(&error))
}

fn read_as(line: &[u8], record: &mut Record, strings: Strings) -> serde_json::Result<()> {
    record.clear();
    let mut json = serde_json::Deserializer::from_slice(line);
    Object { record, strings }.deserialize(&mut json)?;
    json.end()
}

fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    let kind = if error.is_data() { "" } else { "not JSON: " };
    format!("{kind}{message} (column {})", error.column())
}

/// How the strings of a line are read.
#[derive(Clone, Copy, PartialEq)]
enum Strings {
    /// As JSON has them.
    Utf8,
    /// As bytes, whatever they are.
    Bytes,
}

/// Reads the object.
struct Object<'r> {
    record: &'r mut Record,
    strings: Strings,
}

/// Reads the member `headers`.
struct List<'r>(Object<'r>);

/// Reads a name or a value, or a pair of them where `pair` says that one may come.
struct Item<'r> {
    record: &'r mut Record,
    strings: Strings,
    pair: bool,
}

/// What an [`Item`] was.
enum Read {
    /// A name or a value, which now is at the end of the record's bytes.
    Bytes,
    Null,
    /// A pair, which now is a header of the record.
    Pair,
}

/// Reads the digits of `{"hex":...}`.
struct Hex<'r>(&'r mut Record);

/// Reads the key of a member: whether it is this one.
struct Key(&'static [u8]);

/// A string where none belongs; what it says is not repeated.
fn misplaced_string<T, E: de::Error>(expected: &dyn de::Expected) -> Result<T, E> {
    Err(E::invalid_type(Unexpected::Other("a string"), expected))
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, one record")
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        misplaced_string(&self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut found = false;
        while let Some(is_headers) = members.next_key_seed(Key(b"headers"))? {
            if !is_headers {
                members.next_value::<IgnoredAny>()?;
            } else if found {
                return Err(de::Error::custom("the member headers is there twice"));
            } else {
                found = true;
                members.next_value_seed(List(Object { record: self.record, strings: self.strings }))?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of headers, an object of them, or null")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        misplaced_string(&self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut headers: A) -> Result<(), A::Error> {
        let Self(Object { record, strings }) = self;
        while headers.next_key_seed(Item { record, strings, pair: false })?.is_some() {
            let name_end = record.end_name();
            let value = headers.next_value_seed(Item { record, strings, pair: false })?;
            record.end_header(name_end, matches!(value, Read::Null));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self(Object { record, strings }) = self;
        let mut name_end = None;
        let mut pairs = None;
        while let Some(item) = items.next_element_seed(Item { record, strings, pair: true })? {
            let is_pair = matches!(item, Read::Pair);
            if *pairs.get_or_insert(is_pair) != is_pair {
                return Err(de::Error::custom("the list of headers is neither all pairs nor all flat"));
            }
            match (item, name_end.take()) {
                (Read::Pair, _) => {}
                (Read::Bytes, None) => name_end = Some(record.end_name()),
                (Read::Null, None) => return Err(null_name()),
                (Read::Bytes, Some(end)) => record.end_header(end, false),
                (Read::Null, Some(end)) => record.end_header(end, true),
            }
        }
        match name_end {
            None => Ok(()),
            Some(_) => Err(de::Error::custom("the flat list of headers ends with a name without a value")),
        }
    }
}

fn null_name<E: de::Error>() -> E {
    E::custom("the name of a header is null")
}

impl<'de> DeserializeSeed<'de> for Item<'_> {
    type Value = Read;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read, D::Error> {
        match self.strings {
            Strings::Utf8 => deserializer.deserialize_any(self),
            Strings::Bytes => deserializer.deserialize_option(self),
        }
    }
}

impl<'de> Visitor<'de> for Item<'_> {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"a string, null or {"hex":"..."}"#)?;
        f.write_str(if self.pair { ", or a pair of them" } else { "" })
    }

    fn visit_none<E>(self) -> Result<Read, E> {
        Ok(Read::Null)
    }

    fn visit_unit<E>(self) -> Result<Read, E> {
        Ok(Read::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_bytes(self)
    }

    fn visit_str<E>(self, text: &str) -> Result<Read, E> {
        self.record.extend(text.as_bytes());
        Ok(Read::Bytes)
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Read, E> {
        self.record.extend(bytes);
        Ok(Read::Bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Read, A::Error> {
        if !self.pair {
            return Err(de::Error::invalid_type(Unexpected::Seq, &self));
        }
        let Self { record, strings, .. } = self;
        let incomplete = || de::Error::custom("a pair has a name and a value, no more and no less");
        let name = items.next_element_seed(Item { record, strings, pair: false })?;
        if let Read::Null = name.ok_or_else(incomplete)? {
            return Err(null_name());
        }
        let name_end = record.end_name();
        let value = items.next_element_seed(Item { record, strings, pair: false })?.ok_or_else(incomplete)?;
        record.end_header(name_end, matches!(value, Read::Null));
        match items.next_element::<IgnoredAny>()? {
            None => Ok(Read::Pair),
            Some(_) => Err(incomplete()),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Read, A::Error> {
        let other = || de::Error::custom(r#"an object in a list of headers is {"hex":"..."}"#);
        if members.next_key_seed(Key(b"hex"))? != Some(true) {
            return Err(other());
        }
        members.next_value_seed(Hex(self.record))?;
        match members.next_key_seed(Key(b"hex"))? {
            None => Ok(Read::Bytes),
            Some(_) => Err(other()),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Hex<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Hex<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string of hexadecimal digits")
    }

    fn visit_str<E: de::Error>(self, digits: &str) -> Result<(), E> {
        let (pairs, odd) = digits.as_bytes().as_chunks::<2>();
        if !odd.is_empty() {
            return Err(E::custom("an odd number of hexadecimal digits"));
        }
        for [high, low] in pairs {
            let (Some(high), Some(low)) = (digit(*high), digit(*low)) else {
                return Err(E::custom("something else than a hexadecimal digit"));
            };
            self.0.extend(&[high << 4 | low]);
        }
        Ok(())
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Key {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_bytes<E>(self, key: &[u8]) -> Result<bool, E> {
        Ok(key == self.0)
    }
}
