//! Compiles the runner. Of the library it includes only `include/tracebaton.h`.

const SOURCES: [&str; 6] = ["c/context.c", "c/extract.c", "c/host.c", "c/lists.c", "c/rows.c", "c/run.c"];
const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

fn main() {
    println!("cargo:rerun-if-changed=c");
    println!("cargo:rerun-if-changed=../../../include/tracebaton.h");
    let mut build = cc::Build::new();
    build.files(SOURCES).include("../../../include").flag("-std=c11").warnings(false);
    for warning in WARNINGS {
        build.flag(warning);
    }
    build.compile("tracebaton_test_c_runner");
}
