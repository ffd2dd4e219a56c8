//! Runs suites by name with rdkafka-sys's librdkafka: `suite headers inject`.
//!
//! It is a separate process, so that a crash is the failure of one suite, and so that tools such as valgrind can run
//! it.

use std::process::ExitCode;
use tracebaton_test_librdkafka::run_suite;

fn main() -> ExitCode {
    let mut exit_code = ExitCode::SUCCESS;
    for name in std::env::args().skip(1) {
        let failures = run_suite(&name).expect("a suite of this name");
        println!("{name}: {failures} checks failed");
        if failures > 0 {
            exit_code = ExitCode::FAILURE;
        }
    }
    exit_code
}
