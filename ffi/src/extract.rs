//! Extracts the context from the headers of a record.

use crate::context::{parent_status, text, tracebaton_context_t};
use crate::header::tracebaton_header_t;
use crate::mark::mark_of;
use crate::memory::{
    Argument, FIFTH, FIRST, FOURTH, Place, Room, SECOND, THIRD, apart, buffer_shared, cells, nullable, read,
    slice, write, zeroed,
};
use crate::status::{Outcome, status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::ffi::{c_char, c_void};
use core::ptr::null;
use tracebaton::{
    Baggage, Extracted, Header, JOINED_LENGTH, Reader, TraceParent, TraceState, TraceStateError, Verdict,
    VerdictOutput, Violation, extract_joined,
};

/// @brief Verdict on one of the three headers: accepted, absent or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct tracebaton_verdict_t {
    /// TRACEBATON_OK if accepted, TRACEBATON_ABSENT if absent. Negative if refused: the first rule that the header
    /// breaks.
    pub status: tracebaton_status_t,
    /// Offset in the value, in bytes, at which a refused header breaks the rule.
    pub offset: u32,
    /// Index in the record, from 0, of an accepted or refused header.
    pub index: usize,
}

impl tracebaton_verdict_t {
    #[inline(always)]
    fn accept(&mut self, index: usize) {
        *self = Self { status: TRACEBATON_OK.code(), offset: 0, index };
    }

    #[inline(always)]
    fn refuse(&mut self, index: usize, status: tracebaton_status, offset: usize) {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        *self = Self { status: status.code(), offset, index };
    }

    /// Sets any verdict, and returns the value that was accepted.
    #[inline(always)]
    pub(crate) fn set<T: Copy, R>(&mut self, verdict: &Verdict<T, Violation<R>>) -> Option<T>
    where
        tracebaton_status: From<R>,
        R: Copy,
    {
        match verdict {
            Verdict::Absent => *self = Self { status: TRACEBATON_ABSENT.code(), offset: 0, index: 0 },
            Verdict::Accepted { index, value, .. } => {
                self.accept(*index);
                return Some(*value);
            }
            Verdict::Refused { index, error, .. } => self.refuse(*index, error.rule.into(), error.offset),
        }
        None
    }
}

/// @brief Result of tracebaton_headers_extract(): the context, and a verdict on each of the three headers.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_extracted_t {
    /// The context. Fields that no accepted header sets are zeros. Its pointers point into the record's values.
    pub context: tracebaton_context_t,
    /// Verdict on the traceparent header.
    pub traceparent: tracebaton_verdict_t,
    /// Verdict on the tracestate header. It is absent as well if no traceparent was accepted.
    pub tracestate: tracebaton_verdict_t,
    /// Verdict on the baggage header.
    pub baggage: tracebaton_verdict_t,
    /// Received value of an accepted traceparent, for tracebaton_injection_forward(); otherwise NULL.
    pub traceparent_value: *const c_char,
    /// Size of that value in bytes: 55, or more in a version above 0.
    pub traceparent_value_size: usize,
    /// Version of an accepted traceparent, 0 to 254.
    pub traceparent_version: u8,
    /// Reserved: zeros.
    pub reserved: [u8; 3],
    /// The library notes here that it has accepted traceparent_value; see law 8 of tracebaton.h.
    pub checked: u32,
}

impl tracebaton_extracted_t {
    /// Whether the library itself put all three values there.
    #[inline]
    pub(crate) fn is_checked(&self) -> bool {
        let value = (self.traceparent_value, self.traceparent_value_size);
        (value.1 == 0 || self.checked == mark_of(value, (null(), 0))) && self.context.is_checked()
    }

    /// Sets all verdicts, whatever was set before of baggage and tracestate.
    #[cold]
    #[inline(never)]
    fn set(&mut self, extracted: &Extracted<'_>) {
        let parent = self.traceparent.set(&extracted.traceparent);
        let state = self.tracestate.set(&extracted.tracestate);
        let baggage = self.baggage.set(&extracted.baggage);
        if let (Some(parent), Some(bytes)) = (parent, extracted.traceparent_bytes()) {
            self.set_parent(&parent, bytes);
        }
        (self.context.tracestate, self.context.tracestate_size) = text(state.unwrap_or_default().as_bytes());
        (self.context.baggage, self.context.baggage_size) = text(baggage.unwrap_or_default().as_bytes());
    }

    #[inline(always)]
    fn set_parent(&mut self, parent: &TraceParent, bytes: &[u8]) {
        self.context.set_ids(parent);
        self.traceparent_version = parent.version();
        (self.traceparent_value, self.traceparent_value_size) = (bytes.as_ptr().cast(), bytes.len());
        self.checked = mark_of((self.traceparent_value, bytes.len()), (null(), 0));
    }

    /// Marks the lists, and returns whether there is a parent.
    #[inline(always)]
    fn finish(&mut self) -> tracebaton_status {
        if self.context.tracestate_size | self.context.baggage_size != 0 {
            self.context.mark(true);
        }
        parent_status(self.traceparent.status == TRACEBATON_OK.code())
    }
}

impl<'a> VerdictOutput<'a> for tracebaton_extracted_t {
    #[inline(always)]
    fn accept_traceparent(&mut self, index: usize, value: TraceParent, bytes: &'a [u8]) {
        self.traceparent.accept(index);
        self.set_parent(&value, bytes);
    }

    #[inline(always)]
    fn accept_tracestate(&mut self, index: usize, value: TraceState<'a>) {
        self.tracestate.accept(index);
        (self.context.tracestate, self.context.tracestate_size) = text(value.as_bytes());
    }

    fn refuse_tracestate(&mut self, index: usize, error: TraceStateError) {
        self.tracestate.refuse(index, error.rule.into(), error.offset);
    }

    #[inline(always)]
    fn accept_baggage(&mut self, index: usize, value: Baggage<'a>) {
        self.baggage.accept(index);
        (self.context.baggage, self.context.baggage_size) = text(value.as_bytes());
    }

    #[inline(always)]
    fn replace(&mut self, extracted: &Extracted<'a>) {
        self.set(extracted);
    }
}

/// @brief Extracts the context from the headers of a record.
///
/// Never fails on the bytes of headers: the result has the valid parts of the context and a verdict on each of the
/// three headers. Header names match in any letter case. If a name repeats, the last header whose value is not null
/// counts. The time grows with the number of headers and the size of at most three values.
///
/// @param headers Headers of the record. May be NULL if \p header_count is 0.
/// @param header_count Number of headers.
/// @param extracted (out) The context and the verdicts. Its pointers point into the values of \p headers; the array
/// and the names may be freed.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no traceparent was accepted; \p extracted may still have
/// baggage. Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_extract(
    headers: *const tracebaton_header_t,
    header_count: usize,
    extracted: *mut tracebaton_extracted_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let headers = slice(FIRST, headers, SECOND, header_count)?;
        match Reader::trim_others(headers, |header| header.name_size, |header| header.borrowed()) {
            [] => absent(THIRD, extracted).map(|_| parent_status(false)),
            headers => extract_candidates(headers.as_ptr(), headers.len(), extracted),
        }
    })
}

/// @brief Extracts the traceparent alone from the headers of a record.
///
/// The ids, the flags and the verdict are those of tracebaton_headers_extract(). A program that calls this function and no
/// function for tracestate and baggage does not contain their code, if it is linked with -Wl,--gc-sections.
///
/// @param headers Headers of the record. May be NULL if \p header_count is 0.
/// @param header_count Number of headers.
/// @param context (out) The context, without tracestate and baggage. All zeros if no traceparent was accepted.
/// @param traceparent (out) Verdict on the traceparent header.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no traceparent was accepted. Negative: only
/// TRACEBATON_INVALID_ARGUMENT and TRACEBATON_OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_extract_traceparent(
    headers: *const tracebaton_header_t,
    header_count: usize,
    context: *mut tracebaton_context_t,
    traceparent: *mut tracebaton_verdict_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let headers = slice(FIRST, headers, SECOND, header_count)?;
        let mut reader = Reader::new();
        headers.iter().for_each(|header| reader.add(header.borrowed()));
        write_traceparent(&reader, (THIRD, context), (FOURTH, traceparent))
    })
}

/// Writes the context of a reader that has only a traceparent, and the verdict on it.
///
/// # Safety
///
/// The same as for [`zeroed`].
#[inline(never)]
unsafe fn write_traceparent(
    reader: &Reader<'_>,
    context: (Argument, *mut tracebaton_context_t),
    verdict: (Argument, *mut tracebaton_verdict_t),
) -> Outcome {
    let found = reader.finish_traceparent();
    // SAFETY: the caller's promise.
    unsafe {
        cells(verdict.0, verdict.1, verdict.0, 1)?;
        apart(Place::at(context.1).overlaps(Place::at(verdict.1)))?;
        let context = zeroed(context.0, context.1)?;
        let parent = zeroed(verdict.0, verdict.1)?.set(&found);
        parent.iter().for_each(|parent| context.set_ids(parent));
        Ok(parent_status(parent.is_some()))
    }
}

/// Not inlined, so that a record without the three names needs no room for an answer. The headers are no argument of type
/// slice: the compiler may assume that the memory of one does not change until the function returns, and `extracted` may
/// overlap it.
///
/// # Safety
///
/// As [`tracebaton_headers_extract`].
#[inline(never)]
unsafe fn extract_candidates(
    headers: *const tracebaton_header_t,
    header_count: usize,
    extracted: *mut tracebaton_extracted_t,
) -> Outcome {
    // SAFETY: the caller's promise.
    unsafe {
        let headers = slice(FIRST, headers, SECOND, header_count)?;
        let reader = Reader::of_slice(headers, |header| header.name_size, |header| header.borrowed());
        write_found(&reader, THIRD, extracted)
    }
}

/// The result of a record without any of the three headers.
///
/// # Safety
///
/// As [`zeroed`].
#[inline(always)]
unsafe fn absent<'a>(
    argument: Argument,
    extracted: *mut tracebaton_extracted_t,
) -> Result<&'a mut tracebaton_extracted_t, tracebaton_status> {
    // SAFETY: the caller's promise.
    let result = unsafe { zeroed(argument, extracted) }?;
    for verdict in [&mut result.traceparent, &mut result.tracestate, &mut result.baggage] {
        verdict.status = TRACEBATON_ABSENT.code();
    }
    Ok(result)
}

/// # Safety
///
/// The same as for [`zeroed`].
#[inline(never)]
unsafe fn write_found(
    reader: &Reader<'_>,
    argument: Argument,
    extracted: *mut tracebaton_extracted_t,
) -> Outcome {
    // SAFETY: the caller's promise.
    let result = unsafe { absent(argument, extracted) }?;
    reader.finish_into(result);
    Ok(result.finish())
}

/// @brief Size of a buffer that is enough for tracebaton_headers_extract_joined(), in bytes.
pub const TRACEBATON_JOINED_SIZE: usize = 16384;
const _: () = assert!(TRACEBATON_JOINED_SIZE == JOINED_LENGTH);

/// @brief Extracts the context like tracebaton_headers_extract(), and joins several tracestate or baggage headers.
///
/// Only for bridges that copy each HTTP field to a header. In other records a second header is from a producer
/// that appended, and joining would revive the old one.
///
/// The values of a name that are not null are joined with commas, in the order of the headers. A list that is in one
/// header is not copied. The index of a joined list is that of its last header. A joined list of more than 8192 bytes
/// is refused as too long, and so is one that does not fit into \p buffer.
///
/// @param headers Headers of the record. May be NULL if \p header_count is 0.
/// @param header_count Number of headers.
/// @param buffer (out) Buffer for the joined lists. It must live as long as the extracted context, and must not overlap
/// the headers, their names or values, or \p extracted. May be NULL if \p capacity is 0.
/// @param capacity Size of the buffer in bytes. TRACEBATON_JOINED_SIZE is always enough.
/// @param extracted (out) The context and the verdicts. Its pointers point into the values of \p headers and into \p
/// buffer.
///
/// @returns the same statuses as tracebaton_headers_extract(), and TRACEBATON_OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_extract_joined(
    headers: *const tracebaton_header_t,
    header_count: usize,
    buffer: *mut c_char,
    capacity: usize,
    extracted: *mut tracebaton_extracted_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let headers = slice(FIRST, headers, SECOND, header_count)?;
        let parts = |header: &tracebaton_header_t| {
            let value = Place::text(header.value.cast(), header.value_size);
            [Place::text(header.name, header.name_size), value]
        };
        let outputs = [Place::of(headers), Place::at(extracted)];
        let room = Room { pointer: (THIRD, buffer), capacity: (FOURTH, capacity) };
        room.apart_from(headers.iter().flat_map(parts))?;
        let buffer = buffer_shared(room, &outputs)?;
        let found = extract_joined(headers.iter().map(|header| header.borrowed()), buffer);
        let result = absent(FIFTH, extracted)?;
        result.set(&found);
        Ok(result.finish())
    })
}

/// @brief Incremental tracebaton_headers_extract(), for a program that has no array of headers.
///
/// Start with zeros: tracebaton_reader_t reader = {0}; Only this library and its headers may access the fields.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_reader_t {
    /// Last non-null values of traceparent, tracestate and baggage.
    pub values: [*const c_void; 3],
    /// Sizes of these values in bytes.
    pub sizes: [usize; 3],
    /// Indexes of these headers in the record.
    pub indexes: [usize; 3],
    /// Number of headers that were added.
    pub header_count: usize,
}

impl tracebaton_reader_t {
    /// Restores the core's reader. A value that cannot be borrowed counts as null (R1).
    ///
    /// # Safety
    ///
    /// Its pointers obey the laws of the header for `'a`.
    #[inline(always)]
    unsafe fn borrowed<'a>(&self) -> Reader<'a> {
        let found = |name: usize| {
            // SAFETY: the caller's promise.
            Some((self.indexes[name], unsafe { nullable(self.values[name], self.sizes[name]) }?))
        };
        Reader { last: [found(0), found(1), found(2)], header_count: self.header_count }
    }
}

impl From<Reader<'_>> for tracebaton_reader_t {
    fn from(reader: Reader<'_>) -> Self {
        Self {
            values: reader.last.map(|found| found.map_or(null(), |(_, value)| value.as_ptr().cast())),
            sizes: reader.last.map(|found| found.map_or(0, |(_, value)| value.len())),
            indexes: reader.last.map(|found| found.map_or(0, |(index, _)| index)),
            header_count: reader.header_count,
        }
    }
}

/// @brief Adds the next header of a record.
///
/// @param reader (in, out) The reader.
/// @param name Name of the header. May be NULL if \p name_size is 0.
/// @param name_size Size of the name in bytes: strlen(name) for a string.
/// @param value Value of the header; NULL is Kafka's null value. It must live as long as the extracted context is
/// used.
/// @param value_size Size of the value in bytes.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT, and TRACEBATON_OVERLAP if \p value overlaps \p
/// reader.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_reader_add(
    reader: *mut tracebaton_reader_t,
    name: *const c_char,
    name_size: usize,
    value: *const c_void,
    value_size: usize,
) -> tracebaton_status_t {
    let header = tracebaton_header_t { name, name_size, value, value_size };
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let mut seen = read(FIRST, reader.cast_const())?.borrowed();
        apart(Place::at(reader).overlaps(Place::text(value.cast(), value_size)))?;
        seen.add(Header { name: header.name().unwrap_or_default(), value: header.value() });
        write(FIRST, reader, seen.into()).map(|()| TRACEBATON_OK)
    })
}

/// @brief Extracts the context from the headers that were added, like tracebaton_headers_extract().
///
/// @param reader The reader.
/// @param extracted (out) The context and the verdicts. Its pointers point into the values that were added.
///
/// @returns the same statuses as tracebaton_headers_extract().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_reader_finish(
    reader: *const tracebaton_reader_t,
    extracted: *mut tracebaton_extracted_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe { write_found(&read(FIRST, reader)?.borrowed(), SECOND, extracted) })
}

/// @brief Extracts the traceparent alone from the headers that were added, like tracebaton_headers_extract_traceparent().
///
/// @param reader The reader.
/// @param context (out) The context, without tracestate and baggage. All zeros if no traceparent was accepted.
/// @param traceparent (out) Verdict on the traceparent header.
///
/// @returns the same statuses as tracebaton_headers_extract_traceparent().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_reader_finish_traceparent(
    reader: *const tracebaton_reader_t,
    context: *mut tracebaton_context_t,
    traceparent: *mut tracebaton_verdict_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let reader = read(FIRST, reader)?.borrowed();
        write_traceparent(&reader, (SECOND, context), (THIRD, traceparent))
    })
}
