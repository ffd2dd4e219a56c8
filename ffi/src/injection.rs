//! Injections: the headers to write into a record.

use crate::context::{parent_status, text, tracebaton_context_t};
use crate::extract::tracebaton_extracted_t;
use crate::header::tracebaton_header_t;
use crate::memory::{FIRST, Place, SECOND, bytes, bytes_of, cells, exclusive, read, zeroed};
use crate::status::{Outcome, status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::cell::Cell;
use core::ffi::{c_char, c_int};
use core::ptr::null;
use tracebaton::{Baggage, HeaderName, Injection, InjectionParts, Reader, TraceParent, TraceState};

/// @brief Size in bytes of a traceparent that the library writes.
pub const TRACEBATON_TRACEPARENT_SIZE: usize = 55;
/// @brief Maximum count of headers that one injection adds to a record: traceparent, tracestate and baggage.
pub const TRACEBATON_MAX_HEADERS: usize = 3;
/// @brief Flag of an injection that replaces traceparent and tracestate.
pub const TRACEBATON_CARRIES_TRACE_CONTEXT: u8 = 1;
/// @brief Flag of an injection that replaces baggage.
pub const TRACEBATON_CARRIES_BAGGAGE: u8 = 2;

const _: () = assert!(TRACEBATON_TRACEPARENT_SIZE == TraceParent::LENGTH);

/// @brief The headers to write into a record, made by tracebaton_injection_prepare() or
/// tracebaton_injection_forward().
///
/// It contains the bytes of a traceparent and borrows the rest. It must stay at its address until the headers made
/// from it have been sent or copied. It may be written into any number of records. Read its fields, but do not change
/// them.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_injection_t {
    /// The traceparent, unless one is forwarded.
    pub traceparent: [c_char; TRACEBATON_TRACEPARENT_SIZE],
    /// Headers that are replaced: TRACEBATON_CARRIES_TRACE_CONTEXT, TRACEBATON_CARRIES_BAGGAGE, both or neither.
    pub carries: u8,
    /// Received traceparent that is forwarded, or NULL.
    pub forwarded_traceparent: *const c_char,
    /// Size in bytes of the traceparent, whether written or forwarded; 0 if there is none.
    pub traceparent_size: usize,
    /// The tracestate.
    pub tracestate: *const c_char,
    /// Size of the tracestate in bytes; 0 if there is none.
    pub tracestate_size: usize,
    /// The baggage.
    pub baggage: *const c_char,
    /// Size of the baggage in bytes; 0 if there is none.
    pub baggage_size: usize,
}

impl tracebaton_injection_t {
    /// Sets every field but the bytes of the traceparent.
    #[inline]
    fn set(&mut self, parts: &InjectionParts<'_>) {
        self.carries = carries(parts);
        self.traceparent_size = parts.traceparent.len();
        (self.tracestate, self.tracestate_size) = text(parts.tracestate);
        (self.baggage, self.baggage_size) = text(parts.baggage);
    }
}

/// The values of an injection in C's struct, in the order of [`HeaderName`].
#[derive(Clone, Copy)]
pub(crate) struct Values {
    pub(crate) carries: u8,
    traceparent: (*const c_char, usize),
    tracestate: (*const c_char, usize),
    baggage: (*const c_char, usize),
}

impl Values {
    /// Values that point into the injection and to what it borrows.
    ///
    /// # Safety
    ///
    /// The same as for [`read`]: the pointer is NULL, or points to an injection.
    #[inline(always)]
    pub(crate) unsafe fn of(injection: *const tracebaton_injection_t) -> Result<Self, tracebaton_status> {
        // SAFETY: the caller's promise.
        let prepared = unsafe { read(FIRST, injection) }?;
        let traceparent = if prepared.forwarded_traceparent.is_null() {
            // The struct begins with the bytes of the traceparent, so its address is theirs.
            (injection.cast(), prepared.traceparent_size.min(TRACEBATON_TRACEPARENT_SIZE))
        } else {
            (prepared.forwarded_traceparent, prepared.traceparent_size)
        };
        Ok(Self {
            carries: prepared.carries,
            traceparent,
            tracestate: (prepared.tracestate, prepared.tracestate_size),
            baggage: (prepared.baggage, prepared.baggage_size),
        })
    }

    /// Whether the injection writes a traceparent.
    pub(crate) fn has_parent(&self) -> bool {
        self.traceparent.1 > 0
    }

    /// Number of headers that the injection writes: those with a non-empty value.
    #[inline(always)]
    pub(crate) fn count(&self) -> usize {
        usize::from(self.traceparent.1 > 0)
            + usize::from(self.tracestate.1 > 0)
            + usize::from(self.baggage.1 > 0)
    }

    /// Writes the headers to the first places, one to each.
    #[inline(always)]
    pub(crate) fn write(&self, places: &[Cell<tracebaton_header_t>]) {
        let mut places = places.iter();
        for (name, (value, value_size)) in [
            (HeaderName::TraceParent, self.traceparent),
            (HeaderName::TraceState, self.tracestate),
            (HeaderName::Baggage, self.baggage),
        ] {
            if value_size > 0
                && let Some(place) = places.next()
            {
                place.set(tracebaton_header_t::named(name, value.cast(), value_size));
            }
        }
    }
}

/// Whether an injection with these flags replaces a header of this name.
#[inline(always)]
pub(crate) fn replaces(carries: u8, name: Option<HeaderName>) -> bool {
    name.is_some_and(|name| without_values(carries).replaces_name(name))
}

/// An injection with these flags and without values, which do not matter for what is replaced.
#[inline(always)]
fn without_values(carries: u8) -> Injection<'static> {
    Injection::from_validated_parts(InjectionParts {
        traceparent: &[],
        tracestate: &[],
        baggage: &[],
        replaces_trace_context: carries & TRACEBATON_CARRIES_TRACE_CONTEXT != 0,
        replaces_baggage: carries & TRACEBATON_CARRIES_BAGGAGE != 0,
    })
}

fn carries(parts: &InjectionParts<'_>) -> u8 {
    let trace_context = if parts.replaces_trace_context { TRACEBATON_CARRIES_TRACE_CONTEXT } else { 0 };
    trace_context | if parts.replaces_baggage { TRACEBATON_CARRIES_BAGGAGE } else { 0 }
}

/// @brief Prepares the injection that makes a context the parent of the record's consumer.
///
/// The context is checked, so the result is always valid: a traceparent of version 00, and no tracestate or baggage
/// without members.
///
/// All three headers of the record are replaced: if \p context has no tracestate or no baggage, the record's old
/// tracestate or baggage is removed. A context without a span context replaces less: the record's traceparent and
/// tracestate stay, and its baggage is replaced only if \p context has baggage.
///
/// @param context The context.
/// @param injection (out) The injection. It borrows the tracestate and the baggage of \p context, not the struct
/// itself.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context. Negative:
/// TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_prepare(
    context: *const tracebaton_context_t,
    injection: *mut tracebaton_injection_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let context = tracebaton_context_t::validated(FIRST, context)?;
        let prepared = zeroed(SECOND, injection)?;
        let parts = context.injection_parts(bytes_of(&mut prepared.traceparent));
        prepared.carries = carries(&parts);
        prepared.traceparent_size = parts.traceparent.len();
        (prepared.tracestate, prepared.tracestate_size) = text(parts.tracestate);
        (prepared.baggage, prepared.baggage_size) = text(parts.baggage);
        Ok(parent_status(context.span_context.is_some()))
    })
}

/// @brief Prepares the injection for a relay without a span of its own: it forwards accepted values byte for byte.
///
/// All three headers are replaced, so a refused value is never forwarded. A relay that has a span writes a child
/// instead: see tracebaton_context_child_or_root().
///
/// @param extracted Result of extracting from the received record. Its traceparent_value and the tracestate and
/// baggage of its context are forwarded. They are checked again if they were changed.
/// @param injection (out) The injection. It borrows the record's values.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no traceparent was accepted: then traceparent and tracestate
/// are removed, and baggage is written if there is any. Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that \p
/// extracted breaks because it was changed in between.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_forward(
    extracted: *const tracebaton_extracted_t,
    injection: *mut tracebaton_injection_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let given = read(FIRST, extracted)?;
        let values = [
            bytes(FIRST, given.traceparent_value, FIRST, given.traceparent_value_size)?,
            bytes(FIRST, given.context.tracestate, FIRST, given.context.tracestate_size)?,
            bytes(FIRST, given.context.baggage, FIRST, given.context.baggage_size)?,
        ];
        let core = if given.is_checked() { forward_accepted(values) } else { forward_unknown(values)? };
        let parts = core.parts();
        let prepared = zeroed(SECOND, injection)?;
        prepared.set(&parts);
        prepared.forwarded_traceparent = text(parts.traceparent).0;
        Ok(parent_status(!parts.traceparent.is_empty()))
    })
}

/// Forwards values that were accepted.
#[inline]
fn forward_accepted([traceparent, tracestate, baggage]: [&[u8]; 3]) -> Injection<'_> {
    let state = if traceparent.is_empty() { &[] } else { tracestate };
    Injection::forward_validated(
        traceparent,
        TraceState::from_validated(state),
        Baggage::from_validated(baggage),
    )
}

/// Forwards values that are to be checked.
#[inline(never)]
fn forward_unknown<'a>(values: [&'a [u8]; 3]) -> Result<Injection<'a>, tracebaton_status> {
    let found = |value: &'a [u8]| (!value.is_empty()).then_some((0, value));
    let extracted = Reader { last: values.map(found), header_count: 0 }.finish_small();
    if let Some(error) = extracted.traceparent.error() {
        return Err((*error).into());
    }
    if let Some(error) = extracted.tracestate.error() {
        return Err((*error).into());
    }
    match extracted.baggage.error() {
        Some(error) => Err((*error).into()),
        None => Ok(extracted.forward()),
    }
}

/// @brief Restricts an injection to traceparent and tracestate: the record's baggage stays unchanged.
///
/// @param injection (in, out) The injection.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_trace_context_only(
    injection: *mut tracebaton_injection_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe { restrict(injection, Injection::trace_context_only) })
}

/// @brief Restricts an injection to baggage: the record's traceparent and tracestate stay unchanged.
///
/// After tracebaton_injection_trace_context_only() it leaves an injection that changes nothing.
///
/// @param injection (in, out) The injection.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_baggage_only(
    injection: *mut tracebaton_injection_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe { restrict(injection, Injection::baggage_only) })
}

/// # Safety
///
/// The same as for [`exclusive`].
unsafe fn restrict(
    injection: *mut tracebaton_injection_t,
    restricted: impl FnOnce(Injection<'static>) -> Injection<'static>,
) -> Outcome {
    // SAFETY: the caller's promise.
    let prepared = unsafe { exclusive(FIRST, injection) }?;
    let left = restricted(without_values(prepared.carries));
    prepared.carries = carries(&left.parts());
    if !left.replaces_name(HeaderName::TraceParent) {
        (prepared.forwarded_traceparent, prepared.traceparent_size) = (null(), 0);
        (prepared.tracestate, prepared.tracestate_size) = (null(), 0);
    }
    if !left.replaces_name(HeaderName::Baggage) {
        (prepared.baggage, prepared.baggage_size) = (null(), 0);
    }
    Ok(TRACEBATON_OK)
}

/// @brief Gives the headers to add to a record, for header lists other than an array of tracebaton_header_t.
///
/// First remove every header for which tracebaton_injection_replaces() returns 1, then add these.
///
/// @param injection The injection.
/// @param headers (out) Array of TRACEBATON_MAX_HEADERS headers. They point into \p injection and to what it borrows;
/// their names end with a NUL and live as long as the program.
///
/// @returns the number of headers, 0 to 3. Returns 0 for an invalid pointer too, and if \p headers overlaps \p
/// injection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_headers(
    injection: *const tracebaton_injection_t,
    headers: *mut tracebaton_header_t,
) -> usize {
    // SAFETY: the caller obeys the laws of the header.
    unsafe {
        let (Ok(values), Ok(places)) =
            (Values::of(injection), cells(SECOND, headers, SECOND, TRACEBATON_MAX_HEADERS))
        else {
            return 0;
        };
        if Place::of(places).overlaps(Place::at(injection)) {
            return 0;
        }
        values.write(places);
        values.count()
    }
}

/// @brief Tells whether a header must be removed before the headers of an injection are added. Letter case does not
/// matter.
///
/// @param injection The injection.
/// @param name Name of the header. May be NULL if \p name_size is 0.
/// @param name_size Size of the name in bytes: strlen(name) for a string.
///
/// @returns 1 if the header must be removed, otherwise 0. Returns 0 for an invalid pointer too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_replaces(
    injection: *const tracebaton_injection_t,
    name: *const c_char,
    name_size: usize,
) -> c_int {
    let header = tracebaton_header_t { name, name_size, ..tracebaton_header_t::EMPTY };
    // SAFETY: the caller obeys the laws of the header.
    unsafe {
        read(FIRST, injection)
            .map_or(0, |prepared| c_int::from(replaces(prepared.carries, header.known_name())))
    }
}
