//! For build scripts: compiles C and C++ that include `tracebaton_rdkafka.h`, against rdkafka-sys's librdkafka.
//!
//! The package must depend on rdkafka-sys directly, because Cargo informs build scripts only about direct dependencies.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The headers of librdkafka that programs include.
const HEADERS: [&str; 3] = ["src/rdkafka.h", "src/rdkafka_mock.h", "src-cpp/rdkafkacpp.h"];
/// This project's headers.
const INCLUDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../include");

/// A build of C99 in which every warning is an error. Cargo runs the script again if a file in `folder` changes.
///
/// # Panics
///
/// Outside a build script, or without rdkafka-sys.
pub fn c(folder: &str) -> cc::Build {
    let mut build = build(folder);
    build.flag("-std=c99");
    build
}

/// As [`c`], for C++17.
///
/// # Panics
///
/// As [`c`].
pub fn cpp(folder: &str) -> cc::Build {
    let mut build = build(folder);
    build.cpp(true).flag("-std=c++17");
    build
}

/// The folder in which rdkafka-sys has built librdkafka.
///
/// # Panics
///
/// As [`c`].
pub fn librdkafka() -> PathBuf {
    env::var_os("DEP_RDKAFKA_ROOT").expect("rdkafka-sys is a dependency").into()
}

fn build(folder: &str) -> cc::Build {
    println!("cargo:rerun-if-changed={folder}");
    println!("cargo:rerun-if-changed={INCLUDE}");
    let include = lay_out_headers();
    println!("cargo:rustc-env=LIBRDKAFKA_INCLUDE={}", include.display());
    let mut build = cc::Build::new();
    for warning in ["-Wall", "-Wextra", "-Wpedantic", "-Werror"] {
        build.flag(warning);
    }
    build.flag("-isystem").flag(include).include(INCLUDE).warnings(false);
    build
}

/// Programs include `<librdkafka/rdkafka.h>`, as for an installed librdkafka.
fn lay_out_headers() -> PathBuf {
    let include = PathBuf::from(env::var_os("OUT_DIR").expect("a build script")).join("include");
    let folder = include.join("librdkafka");
    fs::create_dir_all(&folder).expect("a folder for headers");
    for header in HEADERS.map(Path::new) {
        let name = header.file_name().expect("a header");
        fs::copy(librdkafka().join(header), folder.join(name)).expect("a header of librdkafka");
    }
    include
}
