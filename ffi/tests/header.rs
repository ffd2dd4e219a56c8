//! `include/tracebaton.h` is what cbindgen makes of the sources, and compiles by itself in every dialect it is meant for.

use std::path::{Path, PathBuf};

/// The sources in the order in which the manual tells them.
const SOURCES: [&str; 10] = [
    "version",
    "status",
    "extract",
    "context",
    "inject",
    "id",
    "traceparent",
    "tracestate",
    "baggage",
    "queue_time",
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
