//! Header types that a context can be written to: lists, maps, carriers, and the header lists of rust-rdkafka.

use crate::kind;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::hash::{BuildHasher, Hash};
use std::str::from_utf8;
use tracebaton::formats::{self, FormatInjection};
use tracebaton::{Carrier, Header, Injected};

/// Record headers that a context can be written to.
///
/// It is implemented for
///
/// - `Vec<(N, V)>`, `BTreeMap<N, V>` and `HashMap<N, V>`, whose names can be made from `&str` (`String`, `Vec<u8>`, …) and
///   whose values are a [`HeaderValue`] (`Vec<u8>`, `Option<Vec<u8>>`, …);
/// - every [`Carrier`];
/// - `rdkafka::message::OwnedHeaders`, with the feature `rdkafka`.
///
/// `Kind` is inferred. It separates the implementations; you never write it.
///
/// ```
/// use opentelemetry::{Context, KeyValue, baggage::BaggageExt};
/// use std::collections::BTreeMap;
/// use tracebaton_opentelemetry::inject_trace_context;
///
/// let context = Context::new().with_baggage([KeyValue::new("tenant", "7")]);
/// let mut headers: BTreeMap<String, Vec<u8>> = BTreeMap::new();
/// inject_trace_context(&context, &mut headers);
/// assert_eq!(headers["baggage"], b"tenant=7");
/// ```
#[diagnostic::on_unimplemented(
    message = "no context can be written to `{Self}`",
    label = "not headers that can be changed",
    note = "`Vec<(String, Vec<u8>)>` and `Vec<(String, Option<Vec<u8>>)>` can, and every `tracebaton::Carrier`"
)]
pub trait WriteHeaders<Kind> {
    /// Why a context could not be written.
    type Error;

    /// Removes the headers that the injection replaces and adds its own: all or none ([W1], [W6]).
    ///
    #[doc = include_str!("rules.md")]
    fn write_headers(&mut self, injection: &FormatInjection<'_>) -> Result<Injected, Self::Error>;
}

impl<C: for<'v> Carrier<'v, Error = E>, E> WriteHeaders<(kind::AnyCarrier, E)> for C {
    type Error = E;

    fn write_headers(&mut self, injection: &FormatInjection<'_>) -> Result<Injected, E> {
        formats::inject(injection, self)
    }
}

impl<N, V> WriteHeaders<kind::List> for Vec<(N, V)>
where
    N: AsRef<[u8]> + for<'n> From<&'n str>,
    V: HeaderValue,
{
    type Error = Infallible;

    fn write_headers(&mut self, injection: &FormatInjection<'_>) -> Result<Injected, Infallible> {
        formats::inject(injection, &mut HeaderList::new(self))
    }
}

impl<N, V> WriteHeaders<kind::Map> for BTreeMap<N, V>
where
    N: AsRef<[u8]> + for<'n> From<&'n str> + Ord,
    V: HeaderValue,
{
    type Error = Infallible;

    fn write_headers(&mut self, injection: &FormatInjection<'_>) -> Result<Injected, Infallible> {
        formats::inject(injection, &mut AnyMap(self))
    }
}

impl<N, V, S> WriteHeaders<kind::Map> for HashMap<N, V, S>
where
    N: AsRef<[u8]> + for<'n> From<&'n str> + Eq + Hash,
    V: HeaderValue,
    S: BuildHasher,
{
    type Error = Infallible;

    fn write_headers(&mut self, injection: &FormatInjection<'_>) -> Result<Injected, Infallible> {
        formats::inject(injection, &mut AnyMap(self))
    }
}

/// A list of names and values as a carrier for [`tracebaton::inject`].
///
/// ```
/// # use tracebaton::{Header, extract, inject};
/// # use tracebaton_opentelemetry::HeaderList;
/// # let received = [Header::new("baggage", "tenant=7")];
/// let mut headers: Vec<(String, Option<Vec<u8>>)> = vec![("key".to_owned(), None)];
/// let Ok(_) = inject(&extract(received).forward(), &mut HeaderList::new(&mut headers));
/// assert_eq!(headers.len(), 2);
/// ```
#[derive(Debug)]
pub struct HeaderList<'a, N, V>(&'a mut Vec<(N, V)>);

impl<'a, N, V> HeaderList<'a, N, V> {
    /// The carrier that changes this list.
    pub const fn new(list: &'a mut Vec<(N, V)>) -> Self {
        Self(list)
    }
}

impl<N, V> Carrier<'_> for HeaderList<'_, N, V>
where
    N: AsRef<[u8]> + for<'n> From<&'n str>,
    V: HeaderValue,
{
    type Error = Infallible;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.0.iter().map(|(name, value)| Header { name: name.as_ref(), value: value.bytes() })
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Infallible> {
        self.0.retain(|(name, _)| !unwanted(name.as_ref()));
        Ok(())
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), Infallible> {
        self.0.push(owned(header));
        Ok(())
    }
}

/// A map as a carrier.
struct AnyMap<'a, M>(&'a mut M);

macro_rules! map_carrier {
    ($map:ident<N, V $(, $state:ident)?>, $($bounds:tt)+) => {
        impl<N, V $(, $state: BuildHasher)?> Carrier<'_> for AnyMap<'_, $map<N, V $(, $state)?>>
        where
            N: AsRef<[u8]> + for<'n> From<&'n str> + $($bounds)+,
            V: HeaderValue,
        {
            type Error = Infallible;

            fn headers(&self) -> impl Iterator<Item = Header<'_>> {
                self.0.iter().map(|(name, value)| Header { name: name.as_ref(), value: value.bytes() })
            }

            fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Infallible> {
                self.0.retain(|name, _| !unwanted(name.as_ref()));
                Ok(())
            }

            fn add(&mut self, header: Header<'_>) -> Result<(), Infallible> {
                self.0.extend([owned(header)]);
                Ok(())
            }
        }
    };
}

map_carrier!(BTreeMap<N, V>, Ord);
map_carrier!(HashMap<N, V, S>, Eq + Hash);

fn owned<N: for<'n> From<&'n str>, V: HeaderValue>(header: Header<'_>) -> (N, V) {
    // The names of all formats are ASCII.
    let name = from_utf8(header.name).unwrap_or_default();
    (N::from(name), V::from_bytes(header.value.unwrap_or_default()))
}

/// The type of a header value that is written: `Vec<u8>`, `Box<[u8]>`, `Arc<[u8]>`, or an `Option` of one, where
/// `None` is null.
///
/// Implement it for the value type of your Kafka client if that is another type.
///
/// ```
/// use tracebaton_opentelemetry::HeaderValue;
///
/// struct Bytes(Vec<u8>);
///
/// impl HeaderValue for Bytes {
///     fn from_bytes(bytes: &[u8]) -> Self {
///         Self(bytes.to_vec())
///     }
///
///     fn bytes(&self) -> Option<&[u8]> {
///         Some(&self.0)
///     }
/// }
/// let mut headers: Vec<(String, Option<Bytes>)> = Vec::new();
/// tracebaton_opentelemetry::inject_trace_context(&opentelemetry::Context::current(), &mut headers);
/// ```
pub trait HeaderValue {
    /// Makes a value of a copy of these bytes.
    fn from_bytes(bytes: &[u8]) -> Self;

    /// The bytes; `None` is Kafka's null.
    fn bytes(&self) -> Option<&[u8]>;
}

macro_rules! values {
    ($($type:ty),*) => {
        $(impl HeaderValue for $type {
            fn from_bytes(bytes: &[u8]) -> Self {
                bytes.into()
            }

            fn bytes(&self) -> Option<&[u8]> {
                Some(self)
            }
        })*
    };
}

values!(Vec<u8>, Box<[u8]>, std::sync::Arc<[u8]>);

impl<V: HeaderValue> HeaderValue for Option<V> {
    fn from_bytes(bytes: &[u8]) -> Self {
        Some(V::from_bytes(bytes))
    }

    fn bytes(&self) -> Option<&[u8]> {
        self.as_ref().and_then(V::bytes)
    }
}
