//! The place of the tables in the README of this folder.

use std::path::{Path, PathBuf};

const START: &str =
    "<!-- made by: TRACEBATON_BLESS=1 cargo test -p tracebaton-test-differential --test tables -->\n";
const END: &str = "<!-- end of what was made -->\n";

/// The page.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// The page with these tables in place of the current ones; `None` if it has no place for them.
pub fn with_tables(page: &str, tables: &str) -> Option<String> {
    let (before, rest) = page.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    Some([before, START, tables, END, after].concat())
}

/// The version of `opentelemetry_sdk` in Cargo.lock.
pub fn sdk_version() -> Option<String> {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../Cargo.lock");
    let lock = std::fs::read_to_string(lock).ok()?;
    let (_, package) = lock.split_once("name = \"opentelemetry_sdk\"\nversion = \"")?;
    package.split('"').next().map(str::to_owned)
}
