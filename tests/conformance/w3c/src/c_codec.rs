//! The trace headers made by a C program with the C library alone: `c/callbacks.c`.

use crate::Field;
use std::ffi::{CStr, c_char, c_void};
use std::{io, ptr, slice};
use tracebaton_ffi::tracebaton_header_t;

type Send = extern "C" fn(callbacks: *mut c_void, callback: usize, header: *const tracebaton_header_t);

unsafe extern "C" {
    fn w3c_callbacks(
        received: *const tracebaton_header_t,
        received_count: usize,
        count: usize,
        send: Send,
        callbacks: *mut c_void,
    ) -> *const c_char;
}

/// The C form of a [`Codec`](crate::Codec).
///
/// # Errors
///
/// The error of the C program.
pub fn callbacks(received: &[Field], count: usize) -> io::Result<Vec<Vec<Field>>> {
    let received: Vec<_> = received.iter().map(header).collect();
    let mut callbacks = vec![Vec::new(); count];
    // SAFETY: the headers borrow the fields, and `keep` receives the callbacks that it expects; both outlive the call.
    let problem = unsafe {
        w3c_callbacks(received.as_ptr(), received.len(), count, keep, ptr::from_mut(&mut callbacks).cast())
    };
    if problem.is_null() {
        return Ok(callbacks);
    }
    // SAFETY: the C program returns NULL or a string that lives as long as the program.
    let problem = unsafe { CStr::from_ptr(problem) };
    Err(io::Error::other(problem.to_string_lossy()))
}

fn header(field: &Field) -> tracebaton_header_t {
    tracebaton_header_t {
        name: field.name.as_ptr().cast(),
        name_size: field.name.len(),
        value: field.value.as_ptr().cast(),
        value_size: field.value.len(),
    }
}

extern "C" fn keep(callbacks: *mut c_void, callback: usize, header: *const tracebaton_header_t) {
    // SAFETY: the C program passes the pointer that `callbacks` above gave it, and a header that is valid during the
    // call.
    let (callbacks, name, value) = unsafe {
        let header = &*header;
        (
            &mut *callbacks.cast::<Vec<Vec<Field>>>(),
            slice::from_raw_parts(header.name.cast::<u8>(), header.name_size),
            slice::from_raw_parts(header.value.cast::<u8>(), header.value_size),
        )
    };
    callbacks[callback].push(Field { name: name.to_vec(), value: value.to_vec() });
}
