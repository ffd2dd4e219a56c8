//! Ready-made carriers of fixed capacity.

use crate::headers::Header;
use crate::injection::Carrier;
use core::fmt;

/// A carrier of fixed capacity has no room for another header (W6).
///
/// ```
/// # use tracebaton::*;
/// # let context = extract([Header::new("baggage", "tenant=7")]).context();
/// # let injection = context.injection();
/// let mut full = heapless::Vec::<Header, 1>::from_array([Header::new("key", "value")]);
/// assert_eq!(inject(&injection, &mut full), Err(CarrierFull));
/// assert_eq!(full.len(), 1); // and it can be sent
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CarrierFull;

impl fmt::Display for CarrierFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no room for another header")
    }
}

impl core::error::Error for CarrierFull {}

macro_rules! borrowing_carrier {
    ($feature:literal, $list:ident :: $type:ident, $push:ident) => {
        /// Headers that are borrowed: no byte is copied.
        #[cfg(feature = $feature)]
        impl<'v, const HEADERS: usize> Carrier<'v> for $list::$type<Header<'v>, HEADERS> {
            type Error = CarrierFull;

            fn headers(&self) -> impl Iterator<Item = Header<'_>> {
                self.iter().copied()
            }

            fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), CarrierFull> {
                self.retain(|header| !unwanted(header.name));
                Ok(())
            }

            fn add(&mut self, header: Header<'v>) -> Result<(), CarrierFull> {
                self.$push(header).map_err(|_| CarrierFull)
            }
        }
    };
}

borrowing_carrier!("arrayvec", arrayvec::ArrayVec, try_push);
borrowing_carrier!("heapless", heapless::Vec, push);

/// A header that owns its bytes: at most `NAME` of name and `VALUE` of value.
///
/// A `heapless::Vec` of them is a carrier, which firmware can fill from a wire and keep.
///
/// ```
/// # use tracebaton::*;
/// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
/// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
/// # let span_context = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED);
/// # let injection = Context { span_context: Some(span_context), ..Context::default() }.injection();
/// let mut headers: heapless::Vec<OwnedHeader<16, 64>, 4> = heapless::Vec::new();
/// inject(&injection, &mut headers)?;
/// assert_eq!(extract(headers.headers()).context().span_context, Some(span_context));
/// # Ok::<(), CarrierFull>(())
/// ```
#[cfg(feature = "heapless")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnedHeader<const NAME: usize, const VALUE: usize> {
    /// Its name.
    pub name: heapless::Vec<u8, NAME>,
    /// Its value; none is Kafka's null.
    pub value: Option<heapless::Vec<u8, VALUE>>,
}

#[cfg(feature = "heapless")]
impl<const NAME: usize, const VALUE: usize> OwnedHeader<NAME, VALUE> {
    /// Copies a header, if both its parts fit.
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

    /// The header, borrowed.
    pub fn as_borrowed(&self) -> Header<'_> {
        Header { name: &self.name, value: self.value.as_deref() }
    }
}

/// Headers that are copied.
#[cfg(feature = "heapless")]
impl<const NAME: usize, const VALUE: usize, const HEADERS: usize> Carrier<'_>
    for heapless::Vec<OwnedHeader<NAME, VALUE>, HEADERS>
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
