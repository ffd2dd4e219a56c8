//! The headers of a record, and which of them are ours.

use crate::memory::bytes;
use core::ffi::{c_char, c_void};
use core::ptr::null;
use tracebaton::HeaderName as Name;

/// @brief One header of a Kafka record.
///
/// Neither part needs a terminator. As in librdkafka, a value is one of three: bytes; empty, with a size of 0 and any
/// pointer but NULL; or null, which is the pointer NULL.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Header {
    /// Its name, any bytes. May be NULL if its size is 0.
    pub name: *const c_char,
    /// The size of the name, in bytes.
    pub name_size: usize,
    /// Its value, any bytes; NULL is Kafka's null.
    pub value: *const c_void,
    /// The size of the value, in bytes; of no meaning for a null.
    pub value_size: usize,
}

impl Header {
    pub(crate) const EMPTY: Self = Self { name: null(), name_size: 0, value: null(), value_size: 0 };

    /// A header of ours.
    #[inline]
    pub(crate) const fn named(name: Name, value: *const c_void, value_size: usize) -> Self {
        let name = match name {
            Name::TraceParent => c"traceparent",
            Name::TraceState => c"tracestate",
            Name::Baggage => c"baggage",
        };
        Self { name: name.as_ptr(), name_size: name.count_bytes(), value, value_size }
    }

    /// Which of the three headers it is; a name that cannot be borrowed is another (R1).
    ///
    /// # Safety
    ///
    /// Its pointers keep the laws of the header.
    #[inline(always)]
    pub(crate) unsafe fn ours(&self) -> Option<Name> {
        // SAFETY: the caller's promise.
        unsafe { self.name() }.and_then(Name::of)
    }

    /// The name; `None` if it is longer than any of the three or cannot be borrowed (R1).
    ///
    /// # Safety
    ///
    /// Its pointers keep the laws of the header for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn name<'a>(&self) -> Option<&'a [u8]> {
        if self.name_size > Name::TraceParent.as_bytes().len() {
            return None;
        }
        // SAFETY: the caller's promise.
        unsafe { bytes(self.name, self.name_size) }.ok()
    }

    /// The value; one that cannot be borrowed is a null (R1).
    ///
    /// # Safety
    ///
    /// Its pointers keep the laws of the header for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn value<'a>(&self) -> Option<&'a [u8]> {
        if self.value.is_null() {
            return None;
        }
        // SAFETY: the caller's promise.
        unsafe { bytes(self.value, self.value_size) }.ok()
    }
}

/// @brief Which of the three headers a name is: one of enum tracebaton_header_name.
pub type NameCode = i32;

/// @brief The names of the three headers, in the order in which they are written.
#[allow(non_camel_case_types, reason = "one name in both languages")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum HeaderName {
    /// Another name.
    TRACEBATON_NAME_OTHER = 0,
    /// "traceparent"
    TRACEBATON_NAME_TRACEPARENT = 1,
    /// "tracestate"
    TRACEBATON_NAME_TRACESTATE = 2,
    /// "baggage"
    TRACEBATON_NAME_BAGGAGE = 3,
}

impl HeaderName {
    #[inline]
    pub(crate) const fn code(name: Option<Name>) -> NameCode {
        let name = match name {
            None => Self::TRACEBATON_NAME_OTHER,
            Some(Name::TraceParent) => Self::TRACEBATON_NAME_TRACEPARENT,
            Some(Name::TraceState) => Self::TRACEBATON_NAME_TRACESTATE,
            Some(Name::Baggage) => Self::TRACEBATON_NAME_BAGGAGE,
        };
        name as NameCode
    }
}

/// @brief Which of the three headers a name is, in any letter case and whole.
///
/// @param name The name of a header. May be NULL if \p name_size is 0.
/// @param name_size Its size, in bytes: strlen(name) for a string.
///
/// @returns one of enum tracebaton_header_name; TRACEBATON_NAME_OTHER also for what is no name at all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_name(name: *const c_char, name_size: usize) -> NameCode {
    // SAFETY: the caller keeps the laws of the header.
    HeaderName::code(unsafe { Header { name, name_size, ..Header::EMPTY }.ours() })
}
