//! The suites as a program of C alone: the static library, the installed librdkafka, and the compiler's sanitizers.

use std::path::{Path, PathBuf};
use std::process::Command;
use tracebaton_test_librdkafka::{SUITES, WARNINGS, here, is_installed, project, run, skip, sources};

/// The flags of the installed librdkafka, if there is one.
fn installed_librdkafka(package: &str) -> Option<Vec<String>> {
    let output = Command::new("pkg-config").args(["--cflags", "--libs", package]).output();
    match output {
        Ok(output) if output.status.success() => {
            Some(String::from_utf8(output.stdout).unwrap().split_whitespace().map(str::to_owned).collect())
        }
        _ => {
            skip("the installed librdkafka", "pkg-config finds none; Debian has it as librdkafka-dev");
            None
        }
    }
}

/// Builds libtracebaton.a as its users do.
fn static_library() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libtracebaton");
    run(Command::new(env!("CARGO"))
        .args(["build", "--release", "--package", "libtracebaton", "--target-dir"])
        .arg(&target)
        .current_dir(project()));
    target.join("release/libtracebaton.a")
}

fn compile(name: &str, sanitizers: &[&str], librdkafka: &[String]) -> PathBuf {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    run(Command::new("cc")
        .args(["-std=c99", "-g", "-O1", "-Ic", "-I../../include", "-o"])
        .arg(&program)
        .args(WARNINGS)
        .args(sanitizers)
        .args(sources("c", "c"))
        .arg("debian/main.c")
        .arg(static_library())
        .args(librdkafka)
        .current_dir(here()));
    program
}

#[test]
fn suites_under_the_sanitizers() {
    let Some(librdkafka) = installed_librdkafka("rdkafka") else { return };
    let sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let program = compile("suites-sanitized", &sanitizers, &librdkafka);
    for suite in SUITES {
        run(Command::new(&program).arg(suite));
    }
}

#[test]
fn produce_under_valgrind() {
    let Some(librdkafka) = installed_librdkafka("rdkafka") else { return };
    if !is_installed("valgrind") {
        return skip("the installed librdkafka", "valgrind is not installed");
    }
    let program = compile("suites", &[], &librdkafka);
    let leaks =
        ["-q", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect", "--error-exitcode=9"];
    run(Command::new("valgrind").args(leaks).arg(&program).args(["produce", "inject"]));
}
