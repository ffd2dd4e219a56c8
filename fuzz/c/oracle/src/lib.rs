//! The oracle's verdicts on the headers of one record, as a C function.

use std::ffi::c_char;
use tracebaton_oracle::{Header, Verdict, extract};

/// A header: `tracebaton_header_t`.
#[repr(C)]
pub struct OracleHeader {
    name: *const u8,
    name_size: usize,
    value: *const u8,
    value_size: usize,
}

/// The oracle's verdict on the header that counts.
#[repr(C)]
pub struct OracleVerdict {
    /// `ok`, `absent`, or the name of the first broken rule; `name_size` bytes.
    name: *const c_char,
    name_size: usize,
    /// Offset of the first byte that breaks the rule; 0 otherwise.
    offset: usize,
    /// Index of the header; 0 if absent.
    index: usize,
}

/// Writes the verdicts on `traceparent`, `tracestate` and `baggage`, in this order.
///
/// # Safety
///
/// `headers` points to `count` headers whose names and values are readable; `verdicts` has room for three.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oracle_extract(
    headers: *const OracleHeader,
    count: usize,
    verdicts: *mut OracleVerdict,
) {
    // SAFETY: the caller's promise.
    let headers: Vec<Header> = (0..count).map(|at| unsafe { header(&*headers.add(at)) }).collect();
    let extracted = extract(&headers);
    let found =
        [verdict(&extracted.traceparent), verdict(&extracted.tracestate), verdict(&extracted.baggage)];
    // SAFETY: the caller's promise.
    unsafe { verdicts.cast::<[OracleVerdict; 3]>().write(found) };
}

/// # Safety
///
/// The name and the value must be readable.
unsafe fn header(header: &OracleHeader) -> Header {
    let bytes = |pointer, size| match size {
        0 => Vec::new(),
        // SAFETY: the caller's promise.
        _ => unsafe { std::slice::from_raw_parts(pointer, size) }.to_vec(),
    };
    let value = (!header.value.is_null()).then(|| bytes(header.value, header.value_size));
    (bytes(header.name, header.name_size), value)
}

fn verdict<T>(verdict: &Verdict<T>) -> OracleVerdict {
    let (name, offset, index) = match *verdict {
        Verdict::Absent => ("absent", 0, 0),
        Verdict::Accepted { index, .. } => ("ok", 0, index),
        Verdict::Refused { index, rule, offset } => (rule, offset, index),
    };
    OracleVerdict { name: name.as_ptr().cast(), name_size: name.len(), offset, index }
}
