//! Each header compiles alone, in every supported dialect, without a warning.

use std::path::Path;
use std::process::Command;
use tracebaton_test_librdkafka::{
    WARNINGS, here, is_installed, librdkafka_include, project, run, skip, sources,
};

/// Warnings that projects which include the headers may enable.
const STRICT: [&str; 5] = ["-Wconversion", "-Wsign-conversion", "-Wcast-qual", "-Wshadow", "-Wundef"];

fn compile(compiler: &str, header: &str, flags: &[&str]) {
    if !is_installed(compiler) {
        return skip(&format!("{header} {}", flags.join(" ")), &format!("{compiler} is not installed"));
    }
    let language = if flags[0].contains("++") { "c++" } else { "c" };
    let source =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{compiler}-{}-{header}.{language}", flags[0]));
    std::fs::write(&source, format!("#include \"{header}\"\n")).unwrap();
    run(Command::new(compiler)
        .args(["-fsyntax-only", "-isystem", librdkafka_include(), "-I"])
        .arg(project().join("include"))
        .args(WARNINGS)
        .args(STRICT)
        .args(flags)
        .args(["-x", language])
        .arg(&source));
}

#[test]
fn the_glue_as_c() {
    for compiler in ["gcc", "clang"] {
        for dialect in ["-std=c99", "-std=c11", "-std=c17"] {
            compile(compiler, "tracebaton_rdkafka.h", &[dialect, "-Wstrict-prototypes"]);
        }
    }
}

/// Without exceptions and run-time type information, with and without librdkafka's C++ library.
#[test]
fn the_cpp_header() {
    for compiler in ["g++", "clang++"] {
        for dialect in ["-std=c++17", "-std=c++20"] {
            for adapters in ["-DTRACEBATON_RDKAFKACPP=1", "-DTRACEBATON_RDKAFKACPP=0"] {
                let flags = [dialect, adapters, "-Wold-style-cast", "-fno-exceptions", "-fno-rtti"];
                compile(compiler, "tracebaton.hpp", &flags);
            }
        }
    }
}

/// The build script compiles the same file as C++17 with the system's compiler.
#[test]
fn programs_with_the_cpp_header() {
    for (compiler, dialect) in [("g++", "-std=c++20"), ("clang++", "-std=c++17"), ("clang++", "-std=c++20")] {
        if !is_installed(compiler) {
            skip(dialect, &format!("{compiler} is not installed"));
            continue;
        }
        run(Command::new(compiler)
            .args(["-fsyntax-only", dialect, "-Ic", "-isystem", librdkafka_include(), "-I../../../include"])
            .args(WARNINGS)
            .args(sources("cpp", "cpp"))
            .current_dir(here()));
    }
}

#[test]
fn the_glue_as_cpp() {
    for compiler in ["g++", "clang++"] {
        for dialect in ["-std=c++11", "-std=c++14", "-std=c++17", "-std=c++20"] {
            compile(compiler, "tracebaton_rdkafka.h", &[dialect, "-Wold-style-cast"]);
        }
    }
}
