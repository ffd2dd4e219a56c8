//! Header types that a context can be read from: lists, maps, iterators, and the messages of rust-rdkafka.

use tracebaton::Header;

/// Record headers that can be read: any type that yields names and values as bytes.
///
/// It is implemented for every iterator, list and map, borrowed, whose items are
///
/// - pairs of a name and a value, each of a type that is `AsRef<[u8]>`: `String`, `&str`, `Vec<u8>`, `&[u8]`, `Bytes`, …;
/// - such pairs with an `Option` for the value, where `None` is Kafka's null;
/// - [`Header`]s.
///
/// With the feature `rdkafka` it is also implemented for references to the messages and header lists of rust-rdkafka.
///
/// `Kind` is inferred. It separates the implementations; you never write it.
///
/// ```
/// use opentelemetry::trace::TraceContextExt;
/// use std::collections::BTreeMap;
/// use tracebaton_opentelemetry::extract_trace_context;
///
/// let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let list: Vec<(String, Option<Vec<u8>>)> = vec![("traceparent".into(), Some(parent.into()))];
/// let map = BTreeMap::from([("traceparent", parent)]);
/// let slices = [("traceparent", parent.as_bytes())];
/// for context in [extract_trace_context(&list), extract_trace_context(&map), extract_trace_context(slices)] {
///     assert!(context.span().span_context().is_remote());
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read as record headers",
    label = "not headers: an iterator of names and values, borrowed, is needed",
    note = "names and values are `AsRef<[u8]>`, a value may be in an `Option`; a list or map is passed by reference"
)]
pub trait ReadHeaders<'a, Kind> {
    /// The headers, in the record's order.
    fn read_headers(self) -> impl Iterator<Item = Header<'a>>;
}

/// The kind of iterators; `Item` is the kind of their items.
#[derive(Debug)]
pub enum Items<Item> {
    #[doc(hidden)]
    Never(std::convert::Infallible, std::marker::PhantomData<Item>),
}

impl<'a, I, Item> ReadHeaders<'a, Items<Item>> for I
where
    I: IntoIterator,
    I::Item: IntoHeader<'a, Item>,
{
    fn read_headers(self) -> impl Iterator<Item = Header<'a>> {
        self.into_iter().map(IntoHeader::into_header)
    }
}

/// One item of [`ReadHeaders`]: a name and a value. `Kind` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read as a record header",
    label = "not a header: a borrowed pair of a name and a value is needed",
    note = "names and values are `AsRef<[u8]>`, a value may be in an `Option`; a list or map is passed by reference"
)]
pub trait IntoHeader<'a, Kind> {
    /// The header, borrowed.
    fn into_header(self) -> Header<'a>;
}

/// The kinds of [`IntoHeader`].
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident;)*) => {
        $($(#[$doc])* #[derive(Debug)] pub enum $kind {})*
    };
}

pub mod kind {
    //! Kinds that separate the implementations of [`ReadHeaders`](crate::ReadHeaders) and
    //! [`WriteHeaders`](crate::WriteHeaders). They are inferred; you never write them.

    pub use super::Items;

    kinds! {
        /// A [`Header`](tracebaton::Header).
        Whole;
        /// A reference to a pair.
        PairRef;
        /// A reference to a pair whose value is an `Option`.
        OptionPairRef;
        /// A pair of references, as maps yield it.
        RefPair;
        /// A pair of references, the second to an `Option`.
        RefOptionPair;
        /// A pair of a reference and an `Option` of one.
        RefPairOption;
        /// A message or header list of rust-rdkafka.
        Rdkafka;
        /// A list, as a `Vec`.
        List;
        /// A map.
        Map;
        /// A [`Carrier`](tracebaton::Carrier).
        AnyCarrier;
        /// Headers that there may be none of yet.
        Optional;
    }
}

impl<'a> IntoHeader<'a, kind::Whole> for Header<'a> {
    fn into_header(self) -> Header<'a> {
        self
    }
}

impl<'a, N: AsRef<[u8]>, V: AsRef<[u8]>> IntoHeader<'a, kind::PairRef> for &'a (N, V) {
    fn into_header(self) -> Header<'a> {
        Header::new(&self.0, &self.1)
    }
}

impl<'a, N: AsRef<[u8]>, V: AsRef<[u8]>> IntoHeader<'a, kind::OptionPairRef> for &'a (N, Option<V>) {
    fn into_header(self) -> Header<'a> {
        Header { name: self.0.as_ref(), value: self.1.as_ref().map(V::as_ref) }
    }
}

impl<'a, N, V> IntoHeader<'a, kind::RefPair> for (&'a N, &'a V)
where
    N: AsRef<[u8]> + ?Sized,
    V: AsRef<[u8]> + ?Sized,
{
    fn into_header(self) -> Header<'a> {
        Header::new(self.0, self.1)
    }
}

impl<'a, N, V> IntoHeader<'a, kind::RefOptionPair> for (&'a N, &'a Option<V>)
where
    N: AsRef<[u8]> + ?Sized,
    V: AsRef<[u8]>,
{
    fn into_header(self) -> Header<'a> {
        Header { name: self.0.as_ref(), value: self.1.as_ref().map(V::as_ref) }
    }
}

impl<'a, N, V> IntoHeader<'a, kind::RefPairOption> for (&'a N, Option<&'a V>)
where
    N: AsRef<[u8]> + ?Sized,
    V: AsRef<[u8]> + ?Sized,
{
    fn into_header(self) -> Header<'a> {
        Header { name: self.0.as_ref(), value: self.1.map(V::as_ref) }
    }
}
