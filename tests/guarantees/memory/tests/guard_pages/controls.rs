//! One byte too far ends the process. Each test starts the test program again for such an access.

use crate::c;
use std::hint::black_box;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use tracebaton_ffi::*;
use tracebaton_memory::{Pages, Side};

/// The environment variable that tells the new process to do it.
const DO_IT: &str = "TRACEBATON_ONE_BYTE_TOO_FAR";

/// Runs `deed` in a separate process, which must be ended by an access violation; `test` is the name of the calling
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
        // SAFETY: none, the byte does not exist.
        black_box(unsafe { bytes.as_ptr().add(3).read_volatile() });
    });
}

#[test]
fn reading_before_the_first_byte() {
    ends("controls::reading_before_the_first_byte", || {
        let mut pages = Pages::new(100);
        let bytes = pages.copy(b"abc", Side::Before);
        assert_eq!(black_box(&*bytes), b"abc");
        // SAFETY: none, the byte does not exist.
        black_box(unsafe { bytes.as_ptr().sub(1).read_volatile() });
    });
}

#[test]
fn writing_behind_the_last_byte() {
    ends("controls::writing_behind_the_last_byte", || {
        let mut pages = Pages::new(100);
        let buffer = pages.room(3, Side::After);
        buffer.fill(1);
        // SAFETY: none, the byte does not exist.
        unsafe { buffer.as_mut_ptr().add(3).write_volatile(1) };
    });
}

/// The library gets a size that is one byte too large, and reads that byte.
#[test]
fn a_reading_of_one_byte_more() {
    ends("controls::a_reading_of_one_byte_more", || {
        let mut pages = Pages::new(100);
        let value = pages.copy(b"a=1,b=2,c=3", Side::After);
        c::every_reading(value);
        // SAFETY: none, one byte does not exist.
        c::every_reading(unsafe { std::slice::from_raw_parts(value.as_ptr(), value.len() + 1) });
    });
}

/// The library gets a buffer size that is one byte too large, and needs that byte.
#[test]
fn a_change_into_one_byte_less() {
    ends("controls::a_change_into_one_byte_less", || {
        let mut pages = Pages::new(100);
        let list = b"a=1,b=2";
        let buffer = pages.room(list.len() + 3, Side::After);
        let (room, capacity) = (buffer.as_mut_ptr().cast(), buffer.len() + 1);
        let (text, size) = (list.as_ptr().cast(), list.len());
        // SAFETY: none, the buffer lacks one byte. A context of zeros is empty.
        unsafe {
            let mut context: tracebaton_context_t = std::mem::zeroed();
            (context.tracestate, context.tracestate_size) = (text, size);
            let key = c"k".as_ptr();
            black_box(tracebaton_tracestate_insert(&mut context, key, 1, key, 1, room, capacity));
        }
    });
}
