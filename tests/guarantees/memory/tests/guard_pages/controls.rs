//! Negative controls: access one byte too far must end the process. Each control runs the test program again.

use crate::c;
use std::hint::black_box;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use tracebaton_ffi::*;
use tracebaton_memory::{Pages, Side};

/// Environment variable of the process that must end.
const DO_IT: &str = "TRACEBATON_ONE_BYTE_TOO_FAR";

/// Runs `deed` in a process of its own, which must end with a memory violation; `test` is the name of the calling
/// test.
fn ends(test: &str, deed: impl FnOnce()) {
    if std::env::var_os(DO_IT).is_some() {
        deed();
        std::process::exit(0);
    }
    let program = std::env::current_exe().unwrap();
    let arguments = ["--exact", test, "--nocapture"];
    let status = Command::new(program).args(arguments).env(DO_IT, "1").output().unwrap().status;
    assert_eq!(status.signal(), Some(libc::SIGSEGV), "{test}: {status}");
}

#[test]
fn reading_behind_the_last_byte() {
    ends("controls::reading_behind_the_last_byte", || {
        let mut pages = Pages::new(100);
        let bytes = pages.copy(b"abc", Side::After);
        assert_eq!(black_box(&*bytes), b"abc");
        // SAFETY: none: the byte is not there.
        black_box(unsafe { bytes.as_ptr().add(3).read_volatile() });
    });
}

#[test]
fn reading_before_the_first_byte() {
    ends("controls::reading_before_the_first_byte", || {
        let mut pages = Pages::new(100);
        let bytes = pages.copy(b"abc", Side::Before);
        assert_eq!(black_box(&*bytes), b"abc");
        // SAFETY: none: the byte is not there.
        black_box(unsafe { bytes.as_ptr().sub(1).read_volatile() });
    });
}

#[test]
fn writing_behind_the_last_byte() {
    ends("controls::writing_behind_the_last_byte", || {
        let mut pages = Pages::new(100);
        let buffer = pages.room(3, Side::After);
        buffer.fill(1);
        // SAFETY: none: the byte is not there.
        unsafe { buffer.as_mut_ptr().add(3).write_volatile(1) };
    });
}

/// Passes a size that is one byte too large, so that the library reads that byte.
#[test]
fn a_reading_of_one_byte_more() {
    ends("controls::a_reading_of_one_byte_more", || {
        let mut pages = Pages::new(100);
        let value = pages.copy(b"a=1,b=2,c=3", Side::After);
        c::every_reading(value);
        // SAFETY: none: one byte is not there.
        c::every_reading(unsafe { std::slice::from_raw_parts(value.as_ptr(), value.len() + 1) });
    });
}

/// Passes a capacity that is one byte too large, so that the library writes that byte.
#[test]
fn a_change_into_one_byte_less() {
    ends("controls::a_change_into_one_byte_less", || {
        let mut pages = Pages::new(100);
        let list = b"a=1,b=2";
        let buffer = pages.room(list.len() + 3, Side::After);
        let (room, capacity) = (buffer.as_mut_ptr().cast(), buffer.len() + 1);
        let (text, size) = (list.as_ptr().cast(), list.len());
        // SAFETY: a context of zeros is none; the buffer lacks one byte.
        unsafe {
            let mut context: tracebaton_context_t = std::mem::zeroed();
            (context.tracestate, context.tracestate_size) = (text, size);
            let key = c"k".as_ptr();
            black_box(tracebaton_tracestate_insert(&mut context, key, 1, key, 1, room, capacity));
        }
    });
}
