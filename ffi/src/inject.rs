//! An array of headers as a carrier.

use crate::header::{LONGEST_NAME, tracebaton_header_t};
use crate::injection::{borrowed, tracebaton_injection_t};
use crate::memory::{cells, read, write};
use crate::status::{Outcome, status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::cell::Cell;
use tracebaton::{Carrier, Header, Injected, Injection};

/// @brief Writes an injection into an array of headers: replaces what is there, all or none.
///
/// Every header whose name is carried is removed, whatever its letter case and however many there are. Then those of the
/// injection are added at the end, in the order traceparent, tracestate, baggage. All others keep their order, their
/// pointers and their bytes. Injecting twice equals injecting once.
///
/// @param injection The injection. The array then points into it: it must live until the array is no longer used.
/// @param headers (in, out) Headers of the record. May be NULL if \p capacity is 0.
/// @param header_count (in, out) Number of headers. There is always enough room for TRACEBATON_MAX_HEADERS more.
/// @param capacity Number of headers that the array has room for.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if the injection has no traceparent: what it replaces is replaced, and
/// one that replaces nothing changes nothing. Negative: TRACEBATON_HEADERS_FULL if there is no room for all of them; the array and
/// \p header_count are then without the headers that would have been replaced, and the record can still be sent.
/// TRACEBATON_INVALID_ARGUMENT, which changes nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_inject(
    injection: *const tracebaton_injection_t,
    headers: *mut tracebaton_header_t,
    header_count: *mut usize,
    capacity: usize,
) -> tracebaton_status_t {
    // SAFETY: the caller keeps the laws of the header.
    status_of(|| unsafe {
        change(injection, headers, header_count, capacity, |injection, array| {
            tracebaton::inject(injection, array).map(injection_status)
        })
    })
}

/// @brief tracebaton_headers_inject(), unless the record already has an accepted traceparent: the context of its creator
/// is kept.
///
/// @param injection As for tracebaton_headers_inject().
/// @param headers As for tracebaton_headers_inject().
/// @param header_count As for tracebaton_headers_inject().
/// @param capacity As for tracebaton_headers_inject().
///
/// @returns as tracebaton_headers_inject(), or TRACEBATON_KEPT if nothing was changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_inject_if_absent(
    injection: *const tracebaton_injection_t,
    headers: *mut tracebaton_header_t,
    header_count: *mut usize,
    capacity: usize,
) -> tracebaton_status_t {
    // SAFETY: the caller keeps the laws of the header.
    status_of(|| unsafe {
        change(injection, headers, header_count, capacity, |injection, array| {
            tracebaton::inject_if_absent(injection, array).map(injection_status)
        })
    })
}

pub(crate) fn injection_status(injected: Injected) -> tracebaton_status {
    match injected {
        Injected::Kept => TRACEBATON_KEPT,
        Injected::NoParent => TRACEBATON_NO_CONTEXT,
        _ => TRACEBATON_OK,
    }
}

/// @brief Removes traceparent, tracestate and baggage from an array of headers, in any letter case and number.
///
/// All other headers keep their order, their pointers and their bytes.
///
/// @param headers (in, out) Headers of the record. May be NULL if \p header_count is 0.
/// @param header_count (in, out) Number of headers.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT, which changes nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_strip(
    headers: *mut tracebaton_header_t,
    header_count: *mut usize,
) -> tracebaton_status_t {
    // SAFETY: the caller keeps the laws of the header.
    status_of(|| unsafe {
        let count = read(header_count)?;
        let mut array = Array::<LONGEST_NAME> { places: cells(headers, count)?, count };
        tracebaton::strip(&mut array)?;
        write(header_count, array.count).map(|()| TRACEBATON_OK)
    })
}

/// Changes an array, and tells its new count whether or not that fails.
///
/// # Safety
///
/// As [`tracebaton_headers_inject`].
#[inline(always)]
unsafe fn change<'a>(
    injection: *const tracebaton_injection_t,
    headers: *mut tracebaton_header_t,
    header_count: *mut usize,
    capacity: usize,
    body: impl FnOnce(&Injection<'a>, &mut Array<'a>) -> Outcome,
) -> Outcome {
    // SAFETY: the caller's promise.
    unsafe {
        let mut array =
            Array::<LONGEST_NAME> { places: cells(headers, capacity)?, count: read(header_count)? };
        if array.count > array.places.len() {
            return Err(TRACEBATON_INVALID_ARGUMENT);
        }
        let outcome = body(&borrowed(injection)?, &mut array);
        write(header_count, array.count).and(outcome)
    }
}

/// The caller's array, of which names of at most `LONGEST` bytes are looked at; cells, since an injection or a value may lie
/// in it.
pub(crate) struct Array<'a, const LONGEST: usize = LONGEST_NAME> {
    pub(crate) places: &'a [Cell<tracebaton_header_t>],
    pub(crate) count: usize,
}

// Each header that is borrowed below is one of the caller's, which keep the laws of the header while the array is in use.
impl<const LONGEST: usize> Carrier<'_> for Array<'_, LONGEST> {
    type Error = tracebaton_status;

    #[inline(always)]
    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        let headers = self.places.iter().take(self.count).map(Cell::get);
        // SAFETY: see above.
        headers.map(|header| unsafe {
            Header { name: header.name_of_at_most::<LONGEST>().unwrap_or_default(), value: header.value() }
        })
    }

    #[inline(always)]
    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), tracebaton_status> {
        let headers = self.places.iter().take(self.count).map(Cell::get);
        // SAFETY: see above.
        let kept =
            headers.filter(|header| !unsafe { header.name_of_at_most::<LONGEST>() }.is_some_and(&unwanted));
        self.count = self.places.iter().zip(kept).map(|(place, header)| place.set(header)).count();
        Ok(())
    }

    #[inline(always)]
    fn add(&mut self, header: Header<'_>) -> Result<(), tracebaton_status> {
        self.places.get(self.count).ok_or(TRACEBATON_HEADERS_FULL)?.set(tracebaton_header_t::written(header));
        self.count += 1;
        Ok(())
    }
}
