//! Serializes ids, lists and contexts as the text of the headers (feature `serde`).

use crate::baggage::Baggage;
use crate::context::Context;
use crate::header::HeaderName;
use crate::hex;
use crate::id::{SpanId, TraceFlags, TraceId};
use crate::reader::Reader;
use crate::traceparent::TraceParent;
use crate::tracestate::TraceState;
use crate::verdict::Verdict;
use core::fmt;
use core::marker::PhantomData;
use serde_core::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Serialize, SerializeStruct, Serializer};

/// A type that serializes as its `Display` and deserializes from text.
trait Text<'de>: Sized {
    const EXPECTED: &'static str;

    /// Reads any text. Returns `None` if the type must borrow the text.
    fn from_any<E: Error>(text: &str) -> Option<Result<Self, E>>;

    fn from_borrowed<E: Error>(text: &'de str) -> Result<Self, E>;
}

struct TextVisitor<T>(PhantomData<T>);

impl<'de, T: Text<'de>> Visitor<'de> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::from_any(text).unwrap_or_else(|| Err(E::custom("a text that can be borrowed")))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<T, E> {
        T::from_borrowed(text)
    }
}

macro_rules! as_text {
    ($($type:ty: $expected:literal, $read:expr;)*) => {$(
        /// As text, in every format.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Text<'de> for $type {
            const EXPECTED: &'static str = $expected;

            fn from_any<E: Error>(text: &str) -> Option<Result<Self, E>> {
                Some(Self::from_borrowed(text))
            }

            fn from_borrowed<E: Error>(text: &str) -> Result<Self, E> {
                $read(text)
            }
        }

        /// From text, in every format.
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor(PhantomData))
            }
        }
    )*};
}

as_text! {
    TraceId: "32 lower-case hexadecimal digits, not all zeros", |text: &str| text.parse().map_err(E::custom);
    SpanId: "16 lower-case hexadecimal digits, not all zeros", |text: &str| text.parse().map_err(E::custom);
    TraceParent: "a traceparent", |text: &str| text.parse().map_err(E::custom);
    TraceFlags: "2 lower-case hexadecimal digits", |text: &str| {
        let byte = text.as_bytes().try_into().ok().and_then(hex::decode_byte);
        byte.map(Self::from_byte).ok_or_else(|| E::custom(<Self as Text<'de>>::EXPECTED))
    };
}

macro_rules! as_borrowed_text {
    ($($type:ident: $expected:literal;)*) => {$(
        /// Serializes as text in every format; a part that is not UTF-8 becomes U+FFFD.
        impl Serialize for $type<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Text<'de> for $type<'de> {
            const EXPECTED: &'static str = $expected;

            fn from_any<E: Error>(_: &str) -> Option<Result<Self, E>> {
                None
            }

            fn from_borrowed<E: Error>(text: &'de str) -> Result<Self, E> {
                Self::parse(text.as_bytes()).map_err(E::custom)
            }
        }

        /// Deserializes from text that the input contains without escapes.
        impl<'de: 'a, 'a> Deserialize<'de> for $type<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor::<$type<'de>>(PhantomData))
            }
        }
    )*};
}

as_borrowed_text! {
    TraceState: "a tracestate";
    Baggage: "a baggage";
}

const FIELDS: &[&str] = &["traceparent", "tracestate", "baggage"];

/// Serializes the values of the three headers, each as text or none.
impl Serialize for Context<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let span = self.span_context;
        let state = span.map(|span| span.trace_state).filter(|state| !state.is_empty());
        let baggage = Some(self.baggage).filter(|baggage| !baggage.is_empty());
        let mut context = serializer.serialize_struct("Context", FIELDS.len())?;
        context.serialize_field("traceparent", &span.map(|span| span.traceparent()))?;
        context.serialize_field("tracestate", &state)?;
        context.serialize_field("baggage", &baggage)?;
        context.end()
    }
}

/// Deserializes the values of the three headers, which the input contains without escapes.
///
/// Fails for a value that [`extract`](crate::extract) would refuse.
impl<'de: 'a, 'a> Deserialize<'de> for Context<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = deserializer.deserialize_struct("Context", FIELDS, Values::<&'de str>(PhantomData))?;
        read(values.map(|value| value.map(str::as_bytes)))
    }
}

/// Serializes the values of the three headers, each as text or none.
#[cfg(feature = "alloc")]
impl Serialize for crate::ContextBuf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_borrowed().serialize(serializer)
    }
}

/// Deserializes the values of the three headers. Fails for a value that [`extract`](crate::extract) would refuse.
#[cfg(feature = "alloc")]
impl<'de> Deserialize<'de> for crate::ContextBuf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = Values::<alloc::string::String>(PhantomData);
        let values = deserializer.deserialize_struct("Context", FIELDS, values)?;
        Ok(read(values.each_ref().map(|value| value.as_deref().map(str::as_bytes)))?.into_owned())
    }
}

fn read<'a, E: Error>(values: [Option<&'a [u8]>; 3]) -> Result<Context<'a>, E> {
    let last = values.map(|value| value.map(|value| (0, value)));
    let extracted = Reader { last, header_count: 0 }.finish_small();
    if let Verdict::Refused { error, .. } = extracted.traceparent {
        return Err(E::custom(error));
    }
    if let Verdict::Refused { error, .. } = extracted.tracestate {
        return Err(E::custom(error));
    }
    if let Verdict::Refused { error, .. } = extracted.baggage {
        return Err(E::custom(error));
    }
    Ok(extracted.context())
}

/// The values of the three headers, read but not yet checked.
struct Values<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Values<T> {
    type Value = [Option<T>; 3];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the values of traceparent, tracestate and baggage")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut next = || Ok(seq.next_element::<Option<T>>()?.flatten());
        Ok([next()?, next()?, next()?])
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = [None, None, None];
        while let Some(Name(name)) = map.next_key()? {
            match name.and_then(|name| HeaderName::select(name.as_bytes(), values.each_mut())) {
                Some(value) => *value = map.next_value()?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(values)
    }
}

/// The header that a field name stands for, if it is one of the three.
struct Name(Option<HeaderName>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        Ok(Name(HeaderName::of(name.as_bytes())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Name, E> {
        Ok(Name(match number {
            0 => Some(HeaderName::TraceParent),
            1 => Some(HeaderName::TraceState),
            2 => Some(HeaderName::Baggage),
            _ => None,
        }))
    }
}
