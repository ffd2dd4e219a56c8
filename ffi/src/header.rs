//! Headers of a record, and the three header names that carry a context.

use crate::memory::{FIRST, bytes, nullable};
use crate::status::tracebaton_status;
use core::ffi::{c_char, c_void};
use core::ptr::null;
use tracebaton::{Header, HeaderName};

/// @brief One header of a Kafka record.
///
/// Neither part needs a terminator. As in librdkafka, a value is bytes, empty or null: an empty value has a size of 0
/// and a pointer other than NULL, and a null value has the pointer NULL.
///
/// @remark In an initialiser, TRACEBATON_STR gives pointer and size of a part: {TRACEBATON_STR("tenant"),
/// TRACEBATON_STR("7")}.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_header_t {
    /// Name: any bytes. May be NULL if its size is 0.
    pub name: *const c_char,
    /// Size of the name in bytes.
    pub name_size: usize,
    /// Value: any bytes; NULL is Kafka's null value.
    pub value: *const c_void,
    /// Size of the value in bytes; ignored if the value is null.
    pub value_size: usize,
}

impl tracebaton_header_t {
    pub(crate) const EMPTY: Self = Self { name: null(), name_size: 0, value: null(), value_size: 0 };

    /// A header with one of the three names. The name ends with a NUL.
    #[inline]
    pub(crate) const fn named(name: HeaderName, value: *const c_void, value_size: usize) -> Self {
        let name = match name {
            HeaderName::TraceParent => c"traceparent",
            HeaderName::TraceState => c"tracestate",
            HeaderName::Baggage => c"baggage",
        };
        Self { name: name.as_ptr(), name_size: name.count_bytes(), value, value_size }
    }

    /// Recognises the header's name. A name that cannot be borrowed counts as another name (R1).
    ///
    /// # Safety
    ///
    /// Its pointers obey the laws of the header.
    #[inline(always)]
    pub(crate) unsafe fn known_name(&self) -> Option<HeaderName> {
        // SAFETY: the caller's promise.
        unsafe { self.name() }.and_then(HeaderName::of)
    }

    /// The name; `None` if it cannot be borrowed or is longer than all three names (R1).
    ///
    /// # Safety
    ///
    /// Its pointers obey the laws of the header for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn name<'a>(&self) -> Option<&'a [u8]> {
        if self.name_size > HeaderName::TraceParent.as_bytes().len() {
            return None;
        }
        // SAFETY: the caller's promise.
        unsafe { nullable(self.name, self.name_size) }
    }

    /// The header; a name that cannot be borrowed, or is longer than any of the three, is empty.
    ///
    /// # Safety
    ///
    /// Its pointers keep the laws of the header for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn borrowed<'a>(&self) -> Header<'a> {
        // SAFETY: the caller's promise.
        unsafe { Header { name: self.name().unwrap_or_default(), value: self.value() } }
    }

    /// The header, whatever its name is, for a function whose first argument contains it.
    ///
    /// # Safety
    ///
    /// Its pointers obey the laws of the header for `'a`.
    pub(crate) unsafe fn whole<'a>(&self) -> Result<Header<'a>, tracebaton_status> {
        // SAFETY: the caller's promise.
        unsafe {
            let name = bytes(FIRST, self.name, FIRST, self.name_size)?;
            let value = if self.value.is_null() {
                None
            } else {
                Some(bytes(FIRST, self.value, FIRST, self.value_size)?)
            };
            Ok(Header { name, value })
        }
    }

    /// The value; one that cannot be borrowed is a null (R1).
    ///
    /// # Safety
    ///
    /// Its pointers obey the laws of the header for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn value<'a>(&self) -> Option<&'a [u8]> {
        // SAFETY: the caller's promise.
        unsafe { nullable(self.value, self.value_size) }
    }
}

/// @brief One of the three header names, or another name: one of enum tracebaton_header_name.
pub type tracebaton_header_name_t = i32;

/// @brief The three header names, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum tracebaton_header_name {
    /// Another name.
    TRACEBATON_NAME_OTHER = 0,
    /// "traceparent"
    TRACEBATON_NAME_TRACEPARENT = 1,
    /// "tracestate"
    TRACEBATON_NAME_TRACESTATE = 2,
    /// "baggage"
    TRACEBATON_NAME_BAGGAGE = 3,
}

/// @brief Recognises one of the three header names, in any letter case.
///
/// @param name Name of a header. May be NULL if \p name_size is 0.
/// @param name_size Size of the name in bytes: strlen(name) for a string.
///
/// @returns one of enum tracebaton_header_name; TRACEBATON_NAME_OTHER for any other name, and for an invalid pointer
/// or size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_header_name_of(
    name: *const c_char,
    name_size: usize,
) -> tracebaton_header_name_t {
    let header = tracebaton_header_t { name, name_size, ..tracebaton_header_t::EMPTY };
    // SAFETY: the caller obeys the laws of the header.
    let code = match unsafe { header.known_name() } {
        None => tracebaton_header_name::TRACEBATON_NAME_OTHER,
        Some(HeaderName::TraceParent) => tracebaton_header_name::TRACEBATON_NAME_TRACEPARENT,
        Some(HeaderName::TraceState) => tracebaton_header_name::TRACEBATON_NAME_TRACESTATE,
        Some(HeaderName::Baggage) => tracebaton_header_name::TRACEBATON_NAME_BAGGAGE,
    };
    code as tracebaton_header_name_t
}
