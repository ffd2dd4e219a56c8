//! Trace ids and span ids: made from random bytes, converted from and to hexadecimal.

use crate::memory::{FIRST, SECOND, THIRD, bytes, read, write};
use crate::status::{status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::ffi::c_char;
use tracebaton::{SpanId, TraceId};

/// @brief Size of a trace id in bytes.
pub const TRACEBATON_TRACE_ID_SIZE: usize = 16;
/// @brief Size of a span id in bytes.
pub const TRACEBATON_SPAN_ID_SIZE: usize = 8;
/// @brief Size of a trace id in hexadecimal, in bytes.
pub const TRACEBATON_TRACE_ID_HEX_SIZE: usize = 32;
/// @brief Size of a span id in hexadecimal, in bytes.
pub const TRACEBATON_SPAN_ID_HEX_SIZE: usize = 16;

const _: () = {
    assert!(TRACEBATON_TRACE_ID_SIZE == TraceId::SIZE);
    assert!(TRACEBATON_SPAN_ID_SIZE == SpanId::SIZE);
    assert!(TRACEBATON_TRACE_ID_HEX_SIZE == 2 * TRACEBATON_TRACE_ID_SIZE);
    assert!(TRACEBATON_SPAN_ID_HEX_SIZE == 2 * TRACEBATON_SPAN_ID_SIZE);
};

/// @brief Id of a trace: 16 bytes in the order of its digits, not all zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct tracebaton_trace_id_t {
    /// The bytes.
    pub bytes: [u8; TRACEBATON_TRACE_ID_SIZE],
}

/// @brief Id of a span: 8 bytes in the order of its digits, not all zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct tracebaton_span_id_t {
    /// The bytes.
    pub bytes: [u8; TRACEBATON_SPAN_ID_SIZE],
}

/// @brief 16 random bytes for a trace id.
///
/// Fill them from a good source of randomness, such as getrandom(). The library has no source of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct tracebaton_trace_id_random_t {
    /// The bytes.
    pub bytes: [u8; TRACEBATON_TRACE_ID_SIZE],
}

/// @brief 8 random bytes for a span id; see tracebaton_trace_id_random_t.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct tracebaton_span_id_random_t {
    /// The bytes.
    pub bytes: [u8; TRACEBATON_SPAN_ID_SIZE],
}

impl tracebaton_trace_id_t {
    pub(crate) fn valid(self) -> Result<TraceId, tracebaton_status> {
        TraceId::from_bytes(self.bytes).ok_or(TRACEBATON_TRACEPARENT_TRACE_ID_ZERO)
    }
}

impl tracebaton_span_id_t {
    pub(crate) fn valid(self) -> Result<SpanId, tracebaton_status> {
        SpanId::from_bytes(self.bytes).ok_or(TRACEBATON_TRACEPARENT_PARENT_ID_ZERO)
    }
}

impl From<TraceId> for tracebaton_trace_id_t {
    #[inline]
    fn from(id: TraceId) -> Self {
        Self { bytes: id.to_bytes() }
    }
}

impl From<SpanId> for tracebaton_span_id_t {
    #[inline]
    fn from(id: SpanId) -> Self {
        Self { bytes: id.to_bytes() }
    }
}

/// @brief Makes a trace id from random bytes. If all bytes are zero, which is not an id, the id is 1.
///
/// @param random The random bytes.
/// @param trace_id (out) The id.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
///
/// @remark Set TRACEBATON_FLAG_RANDOM in the flags of a trace with such an id.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_trace_id_generate(
    random: *const tracebaton_trace_id_random_t,
    trace_id: *mut tracebaton_trace_id_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let random = read(FIRST, random)?;
        let id =
            TraceId::generate(|bytes| bytes.iter_mut().zip(random.bytes).for_each(|(to, from)| *to = from));
        write(SECOND, trace_id, id.into()).map(|()| TRACEBATON_OK)
    })
}

/// @brief Makes a span id from random bytes. If all bytes are zero, which is not an id, the id is 1.
///
/// @param random The random bytes.
/// @param span_id (out) The id.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_span_id_generate(
    random: *const tracebaton_span_id_random_t,
    span_id: *mut tracebaton_span_id_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let random = read(FIRST, random)?;
        let id =
            SpanId::generate(|bytes| bytes.iter_mut().zip(random.bytes).for_each(|(to, from)| *to = from));
        write(SECOND, span_id, id.into()).map(|()| TRACEBATON_OK)
    })
}

/// @brief Writes a trace id in lower-case hexadecimal.
///
/// @param trace_id The id.
/// @param hex (out) Buffer of TRACEBATON_TRACE_ID_HEX_SIZE bytes; no NUL is added.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_TRACE_ID_ZERO, TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_trace_id_to_hex(
    trace_id: *const tracebaton_trace_id_t,
    hex: *mut c_char,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        write(SECOND, hex.cast(), read(FIRST, trace_id)?.valid()?.to_hex()).map(|()| TRACEBATON_OK)
    })
}

/// @brief Writes a span id in lower-case hexadecimal.
///
/// @param span_id The id.
/// @param hex (out) Buffer of TRACEBATON_SPAN_ID_HEX_SIZE bytes; no NUL is added.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_PARENT_ID_ZERO, TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_span_id_to_hex(
    span_id: *const tracebaton_span_id_t,
    hex: *mut c_char,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        write(SECOND, hex.cast(), read(FIRST, span_id)?.valid()?.to_hex()).map(|()| TRACEBATON_OK)
    })
}

/// @brief Reads a trace id from 32 lower-case hexadecimal digits.
///
/// @param hex The digits. May be NULL if \p hex_size is 0.
/// @param hex_size Number of digits.
/// @param trace_id (out) The id.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_TRACE_ID, TRACEBATON_TRACEPARENT_TRACE_ID_ZERO,
/// TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_trace_id_from_hex(
    hex: *const c_char,
    hex_size: usize,
    trace_id: *mut tracebaton_trace_id_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let digits = bytes(FIRST, hex, SECOND, hex_size)?;
        match TraceId::from_hex(digits) {
            Some(id) => write(THIRD, trace_id, id.into()).map(|()| TRACEBATON_OK),
            None if *digits == [b'0'; TRACEBATON_TRACE_ID_HEX_SIZE] => {
                Err(TRACEBATON_TRACEPARENT_TRACE_ID_ZERO)
            }
            None => Err(TRACEBATON_TRACEPARENT_TRACE_ID),
        }
    })
}

/// @brief Reads a span id from 16 lower-case hexadecimal digits.
///
/// @param hex The digits. May be NULL if \p hex_size is 0.
/// @param hex_size Number of digits.
/// @param span_id (out) The id.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_PARENT_ID, TRACEBATON_TRACEPARENT_PARENT_ID_ZERO,
/// TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_span_id_from_hex(
    hex: *const c_char,
    hex_size: usize,
    span_id: *mut tracebaton_span_id_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let digits = bytes(FIRST, hex, SECOND, hex_size)?;
        match SpanId::from_hex(digits) {
            Some(id) => write(THIRD, span_id, id.into()).map(|()| TRACEBATON_OK),
            None if *digits == [b'0'; TRACEBATON_SPAN_ID_HEX_SIZE] => {
                Err(TRACEBATON_TRACEPARENT_PARENT_ID_ZERO)
            }
            None => Err(TRACEBATON_TRACEPARENT_PARENT_ID),
        }
    })
}
