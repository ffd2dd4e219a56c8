//! A mock cluster for the members of a group, and a check of what they commit: `group GROUP [failing]`.
//!
//! It runs with rdkafka-sys's librdkafka: an older mock cluster needs seconds for each member that joins.

use std::ffi::{CString, c_char, c_int};
use tracebaton_test_librdkafka as _;

unsafe extern "C" {
    fn run_group(group: *const c_char, is_failing: c_int) -> c_int;
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let group = CString::new(arguments.next().expect("a group")).expect("no NUL");
    let is_failing = arguments.next().is_some();
    // SAFETY: the string ends with a NUL and lives until the call returns.
    std::process::exit(unsafe { run_group(group.as_ptr(), c_int::from(is_failing)) });
}
