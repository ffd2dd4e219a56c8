//! Putting what a record is to carry into its headers.

use crate::extract::tracebaton_extract;
use crate::header::Header;
use crate::injection::{PreparedInjection, TRACEBATON_MAX_HEADERS, TRACEBATON_TRACEPARENT_SIZE};
use crate::memory::{cells, read, write};
use crate::status::{Answer, Status, StatusCode, answer};
use core::cell::Cell;
use core::ffi::{c_char, c_int};
use core::mem::MaybeUninit;
use tracebaton::HeaderName;

/// @brief Puts an injection into an array of headers: replaces what is there, all or none.
///
/// Every header whose name is carried goes, whatever its letter case and however many there are; then those of the
/// injection are added at the end, in the order traceparent, tracestate, baggage. All others keep their order, their
/// pointers and their bytes. Injecting twice equals injecting once.
///
/// @param injection What to carry. The array then points into it: it must live until the array is done with.
/// @param headers (in, out) The record's headers. May be NULL if \p capacity is 0.
/// @param header_count (in, out) How many there are. TRACEBATON_MAX_HEADERS more is always room enough.
/// @param capacity How many headers the array has room for.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_HEADERS_FULL if there is no room for all of them; the array, and
/// \p header_count, are then without the headers that would have been replaced, so that the record can still be sent.
/// TRACEBATON_INVALID_ARGUMENT, which changes nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_inject(
    injection: *const PreparedInjection,
    headers: *mut Header,
    header_count: *mut usize,
    capacity: usize,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe { replace(injection, headers, header_count, capacity) })
}

/// @brief tracebaton_inject(), unless the record already has a traceparent that is accepted: then the context that its
/// creator gave it is kept.
///
/// @param injection As for tracebaton_inject().
/// @param headers As for tracebaton_inject().
/// @param header_count As for tracebaton_inject().
/// @param capacity As for tracebaton_inject().
///
/// @returns as tracebaton_inject(), or TRACEBATON_KEPT if nothing was changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_inject_if_absent(
    injection: *const PreparedInjection,
    headers: *mut Header,
    header_count: *mut usize,
    capacity: usize,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let count = read(header_count)?;
        let mut extracted = MaybeUninit::uninit();
        if count <= capacity
            && tracebaton_extract(headers, count, extracted.as_mut_ptr()) == Status::TRACEBATON_OK.code()
        {
            return Ok(Status::TRACEBATON_KEPT);
        }
        replace(injection, headers, header_count, capacity)
    })
}

/// Removes what is carried from an array, and adds it at the end.
///
/// # Safety
///
/// As [`tracebaton_inject`].
unsafe fn replace(
    injection: *const PreparedInjection,
    headers: *mut Header,
    header_count: *mut usize,
    capacity: usize,
) -> Answer {
    // SAFETY: the caller's promise.
    unsafe {
        let array = cells(headers, capacity)?;
        let count = read(header_count)?;
        if count > array.len() {
            return Err(Status::TRACEBATON_INVALID_ARGUMENT);
        }
        let (prepared, new, new_count) = headers_of(injection)?;
        let kept = remove(array, count, |header| prepared.replaces(header.ours()));
        let (added, answer) = add(array, kept, new.get(..new_count).unwrap_or_default());
        write(header_count, kept + added).and(answer)
    }
}

/// Removes the headers that are `unwanted` from the first `count`; how many are left.
fn remove(array: &[Cell<Header>], count: usize, unwanted: impl Fn(&Header) -> bool) -> usize {
    let kept = array.iter().take(count).map(Cell::get).filter(|header| !unwanted(header));
    array.iter().zip(kept).map(|(place, header)| place.set(header)).count()
}

/// Adds headers after the first `count`, all or none; how many were added.
fn add(array: &[Cell<Header>], count: usize, headers: &[Header]) -> (usize, Answer) {
    let Some(places) = array.get(count..).and_then(|rest| rest.get(..headers.len())) else {
        return (0, Err(Status::TRACEBATON_HEADERS_FULL));
    };
    for (place, header) in places.iter().zip(headers) {
        place.set(*header);
    }
    (headers.len(), Ok(Status::TRACEBATON_OK))
}

/// @brief The headers to add to a record, for a program whose headers are not an array of tracebaton_header_t.
///
/// Before they are added, remove those that tracebaton_injection_replaces().
///
/// @param injection What to carry.
/// @param headers (out) Room for TRACEBATON_MAX_HEADERS headers. They point into \p injection and what it borrows; their
/// names end with a NUL and live as long as the program.
///
/// @returns how many there are, 0 to 3; also 0 if a pointer is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_headers(
    injection: *const PreparedInjection,
    headers: *mut Header,
) -> usize {
    // SAFETY: the caller keeps the laws of the header.
    unsafe {
        let (Ok((_, new, count)), Ok(places)) =
            (headers_of(injection), cells(headers, TRACEBATON_MAX_HEADERS))
        else {
            return 0;
        };
        places.iter().zip(new).take(count).for_each(|(place, header)| place.set(header));
        count
    }
}

/// @brief Whether a header has to go before those of an injection are added, by its name in any letter case.
///
/// @param injection What to carry.
/// @param name The header's name. May be NULL if \p name_size is 0.
/// @param name_size Its size, in bytes: strlen(name) for a string.
///
/// @returns 1 if it has to go, otherwise 0; also 0 if \p injection is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_replaces(
    injection: *const PreparedInjection,
    name: *const c_char,
    name_size: usize,
) -> c_int {
    // SAFETY: the caller keeps the laws of the header.
    unsafe {
        let header = Header { name, name_size, ..Header::EMPTY };
        read(injection).map_or(0, |prepared| c_int::from(prepared.replaces(header.ours())))
    }
}

/// The headers to add, with pointers to and through the injection that C holds.
///
/// # Safety
///
/// As [`read`]: the pointer is NULL, or the injection is there.
#[inline]
unsafe fn headers_of(
    injection: *const PreparedInjection,
) -> Result<(PreparedInjection, [Header; 3], usize), Status> {
    // SAFETY: the caller's promise.
    let prepared = unsafe { read(injection) }?;
    let (traceparent, traceparent_size) = if prepared.forwarded_traceparent.is_null() {
        (injection.cast(), prepared.traceparent_size.min(TRACEBATON_TRACEPARENT_SIZE))
    } else {
        (prepared.forwarded_traceparent, prepared.traceparent_size)
    };
    let mut headers = [Header::EMPTY; TRACEBATON_MAX_HEADERS];
    let mut count = 0;
    for (name, value, value_size) in [
        (HeaderName::TraceParent, traceparent, traceparent_size),
        (HeaderName::TraceState, prepared.tracestate, prepared.tracestate_size),
        (HeaderName::Baggage, prepared.baggage, prepared.baggage_size),
    ] {
        if value_size > 0
            && let Some(header) = headers.get_mut(count)
        {
            *header = Header::named(name, value.cast(), value_size);
            count += 1;
        }
    }
    Ok((prepared, headers, count))
}
