//! Compiles the C codec. Of the library it includes only `include/tracebaton.h`.

const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

fn main() {
    println!("cargo:rerun-if-changed=c");
    println!("cargo:rerun-if-changed=../../../include/tracebaton.h");
    let mut build = cc::Build::new();
    build.file("c/callbacks.c").include("../../../include").flag("-std=c99").warnings(false);
    for warning in WARNINGS {
        build.flag(warning);
    }
    build.compile("tracebaton_test_w3c_c");
}
