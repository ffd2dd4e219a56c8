//! Finding the context in the headers of a record.

use crate::context::{Context, parent_status};
use crate::header::Header;
use crate::memory::{exclusive, read, slice, zeroed};
use crate::status::{Status, StatusCode, answer};
use core::ffi::{c_char, c_void};
use tracebaton::{Reader, Verdict, Violation};

/// @brief What became of one of the three headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct HeaderVerdict {
    /// TRACEBATON_OK: accepted. TRACEBATON_ABSENT: there is none. Negative: refused, and the first rule it breaks.
    pub status: StatusCode,
    /// Of a header that was refused: the byte of its value where that shows, from 0.
    pub offset: u32,
    /// Of a header that was accepted or refused: which header of the record it is, from 0.
    pub index: usize,
}

impl HeaderVerdict {
    /// Fills one of zeros.
    #[inline]
    fn fill<T, R>(&mut self, verdict: &Verdict<T, Violation<R>>)
    where
        Status: From<R>,
        R: Copy,
    {
        match verdict {
            Verdict::Absent => self.status = Status::TRACEBATON_ABSENT.code(),
            Verdict::Accepted { index, .. } => self.index = *index,
            Verdict::Refused { index, error } => {
                self.status = Status::from(error.rule).code();
                self.offset = u32::try_from(error.offset).unwrap_or(u32::MAX);
                self.index = *index;
            }
        }
    }
}

/// @brief What the headers of one record say, and for each of the three why it could not be used.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ExtractedContext {
    /// The record's context: what was accepted, everything else zeros. Its pointers lead into the record's values.
    pub context: Context,
    /// The traceparent header.
    pub traceparent: HeaderVerdict,
    /// The tracestate header; absent as well when the traceparent was not accepted.
    pub tracestate: HeaderVerdict,
    /// The baggage header.
    pub baggage: HeaderVerdict,
    /// The value of an accepted traceparent as it came, for tracebaton_forward(); otherwise NULL.
    pub traceparent_value: *const c_char,
    /// Its size, in bytes: 55, or more in a version above 0.
    pub traceparent_value_size: usize,
    /// Its version, 0 to 254.
    pub traceparent_version: u8,
    /// Zeros; nothing reads them.
    pub reserved: [u8; 7],
}

impl ExtractedContext {
    /// Fills one of zeros.
    #[inline]
    fn fill(&mut self, found: &tracebaton::Extracted<'_>) {
        self.context.fill(&found.context());
        self.traceparent.fill(&found.traceparent);
        self.tracestate.fill(&found.tracestate);
        self.baggage.fill(&found.baggage);
        if let (Some(parent), Some(value)) = (found.traceparent.accepted(), found.traceparent_bytes()) {
            self.traceparent_version = parent.version();
            self.traceparent_value = value.as_ptr().cast();
            self.traceparent_value_size = value.len();
        }
    }
}

/// @brief Finds the context of a record in its headers.
///
/// It never fails on what headers hold: whatever their bytes, it gives what it could use, and for each of the three
/// headers why it could not. Names are compared in any letter case; of several headers with one name the last that is
/// not null counts. The time it takes grows with the number of headers and the bytes of at most three values.
///
/// @param headers The record's headers. May be NULL if \p header_count is 0.
/// @param header_count How many there are.
/// @param extracted (out) What they say. Its pointers lead into the values of \p headers and are good as long as those;
/// the array itself and the names are no longer needed.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no traceparent was accepted; there may be baggage all the same.
/// Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_extract(
    headers: *const Header,
    header_count: usize,
    extracted: *mut ExtractedContext,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let mut reader = Reader::new();
        for (index, header) in slice(headers, header_count)?.iter().enumerate() {
            if let Some(name) = header.name() {
                reader.add_at(index, name, || header.value());
            }
        }
        fill(extracted, &reader.finish())
    })
}

/// # Safety
///
/// As [`zeroed`].
unsafe fn fill(
    extracted: *mut ExtractedContext,
    found: &tracebaton::Extracted<'_>,
) -> Result<Status, Status> {
    // SAFETY: the caller's promise.
    unsafe { zeroed(extracted) }?.fill(found);
    Ok(parent_status(found.traceparent.accepted().is_some()))
}

/// @brief The headers of a record as far as they were seen, for a program that has no array of them.
///
/// It begins as zeros: tracebaton_extraction_t extraction = {0}; Its fields are for the functions below alone.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Extraction {
    /// The last values that are not null of traceparent, tracestate and baggage.
    pub values: [*const c_void; 3],
    /// Their sizes, in bytes.
    pub sizes: [usize; 3],
    /// Which headers of the record they are.
    pub indexes: [usize; 3],
    /// How many headers were added.
    pub header_count: usize,
}

impl Extraction {
    /// The value of a name and its header's index; one that cannot be borrowed is a null (R1).
    ///
    /// # Safety
    ///
    /// Its pointers keep the laws of the header for `'a`.
    #[inline(always)]
    unsafe fn value<'a>(&self, name: usize) -> Option<(usize, &'a [u8])> {
        let header = Header { value: self.values[name], value_size: self.sizes[name], ..Header::EMPTY };
        // SAFETY: the caller's promise.
        Some((self.indexes[name], unsafe { header.value() }?))
    }
}

/// @brief Adds the next header of a record, such as rd_kafka_header_get_all() gives it.
///
/// @param extraction (in, out) What was seen so far.
/// @param name The header's name. May be NULL if \p name_size is 0.
/// @param name_size Its size, in bytes: strlen(name) for a string.
/// @param value The header's value; NULL is Kafka's null. It must live until the context that comes out is done with.
/// @param value_size Its size, in bytes.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_extraction_add(
    extraction: *mut Extraction,
    name: *const c_char,
    name_size: usize,
    value: *const c_void,
    value_size: usize,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let header = Header { name, name_size, value, value_size };
        let ours = header.ours().filter(|_| !value.is_null());
        let seen = exclusive(extraction)?;
        if let Some(name) = ours {
            let name = name as usize;
            (seen.values[name], seen.sizes[name]) = (value, value_size);
            seen.indexes[name] = seen.header_count;
        }
        seen.header_count = seen.header_count.wrapping_add(1);
        Ok(Status::TRACEBATON_OK)
    })
}

/// @brief Finds the context in the headers that were added: tracebaton_extract() without the array.
///
/// @param extraction The headers of the record.
/// @param extracted (out) What they say. Its pointers lead into the values that were added.
///
/// @returns as tracebaton_extract().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_extraction_finish(
    extraction: *const Extraction,
    extracted: *mut ExtractedContext,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let seen = read(extraction)?;
        let last = [seen.value(0), seen.value(1), seen.value(2)];
        fill(extracted, &Reader { last, header_count: seen.header_count }.finish())
    })
}
