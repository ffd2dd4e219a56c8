//! Runs suites written in C and C++, by name, with the librdkafka of rdkafka-sys: `suite headers inject`.
//!
//! A process of its own, so that a crash is the failure of one suite, and so that tools such as valgrind can run it.

use rdkafka_sys as _;
use std::ffi::{CString, c_char, c_int};
use std::process::ExitCode;
use tracebaton_ffi as _;

unsafe extern "C" {
    fn run_suite(name: *const c_char) -> c_int;
}

fn main() -> ExitCode {
    let mut failed = false;
    for name in std::env::args().skip(1) {
        let argument = CString::new(name.as_str()).expect("an argument has no NUL");
        // SAFETY: the string lives as long as the call, which keeps nothing.
        match unsafe { run_suite(argument.as_ptr()) } {
            0 => println!("{name}: ok"),
            -1 => panic!("{name}: no such suite"),
            failures => {
                failed = true;
                eprintln!("{name}: {failures} checks failed");
            }
        }
    }
    ExitCode::from(u8::from(failed))
}
