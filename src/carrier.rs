//! Carriers: the record headers that an injection is written to (W1, W4, W6).

use crate::extract::extract;
use crate::header::{Header, HeaderName};
use crate::inject::Injection;
use crate::verdict::Verdict;
#[cfg(any(feature = "arrayvec", feature = "heapless"))]
use core::cell::Cell;
use core::fmt;

/// Record headers that can be read and changed.
///
/// `'v` is the lifetime of the bytes that are added. A carrier that copies them accepts any lifetime. A carrier that
/// borrows them names its own. It must be dropped before what it borrows; see [`inject`].
///
/// ```
/// use std::convert::Infallible;
/// use tracebaton::{Carrier, Header, extract, inject};
///
/// struct Headers(Vec<(String, Vec<u8>)>);
///
/// impl Carrier<'_> for Headers {
///     type Error = Infallible;
///
///     fn headers(&self) -> impl Iterator<Item = Header<'_>> {
///         self.0.iter().map(|(name, value)| Header::new(name, value))
///     }
///
///     fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Infallible> {
///         Ok(self.0.retain(|(name, _)| !unwanted(name.as_bytes())))
///     }
///
///     fn add(&mut self, header: Header<'_>) -> Result<(), Infallible> {
///         let name = String::from_utf8_lossy(header.name).into_owned();
///         Ok(self.0.push((name, header.value.unwrap_or_default().to_vec())))
///     }
/// }
///
/// let mut headers = Headers(vec![("Baggage".into(), b"tenant=7".to_vec()), ("key".into(), b"1".to_vec())]);
/// let received = Headers(vec![("baggage".into(), b"tenant=8".to_vec())]);
/// inject(&extract(received.headers()).forward(), &mut headers)?;
/// assert_eq!(headers.0[1], ("baggage".into(), b"tenant=8".to_vec()));
/// # Ok::<(), Infallible>(())
/// ```
pub trait Carrier<'v> {
    /// Why a header could not be added or removed.
    type Error;

    /// The headers, in the record's order.
    fn headers(&self) -> impl Iterator<Item = Header<'_>>;

    /// Removes every header whose name is `unwanted`. The other headers keep their order and bytes.
    ///
    /// An implementation that returns an error must not have removed any header.
    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Self::Error>;

    /// Adds a header at the end. An implementation that returns an error must not have added it.
    fn add(&mut self, header: Header<'v>) -> Result<(), Self::Error>;
}

/// Result of [`inject`] ([W2], [W4]).
///
#[cfg_attr(feature = "arrayvec", doc = "```")]
#[cfg_attr(not(feature = "arrayvec"), doc = "```ignore")]
/// # use tracebaton::*;
/// # let injection = Context::default().injection();
/// let mut headers = arrayvec::ArrayVec::<Header, 8>::from_iter([Header::new("tracestate", "rojo=1")]);
/// assert_eq!(inject(&injection, &mut headers), Ok(Injected::NoParent));
/// assert_eq!(headers.len(), 1); // there is no span context, so the record is as it was
/// ```
#[doc = include_str!("guides/rules.md")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Injected {
    /// The record now has the `traceparent` of the injection, or its parent in another format.
    Parent,
    /// The injection has no parent. Its other replacements were made: only baggage if its context has no span
    /// context, all three headers if it comes from [`forward`](crate::Extracted::forward).
    NoParent,
    /// The record was not changed, because it already has a valid `traceparent`.
    Kept,
}

/// Writes an injection into a record's headers, in place of the headers that it replaces.
///
/// Nothing is changed if the injection replaces nothing. All headers are written, or none.
///
/// Returns the carrier's error. The record can still be sent: either it is unchanged, or the replaced headers were
/// removed and none were added. Rules: [W1], [W6].
///
/// A carrier that borrows, such as `heapless::Vec` or `ArrayVec`, borrows from the injection, and from the buffers of a
/// changed `tracestate` or `baggage`. Declare it after them, or move it into a function that injects and sends.
/// Otherwise the compiler reports that they do not live long enough (E0597).
///
#[cfg_attr(feature = "arrayvec", doc = "```")]
#[cfg_attr(not(feature = "arrayvec"), doc = "```ignore")]
/// # use tracebaton::*;
/// # let received = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// # let random = |bytes: &mut [u8]| bytes.fill(7);
/// let child = extract(received).context().child(SpanId::generate(random)).unwrap();
/// let injection = child.injection();
/// let mut headers = arrayvec::ArrayVec::<Header, 8>::from_iter(received); // the feature `arrayvec`
/// assert_eq!(inject(&injection, &mut headers)?, Injected::Parent);
/// assert_eq!(headers.len(), 1);
/// assert_ne!(headers[0].value, received[0].value);
/// # Ok::<(), CarrierFull>(())
/// ```
///
/// This carrier is dropped after the injection, so it does not compile:
///
#[cfg_attr(feature = "arrayvec", doc = "```compile_fail,E0597")]
#[cfg_attr(not(feature = "arrayvec"), doc = "```ignore")]
/// # use tracebaton::*;
/// # let received = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// let mut headers = arrayvec::ArrayVec::<Header, 8>::from_iter(received);
/// let injection = extract(received).forward();
/// inject(&injection, &mut headers)?;
/// # Ok::<(), CarrierFull>(())
/// ```
#[doc = include_str!("guides/rules.md")]
pub fn inject<'v, C: Carrier<'v> + ?Sized>(
    injection: &'v Injection<'_>,
    carrier: &mut C,
) -> Result<Injected, C::Error> {
    let headers = injection.headers();
    replace(carrier, injection.replaces_any(), |name| injection.replaces(name), headers)?;
    Ok(if injection.has_parent() { Injected::Parent } else { Injected::NoParent })
}

/// Removes the headers that `unwanted` selects, then adds the new ones. If one cannot be added, removes them all
/// again (W1, W6).
#[inline]
pub(crate) fn replace<'v, C: Carrier<'v> + ?Sized>(
    carrier: &mut C,
    replaces_any: bool,
    replaces: impl Fn(&[u8]) -> bool,
    headers: impl Iterator<Item = Header<'v>>,
) -> Result<(), C::Error> {
    if replaces_any {
        carrier.remove(&replaces)?;
    }
    for header in headers {
        if let Err(error) = carrier.add(header) {
            carrier.remove(&replaces)?;
            return Err(error);
        }
    }
    Ok(())
}

/// Writes an injection, unless the record already has a valid `traceparent`, which is kept ([W4]).
///
#[cfg_attr(feature = "arrayvec", doc = "```")]
#[cfg_attr(not(feature = "arrayvec"), doc = "```ignore")]
/// # use tracebaton::*;
/// # let (injection, parent) = (Context::default().injection(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
/// let mut headers = arrayvec::ArrayVec::<Header, 8>::from_iter([Header::new("traceparent", parent)]);
/// assert_eq!(inject_if_absent(&injection, &mut headers), Ok(Injected::Kept));
/// ```
#[doc = include_str!("guides/rules.md")]
pub fn inject_if_absent<'v, C: Carrier<'v> + ?Sized>(
    injection: &'v Injection<'_>,
    carrier: &mut C,
) -> Result<Injected, C::Error> {
    if let Verdict::Accepted { .. } = extract(carrier.headers()).traceparent {
        return Ok(Injected::Kept);
    }
    inject(injection, carrier)
}

/// Removes W3C's `traceparent`, `tracestate` and `baggage` from a record ([W2]).
///
/// Every header with one of these names is removed, in any letter case. Headers of other formats stay:
/// [`formats::strip`](crate::formats::strip) removes them.
///
/// Returns the carrier's error; then nothing was removed.
///
#[cfg_attr(feature = "arrayvec", doc = "```")]
#[cfg_attr(not(feature = "arrayvec"), doc = "```ignore")]
/// # use tracebaton::*;
/// let record = [Header::new("Traceparent", "00-none"), Header::new("key", "1"), Header::new("baggage", "tenant=7")];
/// let mut headers = arrayvec::ArrayVec::<Header, 8>::from_iter(record);
/// strip(&mut headers)?;
/// assert_eq!(headers[..], [Header::new("key", "1")]);
/// # Ok::<(), CarrierFull>(())
/// ```
#[doc = include_str!("guides/rules.md")]
pub fn strip<'v, C: Carrier<'v> + ?Sized>(carrier: &mut C) -> Result<(), C::Error> {
    carrier.remove(|name| HeaderName::of(name).is_some())
}

/// Error of a carrier of fixed capacity that has no room for another header ([W6]).
///
#[cfg_attr(feature = "heapless", doc = "```")]
#[cfg_attr(not(feature = "heapless"), doc = "```ignore")]
/// # use tracebaton::*;
/// # let context = extract([Header::new("baggage", "tenant=7")]).context();
/// # let injection = context.injection();
/// let mut full = heapless::Vec::<Header, 1>::from_array([Header::new("key", "value")]);
/// assert_eq!(inject(&injection, &mut full), Err(CarrierFull));
/// assert_eq!(full.len(), 1); // and it can be sent
/// ```
#[doc = include_str!("guides/rules.md")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CarrierFull;

impl fmt::Display for CarrierFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the carrier has no room for another header")
    }
}

impl core::error::Error for CarrierFull {}

/// Moves the wanted headers to the front and returns their number.
///
/// `retain` of the lists would do the same, with arithmetic that can panic if the program checks for overflow.
#[cfg(any(feature = "arrayvec", feature = "heapless"))]
fn keep_wanted(headers: &mut [Header<'_>], unwanted: impl Fn(&[u8]) -> bool) -> usize {
    let cells = Cell::from_mut(headers).as_slice_of_cells();
    let mut places = cells.iter();
    let wanted = cells.iter().map(Cell::get).filter(|header| !unwanted(header.name));
    wanted.zip(places.by_ref()).for_each(|(header, place)| place.set(header));
    cells.len().saturating_sub(places.len())
}

#[cfg(any(feature = "arrayvec", feature = "heapless"))]
macro_rules! borrowing_carrier {
    ($list:ident :: $type:ident $(, $headers:ident)?; $push:ident) => {
        /// Borrows the headers without copying a byte.
        impl<'v $(, const $headers: usize)?> Carrier<'v> for $list::$type<Header<'v> $(, $headers)?> {
            type Error = CarrierFull;

            fn headers(&self) -> impl Iterator<Item = Header<'_>> {
                self.iter().copied()
            }

            fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), CarrierFull> {
                let kept = keep_wanted(self, unwanted);
                self.truncate(kept);
                Ok(())
            }

            fn add(&mut self, header: Header<'v>) -> Result<(), CarrierFull> {
                self.$push(header).map_err(|_| CarrierFull)
            }
        }
    };
}

#[cfg(feature = "arrayvec")]
borrowing_carrier!(arrayvec::ArrayVec, HEADERS; try_push);
#[cfg(feature = "heapless")]
borrowing_carrier!(heapless::Vec, HEADERS; push);
#[cfg(feature = "heapless")]
borrowing_carrier!(heapless::VecView; push);

/// A header that owns its bytes: a name of at most `NAME` bytes and a value of at most `VALUE` bytes.
///
/// A `heapless::Vec` of these headers is a carrier. Firmware can fill it from a wire format and keep it.
///
#[cfg_attr(feature = "heapless", doc = "```")]
#[cfg_attr(not(feature = "heapless"), doc = "```ignore")]
/// # use tracebaton::*;
/// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
/// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
/// # let span_context = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED);
/// # let injection = Context::from(span_context).injection();
/// let mut headers: heapless::Vec<OwnedHeader<16, 64>, 4> = heapless::Vec::new();
/// inject(&injection, &mut headers)?;
/// assert_eq!(extract(headers.headers()).context().span_context, Some(span_context));
/// # Ok::<(), CarrierFull>(())
/// ```
#[cfg(feature = "heapless")]
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OwnedHeader<const NAME: usize, const VALUE: usize> {
    name: heapless::Vec<u8, NAME>,
    value: Option<heapless::Vec<u8, VALUE>>,
}

#[cfg(feature = "heapless")]
impl<const NAME: usize, const VALUE: usize> OwnedHeader<NAME, VALUE> {
    /// Copies a header. Returns [`CarrierFull`] if its name or its value does not fit.
    ///
    /// ```
    /// # use tracebaton::*;
    /// let header = Header::new("baggage", "tenant=7");
    /// assert_eq!(OwnedHeader::<16, 64>::copy(&header)?.as_borrowed(), header);
    /// assert_eq!(OwnedHeader::<16, 4>::copy(&header), Err(CarrierFull));
    /// # Ok::<(), CarrierFull>(())
    /// ```
    pub fn copy(header: &Header<'_>) -> Result<Self, CarrierFull> {
        Ok(Self {
            name: heapless::Vec::from_slice(header.name).map_err(|_| CarrierFull)?,
            value: match header.value {
                Some(value) => Some(heapless::Vec::from_slice(value).map_err(|_| CarrierFull)?),
                None => None,
            },
        })
    }

    /// The header, borrowed from this copy.
    pub fn as_borrowed(&self) -> Header<'_> {
        Header { name: &self.name, value: self.value.as_deref() }
    }
}

#[cfg(feature = "heapless")]
impl<const NAME: usize, const VALUE: usize> fmt::Debug for OwnedHeader<NAME, VALUE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_borrowed().fmt(f)
    }
}

#[cfg(feature = "heapless")]
macro_rules! copying_carrier {
    ($type:ident $(, $headers:ident)?) => {
        /// Copies each header that is added.
        impl<const NAME: usize, const VALUE: usize $(, const $headers: usize)?> Carrier<'_>
            for heapless::$type<OwnedHeader<NAME, VALUE> $(, $headers)?>
        {
            type Error = CarrierFull;

            fn headers(&self) -> impl Iterator<Item = Header<'_>> {
                self.iter().map(OwnedHeader::as_borrowed)
            }

            fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), CarrierFull> {
                self.retain(|header| !unwanted(&header.name));
                Ok(())
            }

            fn add(&mut self, header: Header<'_>) -> Result<(), CarrierFull> {
                self.push(OwnedHeader::copy(&header)?).map_err(|_| CarrierFull)
            }
        }
    };
}

#[cfg(feature = "heapless")]
copying_carrier!(Vec, HEADERS);
#[cfg(feature = "heapless")]
copying_carrier!(VecView);
