//! No public function is left out.

use std::fs;
use std::path::{Path, PathBuf};

/// The Rust sources below a folder, as one text.
fn sources(folder: &str) -> String {
    texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
}

fn texts(folder: &Path) -> String {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| match path.is_dir() {
        true => texts(&path),
        false => fs::read_to_string(path).unwrap(),
    };
    // The types of the feature `alloc` are meant to allocate.
    let is_due =
        |path: &PathBuf| !["context_buf.rs", "header_list.rs"].iter().any(|name| path.ends_with(name));
    paths.filter(is_due).map(text).collect()
}

/// The names of the functions that are public if their module is.
fn public_functions(source: &str) -> Vec<&str> {
    let after = ["pub fn ", "pub const fn "].into_iter().flat_map(|start| source.split(start).skip(1));
    after.filter_map(|text| text.split(['(', '<']).next()).collect()
}

/// Functions of the feature `alloc`, which the proofs leave out.
const ALLOCATING: [&str; 1] = ["into_owned"];

#[test]
fn every_public_function_is_called() {
    let calls = sources("src");
    let core = sources("../../../src");
    let functions = public_functions(&core);
    assert!(functions.len() > 70, "{functions:?}");
    let is_called = |name: &str| {
        [".", "::", " ", "("].iter().any(|before| calls.contains(&format!("{before}{name}(")))
            || calls.contains(&format!("::{name})"))
    };
    let is_due = |name: &&&str| !ALLOCATING.contains(*name);
    let missing: Vec<_> = functions.iter().filter(is_due).filter(|name| !is_called(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_function_that_is_missing_is_found() {
    assert_eq!(public_functions("    pub fn forgotten(&self) {}"), ["forgotten"]);
    assert!(!sources("src").contains("forgotten("));
}
