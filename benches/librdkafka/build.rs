//! Compiles the producer and the consumer, in C, against the librdkafka that rdkafka-sys has built.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

const SOURCES: [&str; 5] = ["c/carriers.c", "c/glue.c", "c/kafka.c", "c/processes.c", "c/traffic.c"];

fn main() {
    let librdkafka =
        PathBuf::from(env::var("DEP_RDKAFKA_ROOT").expect("rdkafka-sys says where librdkafka is"));
    let include = PathBuf::from(env::var("OUT_DIR").unwrap()).join("include");
    let folder = include.join("librdkafka");
    fs::create_dir_all(&folder).unwrap();
    // Programs include `<librdkafka/rdkafka.h>`, as where librdkafka is installed.
    for header in ["src/rdkafka.h", "src/rdkafka_mock.h"].map(Path::new) {
        fs::copy(librdkafka.join(header), folder.join(header.file_name().unwrap())).unwrap();
    }

    println!("cargo:rerun-if-changed=c");
    println!("cargo:rerun-if-changed=../../include");
    cc::Build::new()
        .files(SOURCES)
        .flag("-std=gnu99")
        .flag("-isystem")
        .flag(include)
        .include("../../include")
        .warnings(true)
        .extra_warnings(true)
        .warnings_into_errors(true)
        .compile("tracebaton_bench_librdkafka");
}
