//! Compiles the C loops with the options of a typical C program that uses the library.

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
}
