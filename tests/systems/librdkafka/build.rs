//! Compiles the test programs in C and C++.

use std::fs;
use std::path::PathBuf;
use tracebaton_build_librdkafka::{c, cpp, librdkafka};

fn main() {
    println!("cargo:rerun-if-changed=../../../ffi/examples");
    c("c").files(sources("c", "c")).compile("tracebaton_test_c");
    cpp("cpp").files(sources("cpp", "cpp")).include("c").compile("tracebaton_test_cpp");

    println!("cargo:rustc-link-search=native={}", librdkafka().join("src-cpp").display());
    println!("cargo:rustc-link-lib=static=rdkafka++");
    println!("cargo:rustc-link-lib=stdc++");
}

fn sources(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == extension));
    files.sort();
    files
}
