//! What a record is to carry.

use crate::context::{parent_status, text, tracebaton_context_t};
use crate::extract::tracebaton_extracted_t;
use crate::header::tracebaton_header_t;
use crate::memory::{FIRST, Place, SECOND, bytes, cells, exclusive, read, zeroed};
use crate::status::{Outcome, status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::cell::Cell;
use core::ffi::{c_char, c_int};
use core::ptr::null;
use tracebaton::{Baggage, HeaderName, Injection, InjectionParts, Reader, TraceParent, TraceState, Verdict};

/// @brief Size of a traceparent as the library writes it, in bytes.
pub const TRACEBATON_TRACEPARENT_SIZE: usize = 55;
/// @brief Most headers that are added to one record: traceparent, tracestate and baggage.
pub const TRACEBATON_MAX_HEADERS: usize = 3;
/// @brief Flag of an injection: traceparent and tracestate are replaced.
pub const TRACEBATON_CARRIES_TRACE_CONTEXT: u8 = 1;
/// @brief Flag of an injection: baggage is replaced.
pub const TRACEBATON_CARRIES_BAGGAGE: u8 = 2;

const _: () = assert!(TRACEBATON_TRACEPARENT_SIZE == TraceParent::LENGTH);

/// @brief What one record is to carry, from tracebaton_injection_prepare() or tracebaton_injection_forward().
///
/// It holds the bytes of a traceparent and borrows the rest. It must stay where it is until the headers that were made from
/// it are sent or copied. It may be written into any number of records. Its fields are for reading.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_injection_t {
    /// The traceparent, unless one is forwarded.
    pub traceparent: [c_char; TRACEBATON_TRACEPARENT_SIZE],
    /// Which headers are replaced: TRACEBATON_CARRIES_TRACE_CONTEXT, TRACEBATON_CARRIES_BAGGAGE, both or neither.
    pub carries: u8,
    /// The traceparent that is forwarded as it came, or NULL.
    pub forwarded_traceparent: *const c_char,
    /// Size of whichever traceparent it is, in bytes; 0: there is none.
    pub traceparent_size: usize,
    /// The tracestate.
    pub tracestate: *const c_char,
    /// Its size, in bytes; 0: there is none.
    pub tracestate_size: usize,
    /// The baggage.
    pub baggage: *const c_char,
    /// Its size, in bytes; 0: there is none.
    pub baggage_size: usize,
}

impl tracebaton_injection_t {
    /// All but the bytes of the traceparent.
    #[inline]
    fn set(&mut self, parts: &InjectionParts<'_>) {
        self.carries = carries(parts);
        self.traceparent_size = parts.traceparent.len();
        (self.tracestate, self.tracestate_size) = text(parts.tracestate);
        (self.baggage, self.baggage_size) = text(parts.baggage);
    }
}

/// The values of an injection that C holds, in the order of [`HeaderName`].
#[derive(Clone, Copy)]
pub(crate) struct Values {
    pub(crate) carries: u8,
    traceparent: (*const c_char, usize),
    tracestate: (*const c_char, usize),
    baggage: (*const c_char, usize),
}

impl Values {
    /// They point to and through the injection.
    ///
    /// # Safety
    ///
    /// As [`read`]: the pointer is NULL, or the injection is there.
    #[inline(always)]
    pub(crate) unsafe fn of(injection: *const tracebaton_injection_t) -> Result<Self, tracebaton_status> {
        // SAFETY: the caller's promise.
        let prepared = unsafe { read(FIRST, injection) }?;
        let traceparent = if prepared.forwarded_traceparent.is_null() {
            // The struct begins with the bytes of the traceparent.
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

    /// Whether a traceparent is written.
    pub(crate) fn has_parent(&self) -> bool {
        self.traceparent.1 > 0
    }

    /// How many headers are written: those whose value has a byte.
    #[inline(always)]
    pub(crate) fn count(&self) -> usize {
        usize::from(self.traceparent.1 > 0)
            + usize::from(self.tracestate.1 > 0)
            + usize::from(self.baggage.1 > 0)
    }

    /// Writes the headers to as many places.
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

/// Whether an injection that carries this replaces a header of this name.
#[inline(always)]
pub(crate) fn replaces(carries: u8, name: Option<HeaderName>) -> bool {
    name.is_some_and(|name| without_values(carries).replaces_name(name))
}

/// An injection that carries this, without its values, which do not matter for what is replaced.
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
/// The context is checked, so that what is written is always valid: a traceparent of version 00, and no tracestate and no
/// baggage without members.
///
/// @param context The context.
/// @param injection (out) The injection. It borrows the tracestate and the baggage of \p context, not the struct itself.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then only baggage is replaced, if the
/// context has any, and traceparent and tracestate of the record stay. Negative: what is wrong with \p context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_prepare(
    context: *const tracebaton_context_t,
    injection: *mut tracebaton_injection_t,
) -> tracebaton_status_t {
    // SAFETY: the caller keeps the laws of the header.
    status_of(|| unsafe {
        let context = read(FIRST, context)?.validate(FIRST)?;
        let core = context.injection();
        let parts = core.parts();
        let prepared = zeroed(SECOND, injection)?;
        prepared.set(&parts);
        if let Some(formatted) = parts.traceparent.first_chunk() {
            prepared.traceparent = formatted.map(|byte| byte as c_char);
        }
        Ok(parent_status(context.span_context.is_some()))
    })
}

/// @brief Prepares the injection of a relay without a span of its own: accepted values byte for byte, refused ones removed.
///
/// All three headers are replaced, so that nothing but the accepted values is sent. A relay that has a span writes a child
/// instead: tracebaton_context_child_or_root().
///
/// @param extracted What was extracted from the record: its traceparent_value, and the tracestate and baggage of its
/// context are forwarded. They are checked again if they were changed.
/// @param injection (out) The injection. It borrows the record's values.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no traceparent was accepted: then only baggage is written, if there
/// is any, and traceparent and tracestate are removed. Negative: \p extracted was changed since, and what is wrong with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_forward(
    extracted: *const tracebaton_extracted_t,
    injection: *mut tracebaton_injection_t,
) -> tracebaton_status_t {
    // SAFETY: the caller keeps the laws of the header.
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
fn forward_unknown(values: [&[u8]; 3]) -> Result<Injection<'_>, tracebaton_status> {
    let last = values.map(|value| (!value.is_empty()).then_some((0, value)));
    let found = Reader { last, header_count: 0 }.finish();
    refused(&found.traceparent)?;
    refused(&found.tracestate)?;
    refused(&found.baggage)?;
    Ok(found.forward())
}

fn refused<T, E: Copy>(verdict: &Verdict<T, E>) -> Result<(), tracebaton_status>
where
    tracebaton_status: From<E>,
{
    match verdict {
        Verdict::Refused { error, .. } => Err((*error).into()),
        Verdict::Absent | Verdict::Accepted { .. } => Ok(()),
    }
}

/// @brief Restricts an injection to traceparent and tracestate: a record's baggage is neither replaced nor removed.
///
/// @param injection (in, out) The injection.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_trace_context_only(
    injection: *mut tracebaton_injection_t,
) -> tracebaton_status_t {
    // SAFETY: the caller keeps the laws of the header.
    status_of(|| unsafe { restrict(injection, Injection::trace_context_only) })
}

/// @brief Restricts an injection to baggage: a record's traceparent and tracestate are neither replaced nor removed.
///
/// After tracebaton_injection_trace_context_only() nothing is left, and the record is not changed.
///
/// @param injection (in, out) The injection.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_baggage_only(
    injection: *mut tracebaton_injection_t,
) -> tracebaton_status_t {
    // SAFETY: the caller keeps the laws of the header.
    status_of(|| unsafe { restrict(injection, Injection::baggage_only) })
}

/// # Safety
///
/// As [`exclusive`].
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

/// @brief Gives the headers to add to a record, for a program whose headers are not an array of tracebaton_header_t.
///
/// Before they are added, remove those that tracebaton_injection_replaces().
///
/// @param injection The injection.
/// @param headers (out) Room for TRACEBATON_MAX_HEADERS headers. They point into \p injection and what it borrows; their
/// names end with a NUL and live as long as the program.
///
/// @returns the number of headers, 0 to 3; also 0 for an invalid pointer, and if \p headers overlaps \p injection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_headers(
    injection: *const tracebaton_injection_t,
    headers: *mut tracebaton_header_t,
) -> usize {
    // SAFETY: the caller keeps the laws of the header.
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

/// @brief Tells whether a header must be removed before those of an injection are added, by its name in any letter case.
///
/// @param injection The injection.
/// @param name Name of the header. May be NULL if \p name_size is 0.
/// @param name_size Its size, in bytes: strlen(name) for a string.
///
/// @returns 1 if it must be removed, otherwise 0; also 0 for an invalid pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_replaces(
    injection: *const tracebaton_injection_t,
    name: *const c_char,
    name_size: usize,
) -> c_int {
    let header = tracebaton_header_t { name, name_size, ..tracebaton_header_t::EMPTY };
    // SAFETY: the caller keeps the laws of the header.
    unsafe {
        read(FIRST, injection)
            .map_or(0, |prepared| c_int::from(replaces(prepared.carries, header.known_name())))
    }
}
