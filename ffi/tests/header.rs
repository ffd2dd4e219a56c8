//! `include/tracebaton.h` is what cbindgen makes of the sources, and compiles by itself in every dialect it is meant for.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The sources in the order in which the manual tells them.
const SOURCES: [&str; 19] = [
    "version",
    "status",
    "rules",
    "header",
    "id",
    "context",
    "extract",
    "admit",
    "injection",
    "inject",
    "traceparent",
    "cursor",
    "tracestate",
    "baggage",
    "baggage_change",
    "queue_time",
    "formats",
    "choice",
    "format_injection",
];

fn crate_directory() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn header_path() -> PathBuf {
    crate_directory().join("../include/tracebaton.h")
}

fn generated() -> String {
    let mut config = cbindgen::Config::from_file(crate_directory().join("cbindgen.toml")).unwrap();
    config.after_includes = Some(version_macros());
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in SOURCES {
        builder = builder.with_src(crate_directory().join(format!("src/{source}.rs")));
    }
    let mut header = Vec::new();
    builder.generate().unwrap().write(&mut header);
    String::from_utf8(header).unwrap()
}

fn version_macros() -> String {
    let (major, minor, patch) =
        (env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH"));
    format!(
        r#"
/**
 * @brief The version of this header; tracebaton_version() is that of the library.
 */
#define TRACEBATON_VERSION "{version}"
#define TRACEBATON_VERSION_MAJOR {major}
#define TRACEBATON_VERSION_MINOR {minor}
#define TRACEBATON_VERSION_PATCH {patch}
/**
 * @brief The version of this header as a number; tracebaton_version_number() is that of the library.
 */
#define TRACEBATON_VERSION_NUMBER \
    (TRACEBATON_VERSION_MAJOR << 16 | TRACEBATON_VERSION_MINOR << 8 | TRACEBATON_VERSION_PATCH)
"#,
        version = env!("CARGO_PKG_VERSION")
    )
}

#[test]
fn the_committed_header_is_the_generated_one() {
    let generated = generated();
    if std::env::var_os("TRACEBATON_BLESS").is_some() {
        std::fs::write(header_path(), &generated).unwrap();
    }
    let committed = std::fs::read_to_string(header_path()).unwrap_or_default();
    assert!(
        committed == generated,
        "include/tracebaton.h is stale: TRACEBATON_BLESS=1 cargo test -p tracebaton-ffi --test header rewrites it"
    );
}

/// The compilers that are there, each with the dialects that the header is meant for; gcc and g++ have to be there.
fn dialects() -> Vec<(&'static str, &'static str, &'static str)> {
    let mut dialects = Vec::new();
    for (compiler, language, standards) in [
        ("gcc", "c", ["c99", "c11"]),
        ("g++", "c++", ["c++11", "c++20"]),
        ("clang", "c", ["c99", "c11"]),
        ("clang++", "c++", ["c++11", "c++20"]),
    ] {
        let there = Command::new(compiler).arg("--version").output().is_ok();
        assert!(there || compiler.starts_with("clang"), "{compiler} is needed");
        if there {
            dialects.extend(standards.map(|standard| (compiler, language, standard)));
        }
    }
    dialects
}

fn compile(compiler: &str, language: &str, standard: &str, source: &Path) -> Result<(), String> {
    let output = Command::new(compiler)
        .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-x", language])
        .arg(format!("-std={standard}"))
        .arg(source)
        .output()
        .unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

#[test]
fn the_header_compiles_by_itself_in_every_dialect() {
    for (compiler, language, standard) in dialects() {
        let answer = compile(compiler, language, standard, &header_path());
        assert_eq!(answer, Ok(()), "{compiler} -std={standard}");
    }
}

#[test]
fn a_header_without_its_includes_does_not_compile() {
    let broken = Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken.h");
    std::fs::write(&broken, std::fs::read_to_string(header_path()).unwrap().replace("#include", "//"))
        .unwrap();
    for (compiler, language, standard) in dialects() {
        assert!(compile(compiler, language, standard, &broken).is_err(), "{compiler} -std={standard}");
    }
}

#[test]
fn every_public_name_has_the_prefix() {
    let header = std::fs::read_to_string(header_path()).unwrap();
    let code = without_comments(&header);
    let macros = code.lines().filter_map(|line| line.strip_prefix("#define "));
    let types = code.lines().filter_map(|line| {
        line.strip_suffix(';')?.strip_prefix("} ").or(line.strip_prefix("typedef int32_t "))
    });
    let mut names = 0;
    for name in macros.chain(types) {
        assert!(name.starts_with("TRACEBATON_") || name.starts_with("tracebaton_"), "{name}");
        names += 1;
    }
    assert!(names > 30, "only {names} names were found");
}

fn without_comments(header: &str) -> String {
    let mut code = String::new();
    for (index, part) in header.split("/*").enumerate() {
        code += if index == 0 { part } else { part.split_once("*/").unwrap().1 };
    }
    code
}
