//! The suites with rdkafka-sys's librdkafka; those that handle memory also run under valgrind.

use std::process::Command;
use tracebaton_test_librdkafka::{C_SUITES, CPP_SUITES, VALGRIND, is_installed, run, skip};

const SUITE: &str = env!("CARGO_BIN_EXE_suite");

#[test]
fn in_c() {
    for suite in C_SUITES {
        run(Command::new(SUITE).arg(suite));
    }
}

#[test]
fn in_cpp() {
    for suite in CPP_SUITES {
        run(Command::new(SUITE).arg(suite));
    }
}

fn under_valgrind(suite: &str) {
    if !is_installed("valgrind") {
        return skip(suite, "valgrind is not installed");
    }
    run(Command::new("valgrind").args(VALGRIND).args([SUITE, suite]));
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
fn produce_cpp_under_valgrind() {
    under_valgrind("produce_cpp");
}

#[test]
fn records_under_valgrind() {
    under_valgrind("records");
}

#[test]
fn hops_under_valgrind() {
    under_valgrind("hops");
}
