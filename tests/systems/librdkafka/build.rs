//! Compiles the test programs, C and C++, against the librdkafka that rdkafka-sys has built.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

const HEADERS: [&str; 3] = ["src/rdkafka.h", "src/rdkafka_mock.h", "src-cpp/rdkafkacpp.h"];
const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

fn main() {
    let librdkafka =
        PathBuf::from(env::var("DEP_RDKAFKA_ROOT").expect("rdkafka-sys says where librdkafka is"));
    let include = PathBuf::from(env::var("OUT_DIR").unwrap()).join("include");
    lay_out_headers(&librdkafka, &include);

    let mut c = cc::Build::new();
    c.files(sources("c", "c")).flag("-std=c99");
    compile(&mut c, &include, "tracebaton_test_c");

    let mut cpp = cc::Build::new();
    cpp.cpp(true).files(sources("cpp", "cpp")).include("c").flag("-std=c++17");
    compile(&mut cpp, &include, "tracebaton_test_cpp");

    println!("cargo:rustc-link-search=native={}", librdkafka.join("src-cpp").display());
    println!("cargo:rustc-link-lib=static=rdkafka++");
    println!("cargo:rustc-link-lib=stdc++");
    println!("cargo:rustc-env=LIBRDKAFKA_INCLUDE={}", include.display());
}

/// Programs include `<librdkafka/rdkafka.h>`, as where librdkafka is installed.
fn lay_out_headers(librdkafka: &Path, include: &Path) {
    let folder = include.join("librdkafka");
    fs::create_dir_all(&folder).unwrap();
    for header in HEADERS.map(Path::new) {
        fs::copy(librdkafka.join(header), folder.join(header.file_name().unwrap())).unwrap();
    }
}

fn sources(folder: &str, extension: &str) -> Vec<PathBuf> {
    println!("cargo:rerun-if-changed={folder}");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == extension));
    files.sort();
    files
}

fn compile(build: &mut cc::Build, include: &Path, name: &str) {
    println!("cargo:rerun-if-changed=../../../include");
    println!("cargo:rerun-if-changed=../../../ffi/examples");
    for warning in WARNINGS {
        build.flag(warning);
    }
    build.flag("-isystem").flag(include).include("../../../include").warnings(false).compile(name);
}
