//! Programs whose client cannot be created, by each version of librdkafka: the plugin must not make a crash of an error.

use std::process::Command;
use tracebaton_test_plugin::{Build, VALGRIND, Version, compile, is_installed, plugin, run, skip};

/// Where rd_kafka_new() fails, and with which words.
const STAGES: [(&str, &str); 7] = [
    ("finalize", "`transactional.id` requires `enable.idempotence=true`"),
    ("assignor", "Unsupported partition.assignment.strategy"),
    ("mechanism", "Unsupported SASL mechanism"),
    ("credentials", "sasl.username and sasl.password must be set"),
    ("certificates", "ssl.ca.location failed"),
    ("background thread", "Failed to create background thread"),
    ("main thread", "Failed to create thread"),
];

/// Runs the program with the plugin at one stage, and checks that it fails as it does without.
fn fail_at(stage: (&str, &str), version: Version, build: Build, mut command: Command) {
    command.arg(stage.0).arg(plugin(build));
    if !version.set(&mut command) {
        return;
    }
    let printed = run(&mut command);
    let is_supported = stage.0 != "certificates" || version != Version::Bundled;
    let expected = if is_supported { stage.1 } else { "not supported" };
    assert!(printed.contains(expected), "{version:?} {}: {printed}", stage.0);
}

#[test]
fn a_configuration_can_be_destroyed_and_repaired_after_each_stage() {
    for version in Version::ALL {
        for build in [Build::Gcc, Build::Clang] {
            let Some(program) = compile("stages", Build::Gcc) else { return };
            for stage in STAGES {
                fail_at(stage, version, build, Command::new(&program));
            }
        }
    }
}

#[test]
fn the_same_under_valgrind() {
    if !is_installed("valgrind") {
        return skip("stages", "valgrind is not installed");
    }
    for version in Version::ALL {
        let Some(program) = compile("stages", Build::Gcc) else { return };
        for stage in STAGES {
            let mut valgrind = Command::new("valgrind");
            valgrind.args(VALGRIND);
            if version == Version::Wheel {
                // This version loses the interceptors of a client that fails, even without the plugin.
                valgrind.arg("--leak-check=no");
            }
            valgrind.arg(&program);
            fail_at(stage, version, Build::Gcc, valgrind);
        }
    }
}

#[test]
fn the_same_with_the_sanitizers() {
    for version in [Version::Installed, Version::Bundled] {
        let Some(program) = compile("stages", Build::Sanitized) else { return };
        // The sanitizers create threads of their own way, whatever the stack.
        for stage in STAGES.into_iter().filter(|stage| !stage.0.ends_with("thread")) {
            fail_at(stage, version, Build::Sanitized, Command::new(&program));
        }
    }
}
