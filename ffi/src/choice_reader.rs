//! Choosing the parent of a record among several formats, header by header.

use crate::choice::{finish, order_of, tracebaton_choice_t};
use crate::formats::{borrowed, tracebaton_format_t};
use crate::header::tracebaton_header_t;
use crate::memory::{FIFTH, FIRST, Place, SECOND, THIRD, apart, exclusive, read, slice};
use crate::status::{status_of, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::ffi::{c_char, c_uchar, c_void};
use tracebaton::formats::{ChoiceReader, Format};

/// @brief Most headers of one record that the formats are read from.
pub const TRACEBATON_MAX_CHOICE_HEADERS: usize = 22;

const _: () = assert!(TRACEBATON_MAX_CHOICE_HEADERS == ChoiceReader::PLACES);

/// @brief Reads the headers of a record one at a time in several formats, for a program that has no array of them.
///
/// It begins as zeros: tracebaton_choice_reader_t reader = {0}; Only this library may access the fields.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_choice_reader_t {
    /// The last header that is not null of each name.
    pub headers: [tracebaton_header_t; TRACEBATON_MAX_CHOICE_HEADERS],
    /// Their indexes in the record.
    pub indexes: [usize; TRACEBATON_MAX_CHOICE_HEADERS],
    /// Number of headers that were added.
    pub header_count: usize,
}

/// @brief Adds the next header of a record.
///
/// @param reader (in, out) What was read so far.
/// @param name Name of the header. May be NULL if \p name_size is 0. It must live until tracebaton_choice_reader_finish().
/// @param name_size Its size, in bytes: strlen(name) for a string.
/// @param value Value of the header; NULL is Kafka's null. It must live as long as the context that is read from it.
/// @param value_size Its size, in bytes.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT, and TRACEBATON_OVERLAP if \p name or \p value overlaps
/// \p reader.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_choice_reader_add(
    reader: *mut tracebaton_choice_reader_t,
    name: *const c_char,
    name_size: usize,
    value: *const c_void,
    value_size: usize,
) -> tracebaton_status_t {
    let header = tracebaton_header_t { name, name_size, value, value_size };
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let (whole, texts) =
            (Place::at(reader), [Place::text(name, name_size), Place::text(value.cast(), value_size)]);
        apart(texts.into_iter().any(|text| whole.overlaps(text)))?;
        let seen = exclusive(FIRST, reader)?;
        let given = borrowed(&header);
        if given.value.is_some()
            && let Some(place) = ChoiceReader::place_of(given.name)
            && let (Some(last), Some(index)) = (seen.headers.get_mut(place), seen.indexes.get_mut(place))
        {
            (*last, *index) = (header, seen.header_count);
        }
        seen.header_count = seen.header_count.wrapping_add(1);
        Ok(TRACEBATON_OK)
    })
}

/// @brief Finds the parent in the headers that were added: tracebaton_headers_choose() without an array.
///
/// @param reader The headers of the record.
/// @param order The formats, as for tracebaton_headers_choose().
/// @param order_count Number of formats.
/// @param if_deferred As for tracebaton_headers_choose().
/// @param choice (out) The parent, and what became of the other formats. Its pointers point into the values that were added.
///
/// @returns as tracebaton_headers_choose().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_choice_reader_finish(
    reader: *const tracebaton_choice_reader_t,
    order: *const tracebaton_format_t,
    order_count: usize,
    if_deferred: c_uchar,
    choice: *mut tracebaton_choice_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let seen = read(FIRST, reader)?;
        let mut formats = [Format::TraceContext; Format::ALL.len()];
        let order = order_of(SECOND, slice(SECOND, order, THIRD, order_count)?, &mut formats)?;
        let mut places = ChoiceReader::new(order);
        seen.headers.iter().for_each(|header| places.add(borrowed(header)));
        let index_of = |place: usize| seen.indexes.get(place).copied().unwrap_or_default();
        finish(&places.finish(), if_deferred, FIFTH, choice, index_of)
    })
}
