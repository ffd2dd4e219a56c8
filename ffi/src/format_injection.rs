//! Writes a context in several formats.

use crate::context::{parent_status, tracebaton_context_t};
use crate::formats::{Array, formats_from, sampling_from, tracebaton_formats_t, tracebaton_sampling_t};
use crate::header::tracebaton_header_t;
use crate::memory::{Argument, FIFTH, FIRST, FOURTH, Place, SECOND, THIRD, apart, bytes, cells, read, write};
use crate::status::{status_of, tracebaton_status, tracebaton_status_t};
use core::ffi::{c_char, c_int};
use tracebaton::formats::{FormatInjection, format_of};
use tracebaton::{Carrier, Header, HeaderName, Injected};

/// @brief Maximum count of headers that one injection in several formats adds to a record.
pub const TRACEBATON_MAX_FORMAT_HEADERS: usize = 15;

/// @brief Size in bytes of the text inside an injection in several formats.
pub const TRACEBATON_FORMAT_TEXT_SIZE: usize = 328;

/// @brief The headers to write into a record in several formats, made by tracebaton_format_injection_prepare().
///
/// It contains the bytes of all values but tracestate and baggage, which it borrows. It must stay at its address
/// until the headers made from it have been sent or copied. Only this library may access the fields.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_format_injection_t {
    /// The context.
    pub context: tracebaton_context_t,
    /// Formats that are written.
    pub written: tracebaton_formats_t,
    /// Further formats whose headers are removed.
    pub replaced: tracebaton_formats_t,
    /// Sampling decision: one of enum tracebaton_sampling.
    pub sampling: tracebaton_sampling_t,
    /// Size of the values in \p text, in bytes.
    pub text_size: u32,
    /// The values, one after the other.
    pub text: [c_char; TRACEBATON_FORMAT_TEXT_SIZE],
}

impl tracebaton_format_injection_t {
    /// # Safety
    ///
    /// The pointers of the context obey the laws of the header for `'a`.
    unsafe fn prepared<'a>(&self, sampling: Argument) -> Result<FormatInjection<'a>, tracebaton_status> {
        // SAFETY: the caller's promise.
        let context = unsafe { tracebaton_context_t::validated_shared(FIRST, &self.context) }?;
        let injection = FormatInjection::new(&context, formats_from(self.written));
        let injection = injection.replacing(formats_from(self.replaced));
        Ok(match sampling_from(self.sampling, sampling)? {
            Some(sampling) => injection.sampling(sampling),
            None => injection,
        })
    }
}

/// Whether the struct owns the bytes of a header's value.
fn is_owned(header: &Header<'_>) -> bool {
    !matches!(HeaderName::of(header.name), Some(HeaderName::TraceState | HeaderName::Baggage))
}

/// @brief Prepares the injection that makes a context the parent of the record's consumer, in several formats.
///
/// The formats that can be written are TRACEBATON_FORMAT_TRACECONTEXT, _BAGGAGE, _B3, _B3MULTI, _JAEGER, _DATADOG and
/// _INSTANA; others are ignored. Each replaces its own headers, in any letter case.
///
/// @param context The context.
/// @param written The formats to write.
/// @param replaced Further formats whose headers are removed, such as TRACEBATON_FORMATS_ALL; 0 for none.
/// @param sampling TRACEBATON_SAMPLING_NONE to use the sampled flag of \p context, or a decision that the flag cannot
/// express.
/// @param injection (out) The injection. It borrows the tracestate and the baggage of \p context, not the struct
/// itself.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then only baggage is written, and
/// the headers of the formats in \p replaced are removed. Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that \p
/// context breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_format_injection_prepare(
    context: *const tracebaton_context_t,
    written: tracebaton_formats_t,
    replaced: tracebaton_formats_t,
    sampling: tracebaton_sampling_t,
    injection: *mut tracebaton_format_injection_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let context = read(FIRST, context)?;
        let has_span = tracebaton_context_t::validated_shared(FIRST, &context)?.span_context.is_some();
        let (text_size, text) = (0, [0; TRACEBATON_FORMAT_TEXT_SIZE]);
        let mut prepared =
            tracebaton_format_injection_t { context, written, replaced, sampling, text_size, text };
        let core = prepared.prepared(FOURTH)?;
        let owned = core.headers().filter(is_owned).filter_map(|header| header.value).flatten();
        let places = prepared.text.iter_mut().zip(owned);
        prepared.text_size = places.map(|(place, byte)| *place = *byte as c_char).count() as u32;
        write(FIFTH, injection, prepared).map(|()| parent_status(has_span))
    })
}

/// @brief Tells whether a header must be removed before the headers of an injection in several formats are added.
///
/// For header lists other than arrays. The headers to add are those that tracebaton_headers_inject_formats() writes into
/// an empty array.
///
/// @param injection The injection.
/// @param name Name of the header. May be NULL if \p name_size is 0.
/// @param name_size Its size, in bytes: strlen(name) for a string.
///
/// @returns 1 if it must be removed, otherwise 0; also 0 for an invalid pointer or injection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_format_injection_replaces(
    injection: *const tracebaton_format_injection_t,
    name: *const c_char,
    name_size: usize,
) -> c_int {
    // SAFETY: the caller obeys the laws of the header.
    unsafe {
        let name = bytes(SECOND, name, THIRD, name_size).unwrap_or_default();
        if format_of(name).is_none() {
            return 0;
        }
        let prepared = read(FIRST, injection).and_then(|given| given.prepared(FIRST));
        prepared.map_or(0, |prepared| c_int::from(prepared.replaces(name)))
    }
}

/// @brief Writes an injection in several formats into an array of headers. Either all headers are written, or none.
///
/// Works like tracebaton_headers_inject(). The headers of W3C come first, then those of the other formats in the
/// order of enum tracebaton_format.
///
/// @param injection The injection. The array then points into it: it must live until the array is no longer used.
/// @param headers (in, out) Headers of the record. May be NULL if \p capacity is 0.
/// @param header_count (in, out) Number of headers. At most TRACEBATON_MAX_FORMAT_HEADERS are added.
/// @param capacity Number of headers that the array has room for.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no span context was written. Negative: TRACEBATON_HEADERS_FULL
/// if the array has no room for all headers; then the headers to replace are removed, \p header_count is their new
/// number, none are added, and the record can still be sent. TRACEBATON_INVALID_ARGUMENT, which changes nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_inject_formats(
    injection: *const tracebaton_format_injection_t,
    headers: *mut tracebaton_header_t,
    header_count: *mut usize,
    capacity: usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let given = read(FIRST, injection)?;
        let text_size = TRACEBATON_FORMAT_TEXT_SIZE.min(given.text_size as usize);
        let text = bytes(FIRST, &raw const (*injection).text, FIRST, text_size)?;
        let places = cells(SECOND, headers, FOURTH, capacity)?;
        let array = Array { places, count: read(THIRD, header_count.cast_const())? };
        if array.count > places.len() {
            return Err(THIRD);
        }
        let (slots, injection, number) = (Place::of(places), Place::at(injection), Place::at(header_count));
        apart(slots.overlaps(injection) || slots.overlaps(number) || number.overlaps(injection))?;
        let mut record = Record { array, text };
        let outcome = match tracebaton::formats::inject(&given.prepared(FIRST)?, &mut record) {
            Ok(injected) => Ok(parent_status(injected == Injected::Parent)),
            Err(status) => Err(status),
        };
        write(THIRD, header_count, record.array.count).and(outcome)
    })
}

/// Carrier over the caller's array. Values that an injection owns are added as pointers into the text of the struct.
struct Record<'a> {
    array: Array<'a>,
    text: &'a [u8],
}

impl Carrier<'_> for Record<'_> {
    type Error = tracebaton_status;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.array.headers()
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), tracebaton_status> {
        self.array.remove(unwanted)
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), tracebaton_status> {
        let Some(value) = header.value.filter(|_| is_owned(&header)) else { return self.array.add(header) };
        let (value, rest) = self.text.split_at_checked(value.len()).ok_or(FIRST)?;
        self.text = rest;
        self.array.add(Header { value: Some(value), ..header })
    }
}
