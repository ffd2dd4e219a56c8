//! Header types that a context can be written to: lists, maps, carriers, and the header lists of rust-rdkafka.

use crate::kind;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::hash::{BuildHasher, Hash};
use tracebaton::formats::{self, FormatInjection};
use tracebaton::{Carrier, Header, HeaderList, HeaderValue, Injected};

/// Record headers that a context can be written to.
///
/// It is implemented for
///
/// - `Vec<(N, V)>`, `BTreeMap<N, V>` and `HashMap<N, V>`, whose names can be made from `&str` (`String`, `Vec<u8>`, …) and
///   whose values are a [`HeaderValue`] (`Vec<u8>`, `Option<Vec<u8>>`, …);
/// - every [`Carrier`];
/// - `rdkafka::message::OwnedHeaders`, with the feature `rdkafka`;
/// - an `Option` of one of these that has a `Default`, such as the `headers` of a record of rust-rdkafka: `None` becomes a
///   new list if there is something to write.
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

impl<H: WriteHeaders<K> + Default, K> WriteHeaders<(kind::Optional, K)> for Option<H> {
    type Error = H::Error;

    fn write_headers(&mut self, injection: &FormatInjection<'_>) -> Result<Injected, H::Error> {
        if let Some(headers) = self {
            return headers.write_headers(injection);
        }
        let mut headers = H::default();
        let injected = headers.write_headers(injection)?;
        *self = injection.headers().next().map(|_| headers);
        Ok(injected)
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
                let mut added = Vec::new();
                HeaderList::new(&mut added).add(header)?;
                self.0.extend(added);
                Ok(())
            }
        }
    };
}

map_carrier!(BTreeMap<N, V>, Ord);
map_carrier!(HashMap<N, V, S>, Eq + Hash);
