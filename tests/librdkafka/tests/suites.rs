//! The suites with the librdkafka of rdkafka-sys; those that handle memory under valgrind as well.

use std::process::Command;
use tracebaton_test_librdkafka::{SUITES, is_installed, run, skip};

const SUITE: &str = env!("CARGO_BIN_EXE_suite");

#[test]
fn all_with_the_bundled_librdkafka() {
    for suite in SUITES {
        run(Command::new(SUITE).arg(suite));
    }
}

fn under_valgrind(suite: &str) {
    if !is_installed("valgrind") {
        return skip(suite, "valgrind is not installed");
    }
    let leaks =
        ["-q", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect", "--error-exitcode=9"];
    run(Command::new("valgrind").args(leaks).args([SUITE, suite]));
}

#[test]
fn headers_under_valgrind() {
    under_valgrind("headers");
}

#[test]
fn inject_under_valgrind() {
    under_valgrind("inject");
}

#[test]
fn produce_under_valgrind() {
    under_valgrind("produce");
}

#[test]
fn hops_under_valgrind() {
    under_valgrind("hops");
}
