//! Writes an injection into an array of headers.

use crate::context::parent_status;
use crate::extract::tracebaton_headers_extract;
use crate::header::tracebaton_header_t;
use crate::injection::{Values, replaces, tracebaton_injection_t};
use crate::memory::{FIRST, FOURTH, Place, SECOND, THIRD, apart, cells, read, write};
use crate::status::{Outcome, status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::cell::Cell;
use core::mem::MaybeUninit;

/// @brief Writes an injection into an array of headers. Either all headers are written, or none.
///
/// Every header that the injection replaces is removed, in any letter case and however often it repeats. Then the
/// headers of the injection are added at the end, in the order traceparent, tracestate, baggage. All others keep
/// their order, their pointers and their bytes. Injecting twice gives the same array as injecting once.
///
/// @param injection The injection. The array then points into it: it must live until the array is no longer used.
/// @param headers (in, out) Headers of the record. May be NULL if \p capacity is 0.
/// @param header_count (in, out) Number of headers. At most TRACEBATON_MAX_HEADERS are added.
/// @param capacity Number of headers that the array has room for.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if the injection has no traceparent; its other replacements are
/// made. Negative: TRACEBATON_HEADERS_FULL if the array has no room for all headers; then the headers to replace are
/// removed, \p header_count is their new number, none are added, and the record can still be sent. TRACEBATON_OVERLAP
/// or TRACEBATON_INVALID_ARGUMENT, which change nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_inject(
    injection: *const tracebaton_injection_t,
    headers: *mut tracebaton_header_t,
    header_count: *mut usize,
    capacity: usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe { replace(injection, headers, header_count, capacity) })
}

/// @brief Calls tracebaton_headers_inject(), unless the record already has a valid traceparent, which is kept.
///
/// @param injection The injection; see tracebaton_headers_inject().
/// @param headers (in, out) Headers of the record; see tracebaton_headers_inject().
/// @param header_count (in, out) Number of headers; see tracebaton_headers_inject().
/// @param capacity Number of headers that the array has room for.
///
/// @returns the same statuses as tracebaton_headers_inject(), or TRACEBATON_KEPT if the record was not changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_inject_if_absent(
    injection: *const tracebaton_injection_t,
    headers: *mut tracebaton_header_t,
    header_count: *mut usize,
    capacity: usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        read(FIRST, injection)?;
        let (_, count) = array_of(injection, headers, header_count, capacity)?;
        let mut extracted = MaybeUninit::uninit();
        if tracebaton_headers_extract(headers, count, extracted.as_mut_ptr()) == TRACEBATON_OK.code() {
            return Ok(TRACEBATON_KEPT);
        }
        replace(injection, headers, header_count, capacity)
    })
}

/// @brief Removes every traceparent, tracestate and baggage header from an array, in any letter case.
///
/// All other headers keep their order, their pointers and their bytes. Injecting a context of zeros instead would
/// leave old headers in the record. tracebaton_headers_strip_formats() also removes the headers of other tracing
/// formats.
///
/// @param headers (in, out) Headers of the record. May be NULL if \p header_count is 0.
/// @param header_count (in, out) Number of headers.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_OVERLAP and TRACEBATON_INVALID_ARGUMENT, which change nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_strip(
    headers: *mut tracebaton_header_t,
    header_count: *mut usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let count = read(SECOND, header_count.cast_const())?;
        let array = cells(FIRST, headers, SECOND, count)?;
        apart(Place::of(array).overlaps(Place::at(header_count)))?;
        let kept = remove(array, count, |header| header.known_name().is_some());
        write(SECOND, header_count, kept).map(|()| TRACEBATON_OK)
    })
}

/// Removes the headers that an injection replaces from an array, then adds its own at the end: all or none.
///
/// # Safety
///
/// The same as for [`tracebaton_headers_inject`].
unsafe fn replace(
    injection: *const tracebaton_injection_t,
    headers: *mut tracebaton_header_t,
    header_count: *mut usize,
    capacity: usize,
) -> Outcome {
    // SAFETY: the caller's promise.
    unsafe {
        let values = Values::of(injection)?;
        let (array, count) = array_of(injection, headers, header_count, capacity)?;
        let kept = remove(array, count, |header| replaces(values.carries, header.known_name()));
        let (added, outcome) = match array.get(kept..).and_then(|rest| rest.get(..values.count())) {
            Some(places) => {
                values.write(places);
                (places.len(), Ok(parent_status(values.has_parent())))
            }
            None => (0, Err(TRACEBATON_HEADERS_FULL)),
        };
        write(THIRD, header_count, kept + added).and(outcome)
    }
}

/// The array to write into and its number of headers, after checking that they overlap no other argument.
///
/// # Safety
///
/// The same as for [`tracebaton_headers_inject`].
#[inline(always)]
unsafe fn array_of<'a>(
    injection: *const tracebaton_injection_t,
    headers: *mut tracebaton_header_t,
    header_count: *mut usize,
    capacity: usize,
) -> Result<(&'a [Cell<tracebaton_header_t>], usize), tracebaton_status> {
    // SAFETY: the caller's promise.
    let (array, count) =
        unsafe { (cells(SECOND, headers, FOURTH, capacity)?, read(THIRD, header_count.cast_const())?) };
    if count > array.len() {
        return Err(THIRD);
    }
    let (slots, injection, number) = (Place::of(array), Place::at(injection), Place::at(header_count));
    apart(slots.overlaps(injection) | slots.overlaps(number) | number.overlaps(injection))?;
    Ok((array, count))
}

/// Removes the `unwanted` headers among the first `count`. Returns the number of headers that remain.
fn remove(
    array: &[Cell<tracebaton_header_t>],
    count: usize,
    unwanted: impl Fn(&tracebaton_header_t) -> bool,
) -> usize {
    let kept = array.iter().take(count).map(Cell::get).filter(|header| !unwanted(header));
    array.iter().zip(kept).map(|(place, header)| place.set(header)).count()
}
