//! Compiles the workers that are written in C, against the librdkafka that rdkafka-sys has built.

use std::env;
use std::fs;
use std::path::PathBuf;

fn main() {
    let librdkafka =
        PathBuf::from(env::var("DEP_RDKAFKA_ROOT").expect("rdkafka-sys says where librdkafka is"));
    let include = PathBuf::from(env::var("OUT_DIR").expect("Cargo sets it")).join("include");
    // Programs include `<librdkafka/rdkafka.h>`, as where librdkafka is installed.
    let installed = include.join("librdkafka");
    fs::create_dir_all(&installed).expect("a folder for headers");
    fs::copy(librdkafka.join("src/rdkafka.h"), installed.join("rdkafka.h")).expect("librdkafka's header");

    println!("cargo:rerun-if-changed=c");
    println!("cargo:rerun-if-changed=../../../include");
    cc::Build::new()
        .file("c/worker.c")
        .flag("-std=c99")
        .flag("-isystem")
        .flag(&include)
        .include("../../../include")
        .extra_warnings(true)
        .compile("tracebaton_soak");
    println!("cargo:rustc-env=LIBRDKAFKA_INCLUDE={}", include.display());
}
