//! The headers of a batch through C, and the readers that read one header at a time.

use super::{OK, headers, memory::Memory, source, status_name, view, zeros};
use crate::Hop;
use oracle::Header;
use tracebaton_ffi::*;
use tracebaton_oracle as oracle;

const END: tracebaton_status_t = TRACEBATON_END as tracebaton_status_t;

/// Reads and writes the record as a raw block, and reads its values as raw blocks.
pub fn raw_headers(memory: &Memory, hop: &Hop) {
    let (array, source) = (source(memory, hop), &hop.source.headers);
    let block = encoded(source);
    assert_eq!(read(memory, &block), Ok(source.clone()));
    written(memory, array, source.len(), &block);
    for value in source.iter().filter_map(|(_, value)| value.as_ref()).take(8) {
        assert_eq!(read(memory, value), oracle::raw_headers(value), "{}", value.escape_ascii());
    }
}

/// The headers of a block, or the rule that it breaks and its offset.
fn read(memory: &Memory, block: &[u8]) -> Result<Vec<Header>, (&'static str, usize)> {
    let raw: *mut tracebaton_raw_headers_t = memory.room(size_of::<tracebaton_raw_headers_t>()).cast();
    let (offset, place) = (memory.place(usize::MAX), memory.copy(block));
    // SAFETY: a block of this size, and structs.
    let status = unsafe { tracebaton_raw_headers_start(place.cast(), block.len(), raw, offset) };
    if status != OK {
        // SAFETY: written by the call.
        return Err((status_name(status), unsafe { offset.read() }));
    }
    let header: *mut tracebaton_header_t = memory.place(zeros());
    let mut list = Vec::new();
    loop {
        // SAFETY: a started cursor, and room for the header.
        match unsafe { tracebaton_raw_headers_next(raw, header) } {
            OK => list.extend(headers(header, 1)),
            status => {
                assert_eq!(status, END);
                return Ok(list);
            }
        }
    }
}

/// The library writes the same block into a buffer of its size, and nothing into one that is a byte smaller.
fn written(memory: &Memory, array: *const tracebaton_header_t, count: usize, block: &[u8]) {
    for capacity in [block.len(), block.len() - 1] {
        let (buffer, size) = (memory.room(capacity), memory.place(usize::MAX));
        // SAFETY: an array of that many headers, a buffer of that size, and room for a size.
        let (status, size) = unsafe {
            (tracebaton_raw_headers_write(array, count, buffer.cast(), capacity, size), size.read())
        };
        if capacity == block.len() {
            assert_eq!((status, size, view(buffer, capacity)), (OK, capacity, block), "F15");
        } else {
            assert_eq!((status_name(status), size), ("buffer_too_small", usize::MAX), "F15");
        }
    }
}

/// The headers as a raw block.
fn encoded(source: &[Header]) -> Vec<u8> {
    let mut block = Vec::new();
    number(&mut block, source.len() as i64);
    for (name, value) in source {
        number(&mut block, name.len() as i64);
        block.extend(name);
        number(&mut block, value.as_ref().map_or(-1, |value| value.len() as i64));
        block.extend_from_slice(value.as_deref().unwrap_or_default());
    }
    block
}

fn number(block: &mut Vec<u8>, number: i64) {
    let mut bits = (number << 1 ^ number >> 63) as u64;
    while bits >= 0x80 {
        block.push(bits as u8 | 0x80);
        bits >>= 7;
    }
    block.push(bits as u8);
}

/// The array function and the reader give the same choice, byte for byte.
pub fn choices(memory: &Memory, hop: &Hop) {
    let (array, count) = (source(memory, hop), hop.source.headers.len());
    let order: Vec<tracebaton_format_t> =
        (1..=10).map(|format| (format + i32::from(hop.size)) % 18 + 1).collect();
    let if_deferred = u8::from(hop.chose(2));
    let choice = || memory.room(size_of::<tracebaton_choice_t>()).cast::<tracebaton_choice_t>();
    let (whole, one_by_one) = (choice(), choice());
    let reader: *mut tracebaton_choice_reader_t = memory.place(zeros());
    // SAFETY: an array of that many headers, an order, and room for the result.
    unsafe {
        let status = tracebaton_headers_choose(array, count, order.as_ptr(), order.len(), if_deferred, whole);
        for place in 0..count {
            let tracebaton_header_t { name, name_size, value, value_size } = array.add(place).read();
            assert_eq!(tracebaton_choice_reader_add(reader, name, name_size, value, value_size), OK);
        }
        let finish = tracebaton_choice_reader_finish;
        assert_eq!(finish(reader, order.as_ptr(), order.len(), if_deferred, one_by_one), status);
    }
    let size = size_of::<tracebaton_choice_t>();
    assert_eq!(view(whole, size), view(one_by_one, size));
}
