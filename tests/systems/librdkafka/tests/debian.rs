//! The suites as programs without Rust: with the static library, the installed librdkafka, and the compilers'
//! sanitizers.

use std::path::{Path, PathBuf};
use std::process::Command;
use tracebaton_test_librdkafka::installed::{
    command, installed_librdkafka, pkg_config, sanitized_static_library, static_library,
};
use tracebaton_test_librdkafka::{
    C_SUITES, CPP_SUITES, VALGRIND, WARNINGS, has_sanitizers, is_installed, run, skip, sources,
};

const SANITIZERS: [&str; 2] = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/// Runs a program to its end, and checks that it used the installed librdkafka.
fn run_installed(program: &mut Command) {
    let version = pkg_config(&["--modversion", "rdkafka"]).unwrap();
    let printed = run(program);
    assert!(printed.contains(&format!("librdkafka {version}")), "not with {version}:\n{printed}");
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn output(name: &str) -> PathBuf {
    folder().join(name)
}

/// Compiles each source to an object of this program.
fn objects(program: &str, compiler: &[&str], sources: &[PathBuf]) -> Vec<PathBuf> {
    let compile = |source: &PathBuf| {
        let object = output(&format!("{program}-{}.o", source.file_name().unwrap().to_string_lossy()));
        run(command(compiler[0])
            .args(&compiler[1..])
            .args(["-c", "-g", "-O1", "-Ic", "-Icpp", "-I../../../include", "-o"])
            .arg(&object)
            .arg(source)
            .args(WARNINGS)
            // librdkafka's own macros; clang does not treat them as a system header's.
            .arg("-Wno-gnu-statement-expression"));
        object
    };
    sources.iter().map(compile).collect()
}

fn link(
    program: &str,
    linker: &[&str],
    objects: &[PathBuf],
    library: &Path,
    librdkafka: &[String],
) -> PathBuf {
    let path = output(program);
    run(command(linker[0])
        .args(&linker[1..])
        .arg("-Wl,--gc-sections")
        .args(objects)
        .arg(library)
        .args(librdkafka)
        .arg("-o")
        .arg(&path));
    path
}

#[test]
fn in_c_under_valgrind() {
    let Some(librdkafka) = installed_librdkafka("the suites without Rust") else { return };
    if !is_installed("valgrind") {
        return skip("the suites without Rust", "valgrind is not installed");
    }
    let mut sources = sources("c", "c");
    sources.push("debian/main.c".into());
    let objects = objects("c", &["cc", "-std=c99"], &sources);
    let program = link("suites-c", &["cc"], &objects, &static_library(folder()), &librdkafka);
    run_installed(command("valgrind").args(VALGRIND).arg(&program).args(["produce", "inject", "records"]));
}

#[test]
fn under_the_sanitizers() {
    let Some(librdkafka) = installed_librdkafka("the suites without Rust") else { return };
    let library = sanitized_static_library(folder());
    for (cc, cxx) in [("gcc", "g++"), ("clang", "clang++")] {
        if !has_sanitizers(cxx) {
            continue;
        }
        let program = sanitized(cc, cxx, &library, &librdkafka);
        for suite in C_SUITES.into_iter().chain(CPP_SUITES) {
            run_installed(command(&program).arg(suite));
        }
    }
}

fn sanitized(cc: &str, cxx: &str, library: &Path, librdkafka: &[String]) -> PathBuf {
    let name = format!("suites-sanitized-{cc}");
    let [address, no_recovery] = SANITIZERS;
    let c = objects(&name, &[cc, "-std=c99", address, no_recovery], &sources("c", "c"));
    let mut cpp_sources = sources("cpp", "cpp");
    cpp_sources.push("debian/main.cpp".into());
    let cpp = objects(&name, &[cxx, "-std=c++17", address, no_recovery], &cpp_sources);
    link(&name, &[cxx, address], &[c, cpp].concat(), library, librdkafka)
}
