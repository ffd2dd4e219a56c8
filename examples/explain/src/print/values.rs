//! Bytes, ids and headers as JSON.

use crate::record::Record;
use serde::Serialize;
use serde::ser::{SerializeTuple, Serializer};
use tracebaton::{Header, Injection};

/// The headers of a record after an injection (W1): the kept ones first, the new ones at the end.
pub struct Headers<'a> {
    /// The record.
    pub record: &'a Record,
    /// The injection.
    pub injection: Injection<'a>,
}

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let others = self.record.headers().filter(|header| !self.injection.replaces(header.name));
        serializer.collect_seq(others.chain(self.injection.headers()).map(Pair))
    }
}

pub struct Pair<'a>(pub Header<'a>);

impl Serialize for Pair<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pair = serializer.serialize_tuple(2)?;
        pair.serialize_element(&Bytes(self.0.name))?;
        pair.serialize_element(&self.0.value.map(Bytes))?;
        pair.end()
    }
}

/// Writes bytes as a string if they are UTF-8, otherwise as `{"hex":"..."}`.
pub struct Bytes<'a>(pub &'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Hex<'a> {
            hex: Shown<HexDigits<'a>>,
        }
        match std::str::from_utf8(self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => Hex { hex: Shown(HexDigits(self.0)) }.serialize(serializer),
        }
    }
}

/// Writes a type that implements `Display` as a string.
pub struct Shown<T>(pub T);

impl<T: std::fmt::Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Lower-case hexadecimal digits, two for each byte.
pub struct HexDigits<'a>(pub &'a [u8]);

impl std::fmt::Display for HexDigits<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Digits of an id.
pub struct Digits<const COUNT: usize>(pub [u8; COUNT]);

impl<const COUNT: usize> Serialize for Digits<COUNT> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Bytes(&self.0).serialize(serializer)
    }
}
