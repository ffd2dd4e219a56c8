//! Members of a JSON object that is a record or contains one.

use super::node::Node;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Kind of a member.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Headers,
    Topic,
    Partition,
    Offset,
    Payload,
    Records,
    Within,
    Other,
}

impl Kind {
    /// Kind of the member with this name, in any letter case.
    pub fn of(name: &[u8]) -> Self {
        const KINDS: &[(&[u8], Kind)] = &[
            (b"headers", Kind::Headers),
            (b"topic", Kind::Topic),
            (b"partition", Kind::Partition),
            (b"offset", Kind::Offset),
            (b"payload", Kind::Payload),
            (b"value", Kind::Payload),
            (b"recordheaders", Kind::Headers),
            (b"record_headers", Kind::Headers),
            (b"messageheaders", Kind::Headers),
            (b"message_headers", Kind::Headers),
            (b"kafkaheaders", Kind::Headers),
            (b"kafka_headers", Kind::Headers),
            (b"records", Kind::Records),
            (b"record", Kind::Within),
            (b"message", Kind::Within),
            (b"metadata", Kind::Within),
            (b"meta", Kind::Within),
            (b"event", Kind::Within),
        ];
        KINDS
            .iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known))
            .map_or(Self::Other, |(_, kind)| *kind)
    }

    /// Whether only records have this member, and headers do not.
    pub fn is_of_record(self) -> bool {
        matches!(self, Self::Headers | Self::Topic | Self::Partition | Self::Offset)
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Kind;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, name: &str) -> Result<Kind, E> {
                Ok(Kind::of(name.as_bytes()))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// Reads the members of any object.
#[derive(Default)]
pub struct Members<'de> {
    pub names: Vec<Cow<'de, str>>,
    pub kinds: Vec<Kind>,
    pub values: Vec<&'de RawValue>,
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members<'de>, A::Error> {
                let mut all = Members::default();
                while let Some(Node::Text(name)) = members.next_key()? {
                    all.kinds.push(Kind::of(name.as_bytes()));
                    all.names.push(name);
                    all.values.push(members.next_value()?);
                }
                Ok(all)
            }
        }
        deserializer.deserialize_map(All)
    }
}
