//! The C functions of other formats. They are compared with the Rust functions, which `formats` compares with the oracle.

use super::{NO_CONTEXT, OK, array, headers, invalid, memory::Memory, received, status_name, zeros};
use crate::Hop;
use crate::carrier::{Full, Outgoing, extract};
use std::ffi::{CStr, c_char};
use tracebaton::Injected;
use tracebaton::formats::{Format, FormatInjection, Formats, Sampling, format_of, inject, strip};
use tracebaton_ffi::*;
use tracebaton_oracle::Header;

fn text(pointer: *const c_char) -> &'static str {
    // SAFETY: a string that ends with a NUL and lives as long as the program.
    unsafe { CStr::from_ptr(pointer) }.to_str().expect("ASCII")
}

/// Names of headers, formats and rules.
pub fn names(memory: &Memory, hop: &Hop) {
    let named = |name: &[u8], of: unsafe extern "C" fn(*const c_char, usize) -> tracebaton_format_t| {
        // SAFETY: a text of that size.
        let format = unsafe { of(memory.copy(name).cast(), name.len()) };
        (format != 0).then(|| text(tracebaton_format_name(format)))
    };
    for (name, _) in &hop.source.headers {
        let expected = format_of(name).map(Format::name);
        assert_eq!(named(name, tracebaton_header_format_of), expected, "F1: {}", name.escape_ascii());
    }
    let key = std::str::from_utf8(&hop.key).ok().and_then(Format::from_name);
    assert_eq!(named(&hop.key, tracebaton_format_of_name), key.map(Format::name));
    let number = tracebaton_format_t::from(hop.room % 20);
    let known = Format::from_name(text(tracebaton_format_name(number)));
    assert_eq!(known.is_some(), (1..=18).contains(&number));
    assert!(text(tracebaton_format_rule_name(i32::from(hop.room))).len() < 40);
}

/// The headers of all formats, or of some, are removed.
pub fn stripped(memory: &Memory, hop: &Hop) {
    let target = &hop.target.headers;
    let bits = formats_of(hop, 0);
    let (some, three) = (array(memory, hop, target, target.len()), array(memory, hop, target, target.len()));
    let (some_count, three_count) = (memory.place(target.len()), memory.place(target.len()));
    let mut record = Outgoing::new(target, usize::MAX);
    strip(&mut record, Formats::from_bits(bits >> 1)).unwrap_or_else(|_| unreachable!());
    // SAFETY: arrays with these counts.
    unsafe {
        assert_eq!(tracebaton_headers_strip_formats(some, some_count, bits), OK);
        assert_eq!(tracebaton_headers_strip(three, three_count), OK);
        assert_eq!(headers(some, *some_count), record.headers, "F14");
        assert_eq!(headers(three, *three_count), tracebaton_oracle::strip(target), "W2");
    }
}

/// A set of formats: all, or those that the input selects.
fn formats_of(hop: &Hop, rotation: u32) -> tracebaton_formats_t {
    let selected = u32::from(hop.size).rotate_left(rotation) << 1;
    if hop.chose(7) { u32::MAX } else { selected }
}

/// All headers are written, or none, and those of the replaced formats are removed (F13, W6).
pub fn injected(memory: &Memory, hop: &Hop) {
    let context = received(memory, hop);
    let (written, replaced) = (formats_of(hop, 0), if hop.chose(6) { formats_of(hop, 7) } else { 0 });
    let sampling = i32::from(hop.room % 6);
    let prepared: *mut tracebaton_format_injection_t = memory.place(zeros());
    // SAFETY: a context, and room for the result.
    let status =
        unsafe { tracebaton_format_injection_prepare(context, written, replaced, sampling, prepared) };
    if sampling == 5 {
        return assert_eq!(status, invalid(4));
    }
    let plain = extract(&hop.source.headers).context();
    assert_eq!(status, if plain.span_context.is_some() { OK } else { NO_CONTEXT });
    let injection = FormatInjection::new(&plain, Formats::from_bits(written >> 1));
    let injection = injection.replacing(Formats::from_bits(replaced >> 1));
    let decision =
        [None, Some(Sampling::Accept), Some(Sampling::Deny), Some(Sampling::Defer), Some(Sampling::Debug)];
    let injection = match decision[usize::from(hop.room % 6)] {
        Some(sampling) => injection.sampling(sampling),
        None => injection,
    };
    let target = &hop.target.headers;
    for (name, _) in target {
        // SAFETY: an injection and a text.
        let replaces =
            unsafe { tracebaton_format_injection_replaces(prepared, memory.copy(name).cast(), name.len()) };
        assert_eq!(replaces == 1, injection.replaces(name), "F13: {}", name.escape_ascii());
    }
    let (expected, name) = plain_injected(&injection, target, hop.room.into());
    let capacity = target.len().max(hop.room.into());
    let (place, count) = (array(memory, hop, target, capacity), memory.place(target.len()));
    // SAFETY: an injection, and an array with this count.
    let (status, seen) = unsafe {
        let status = tracebaton_headers_inject_formats(prepared, place, count, hop.room.into());
        (status, headers(place, *count))
    };
    assert_eq!((status_name(status), seen), (name, expected), "F13, W6");
}

/// The headers after an injection with this much room, and the name of the status.
fn plain_injected(
    injection: &FormatInjection<'_>,
    target: &[Header],
    room: usize,
) -> (Vec<Header>, &'static str) {
    if target.len() > room {
        return (target.to_vec(), "invalid_argument_3");
    }
    let mut record = Outgoing::unlimited_calls(target, room);
    let name = match inject(injection, &mut record) {
        Ok(Injected::Parent) => "ok",
        Ok(_) => "no_context",
        Err(Full) => "headers_full",
    };
    (record.headers, name)
}
