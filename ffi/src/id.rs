//! Trace ids and span ids: from random bytes, from and to hexadecimal.

use crate::context::{TRACEBATON_SPAN_ID_SIZE, TRACEBATON_TRACE_ID_SIZE, done, read_span_id, read_trace_id};
use crate::memory::{bytes, read, write};
use crate::status::{Status, StatusCode, answer};
use core::ffi::c_char;
use tracebaton::{SpanId, TraceId};

/// @brief The size of a trace id in hexadecimal, in bytes.
pub const TRACEBATON_TRACE_ID_HEX_SIZE: usize = 32;
/// @brief The size of a span id in hexadecimal, in bytes.
pub const TRACEBATON_SPAN_ID_HEX_SIZE: usize = 16;

const _: () = {
    assert!(TRACEBATON_TRACE_ID_HEX_SIZE == 2 * TRACEBATON_TRACE_ID_SIZE);
    assert!(TRACEBATON_SPAN_ID_HEX_SIZE == 2 * TRACEBATON_SPAN_ID_SIZE);
};

/// @brief Makes a trace id of random bytes: the bytes themselves, or 1 should all of them be zero, which no id may be.
///
/// @param random 16 bytes from a good source of randomness, such as getrandom(); the library has none of its own.
/// @param trace_id (out) Room for 16 bytes; may be \p random itself.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
///
/// @remark Such an id earns TRACEBATON_FLAG_RANDOM.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_trace_id_generate(random: *const u8, trace_id: *mut u8) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let random: [u8; TRACEBATON_TRACE_ID_SIZE] = read(random.cast())?;
        let id = TraceId::generate(|bytes| bytes.copy_from_slice(&random));
        done(write(trace_id.cast(), id.to_bytes()), Status::TRACEBATON_OK)
    })
}

/// @brief Makes a span id of random bytes: the bytes themselves, or 1 should all of them be zero, which no id may be.
///
/// @param random 8 bytes from a good source of randomness, such as getrandom(); the library has none of its own.
/// @param span_id (out) Room for 8 bytes; may be \p random itself.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_span_id_generate(random: *const u8, span_id: *mut u8) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let random: [u8; TRACEBATON_SPAN_ID_SIZE] = read(random.cast())?;
        let id = SpanId::generate(|bytes| bytes.copy_from_slice(&random));
        done(write(span_id.cast(), id.to_bytes()), Status::TRACEBATON_OK)
    })
}

/// @brief Writes a trace id in lower-case hexadecimal.
///
/// @param trace_id The 16 bytes of the id.
/// @param hex (out) Room for TRACEBATON_TRACE_ID_HEX_SIZE bytes; no NUL is added.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_TRACE_ID_ZERO, TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_trace_id_to_hex(trace_id: *const u8, hex: *mut c_char) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe { done(write(hex.cast(), read_trace_id(trace_id)?.to_hex()), Status::TRACEBATON_OK) })
}

/// @brief Writes a span id in lower-case hexadecimal.
///
/// @param span_id The 8 bytes of the id.
/// @param hex (out) Room for TRACEBATON_SPAN_ID_HEX_SIZE bytes; no NUL is added.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_PARENT_ID_ZERO, TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_span_id_to_hex(span_id: *const u8, hex: *mut c_char) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe { done(write(hex.cast(), read_span_id(span_id)?.to_hex()), Status::TRACEBATON_OK) })
}

/// @brief Reads a trace id from 32 lower-case hexadecimal digits.
///
/// @param hex The digits. May be NULL if \p hex_size is 0.
/// @param hex_size How many bytes there are.
/// @param trace_id (out) Room for 16 bytes.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_TRACE_ID, TRACEBATON_TRACEPARENT_TRACE_ID_ZERO,
/// TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_trace_id_from_hex(
    hex: *const c_char,
    hex_size: usize,
    trace_id: *mut u8,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let digits = bytes(hex, hex_size)?;
        match TraceId::from_hex(digits) {
            Some(id) => done(write(trace_id.cast(), id.to_bytes()), Status::TRACEBATON_OK),
            None if *digits == [b'0'; TRACEBATON_TRACE_ID_HEX_SIZE] => {
                Err(Status::TRACEBATON_TRACEPARENT_TRACE_ID_ZERO)
            }
            None => Err(Status::TRACEBATON_TRACEPARENT_TRACE_ID),
        }
    })
}

/// @brief Reads a span id from 16 lower-case hexadecimal digits.
///
/// @param hex The digits. May be NULL if \p hex_size is 0.
/// @param hex_size How many bytes there are.
/// @param span_id (out) Room for 8 bytes.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_PARENT_ID, TRACEBATON_TRACEPARENT_PARENT_ID_ZERO,
/// TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_span_id_from_hex(
    hex: *const c_char,
    hex_size: usize,
    span_id: *mut u8,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let digits = bytes(hex, hex_size)?;
        match SpanId::from_hex(digits) {
            Some(id) => done(write(span_id.cast(), id.to_bytes()), Status::TRACEBATON_OK),
            None if *digits == [b'0'; TRACEBATON_SPAN_ID_HEX_SIZE] => {
                Err(Status::TRACEBATON_TRACEPARENT_PARENT_ID_ZERO)
            }
            None => Err(Status::TRACEBATON_TRACEPARENT_PARENT_ID),
        }
    })
}
