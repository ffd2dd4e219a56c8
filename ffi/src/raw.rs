//! The headers of a record as the bytes of a batch, where there is no client.

use crate::header::tracebaton_header_t;
use crate::memory::{
    FIFTH, FIRST, FOURTH, Place, Room, SECOND, THIRD, apart, buffer_shared, bytes, cells, read, slice, write,
};
use crate::status::{status_of, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::ffi::c_void;
use core::ptr::null;
use tracebaton::{CarrierFull, RawHeaders};

/// @brief The headers of a record in a batch of version 2, in the bytes of the batch: a cursor, which only reads.
///
/// For proxies and firmware that have a batch and no Kafka client. A record's headers are the block that begins right after
/// its value, at the count of headers, and ends with the record. tracebaton_raw_headers_start() makes the cursor. Only this
/// library may access the fields.
///
///     if (tracebaton_raw_headers_start(block, block_size, &raw, &offset) < 0)
///         return 1; // the block is invalid at this offset
///     while (tracebaton_raw_headers_next(&raw, &header) == TRACEBATON_OK)
///         tracebaton_reader_add(&reader, header.name, header.name_size, header.value, header.value_size);
///     tracebaton_reader_finish(&reader, &extracted);
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_raw_headers_t {
    /// The bytes of the headers that are still to come.
    pub rest: *const c_void,
    /// Number of these bytes.
    pub rest_size: usize,
    /// Number of headers that are still to come.
    pub header_count: usize,
}

impl From<&RawHeaders<'_>> for tracebaton_raw_headers_t {
    fn from(headers: &RawHeaders<'_>) -> Self {
        let rest = headers.rest();
        Self { rest: rest.as_ptr().cast(), rest_size: rest.len(), header_count: headers.len() }
    }
}

/// @brief Checks a block of headers to its end, and places a cursor before its first header.
///
/// @param block The block. May be NULL if \p block_size is 0. It must live as long as the headers that are read from it.
/// @param block_size Its size, in bytes.
/// @param headers (out) The cursor.
/// @param offset (out) Offset in the block, in bytes, at which a block that is refused breaks the rule; otherwise unchanged.
///
/// @returns TRACEBATON_OK. Negative: the first rule that is broken, TRACEBATON_RAW_HEADERS_TOO_SHORT and those after it;
/// TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_raw_headers_start(
    block: *const c_void,
    block_size: usize,
    headers: *mut tracebaton_raw_headers_t,
    offset: *mut usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let block = bytes(FIRST, block, SECOND, block_size)?;
        let (cursor, number) = (cells(THIRD, headers, THIRD, 1)?, cells(FOURTH, offset, FOURTH, 1)?);
        let (text, output, other) = (Place::of(block), Place::of(cursor), Place::of(number));
        apart(text.overlaps(output) || text.overlaps(other) || output.overlaps(other))?;
        let checked = RawHeaders::new(block);
        if let Err(error) = checked {
            number.iter().for_each(|place| place.set(error.offset));
        }
        write(THIRD, headers, (&checked?).into()).map(|()| TRACEBATON_OK)
    })
}

/// @brief Reads the next header of a block.
///
/// @param headers (in, out) The cursor.
/// @param header (out) The header, whose pointers point into the block. Its value may be NULL.
///
/// @returns TRACEBATON_OK, or TRACEBATON_END if there is no further header: then \p header is unchanged. Negative:
/// TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_raw_headers_next(
    headers: *mut tracebaton_raw_headers_t,
    header: *mut tracebaton_header_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let cursor = read(FIRST, headers.cast_const())?;
        let rest = bytes(FIRST, cursor.rest, FIRST, cursor.rest_size)?;
        let (place, output, text) = (Place::at(headers), Place::at(header), Place::of(rest));
        apart(place.overlaps(output) || place.overlaps(text) || output.overlaps(text))?;
        let mut raw = RawHeaders::resume(rest, cursor.header_count);
        let Some(next) = raw.next() else {
            return if cursor.header_count == 0 { Ok(TRACEBATON_END) } else { Err(FIRST) };
        };
        let (value, value_size) =
            next.value.map_or((null(), 0), |value| (value.as_ptr().cast(), value.len()));
        let (name, name_size) = (next.name.as_ptr().cast(), next.name.len());
        write(SECOND, header, tracebaton_header_t { name, name_size, value, value_size })?;
        write(FIRST, headers, (&raw).into()).map(|()| TRACEBATON_OK)
    })
}

/// @brief Writes the headers of a record as the block that a batch of version 2 has after the record's value.
///
/// For firmware and proxies that write records without a Kafka client. tracebaton_raw_headers_start() reads the block.
///
///     unsigned char block[512];
///     if ((status = tracebaton_raw_headers_write(headers, count, block, sizeof(block), &block_size)) < 0)
///         fprintf(stderr, "%s\n", tracebaton_status_message(status));
///
/// @param headers Headers of the record. May be NULL if \p header_count is 0.
/// @param header_count Number of headers.
/// @param block (out) Buffer for the block. It must not overlap \p headers, their names or values, or \p block_size.
/// @param capacity Size of the buffer in bytes. Five bytes, and for each header ten more than its name and its value have,
/// are always enough. Names and values of up to 63 bytes take one byte each instead of five.
/// @param block_size (out) Size of the block in bytes.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT; the first
/// argument is invalid as well if a name is NULL and its size is not 0, or if a size is beyond the address space.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_raw_headers_write(
    headers: *const tracebaton_header_t,
    header_count: usize,
    block: *mut c_void,
    capacity: usize,
    block_size: *mut usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let array = slice(FIRST, headers, SECOND, header_count)?;
        for header in array {
            header.whole()?;
        }
        let size = cells(FIFTH, block_size, FIFTH, 1)?;
        let parts = |header: &tracebaton_header_t| {
            let value = Place::text(header.value.cast(), header.value_size);
            [Place::text(header.name, header.name_size), value]
        };
        let room = Room { pointer: (THIRD, block.cast()), capacity: (FOURTH, capacity) };
        let others = [Place::of(array), Place::of(size)];
        room.apart_from(array.iter().flat_map(parts))?;
        let buffer = buffer_shared(room, &others)?;
        let whole = array.iter().flat_map(|header| header.whole());
        let written = RawHeaders::write(whole, buffer).map_err(|CarrierFull| TRACEBATON_BUFFER_TOO_SMALL)?;
        write(FIFTH, block_size, written.len()).map(|()| TRACEBATON_OK)
    })
}
