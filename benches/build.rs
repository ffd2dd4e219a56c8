//! Compiles the C loops with the options of a typical C program that uses the library, and those of opentelemetry-cpp if
//! `OPENTELEMETRY_CPP` is a clone of it.

use std::path::{Path, PathBuf};

fn main() {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = std::process::Command::new(compiler).arg("--version").output().map(|output| output.stdout);
    println!("cargo:rustc-env=COMPILER={}", String::from_utf8_lossy(&version.unwrap_or_default()).trim());
    println!("cargo:rerun-if-changed=c");
    println!("cargo:rerun-if-changed=../include");
    cc::Build::new()
        .file("c/loops.c")
        .std("c99")
        .opt_level(2)
        .extra_warnings(true)
        .include("../include")
        .compile("tracebaton_loops");
    println!("cargo:rustc-check-cfg=cfg(opentelemetry_cpp)");
    println!("cargo:rerun-if-env-changed=OPENTELEMETRY_CPP");
    if let Some(clone) = std::env::var_os("OPENTELEMETRY_CPP").filter(|clone| !clone.is_empty()) {
        opentelemetry_cpp(&PathBuf::from(clone).join("api/include"));
    }
}

fn opentelemetry_cpp(headers: &Path) {
    let file = headers.join("opentelemetry/version.h");
    println!("cargo:rerun-if-changed={}", file.display());
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("OPENTELEMETRY_CPP must be a clone of opentelemetry-cpp: {}: {error}", file.display())
    });
    let version =
        text.split("#define OPENTELEMETRY_VERSION \"").nth(1).and_then(|rest| rest.split('"').next());
    println!("cargo:rustc-env=OPENTELEMETRY_CPP_VERSION={}", version.expect("the version in version.h"));
    println!("cargo:rustc-cfg=opentelemetry_cpp");
    cc::Build::new()
        .cpp(true)
        .file("c/opentelemetry.cpp")
        .std("c++17")
        .opt_level(2)
        .extra_warnings(true)
        .include("../include")
        .flag("-isystem")
        .flag(headers)
        .compile("tracebaton_opentelemetry_cpp");
}
