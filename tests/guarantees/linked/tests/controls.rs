//! Copies of the sources with a deliberate fault: each fault is found, and its cause is reported.

use std::path::{Path, PathBuf};
use tracebaton_linked::{Build, Copy, Failed, OPT_LEVELS, Reached, archive_symbols, declared};

/// The beginning of a function that reads untrusted bytes, for C and for Rust.
const READING: (&str, &str) =
    ("src/traceparent.rs", "pub fn parse(value: &[u8]) -> Result<Self, TraceParentError> {");

/// A slice that is indexed by its own first byte.
const INDEX: &str = "core::hint::black_box(value[usize::from(*value.first().unwrap_or(&0))]);";

fn copy(name: &str, wrong: &str) -> Copy {
    let (file, behind) = READING;
    Copy::new(&builds().join(name)).insert(file, behind, wrong)
}

fn builds() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("controls")
}

fn build(package: &str, opt_level: &str, copy: &Copy) -> Result<PathBuf, Failed> {
    build_with(package, opt_level, "fat", copy)
}

fn build_with(package: &str, opt_level: &str, lto: &str, copy: &Copy) -> Result<PathBuf, Failed> {
    let (sources, builds) = (copy.folder(), builds());
    Build { package, opt_level, lto, overflow_checks: false, flags: "", sources, builds: &builds }.archive()
}

#[test]
fn a_panic_is_found() {
    let copy = copy("panic", INDEX);
    for (opt_level, lto) in
        OPT_LEVELS.map(|level| (level, "fat")).into_iter().chain([("s", "off"), ("s", "thin")])
    {
        let archive = build_with("tracebaton-linked-archive", opt_level, lto, &copy).unwrap();
        let functions = Vec::from_iter(archive_symbols(&archive).exported);
        let reached = Reached::from(&archive, &functions);
        for function in ["tracebaton_traceparent_parse", "tracebaton_headers_extract", "rust_traceparent"] {
            let way = reached.way_to(function, "a_panic_is_reachable");
            let way = way.unwrap_or_else(|| {
                panic!("opt-level {opt_level}, lto {lto}: no panic was found in {function}")
            });
            println!("{opt_level} {lto}: {way}");
        }
        assert_eq!(reached.way_to("tracebaton_version", "a_panic_is_reachable"), None);
    }
}

#[test]
fn the_code_of_a_panic_is_found_in_the_library() {
    let archive = build("libtracebaton", "3", &copy("panic-library", INDEX)).unwrap();
    let reached = Reached::from(&archive, &declared());
    let named = reached.named(&["panic"]);
    assert!(named.contains(&"core::panicking::panic_bounds_check"), "{named:?}");
}

#[test]
fn an_allocation_is_found() {
    let wrong =
        "extern crate alloc; core::hint::black_box(alloc::vec::Vec::<u8>::with_capacity(value.len()));";
    let Failed(reason) = build("libtracebaton", "3", &copy("allocation", wrong)).unwrap_err();
    println!("{reason}");
    assert!(reason.contains("no global memory allocator found"), "{reason}");
}

#[test]
fn the_standard_library_is_found() {
    let wrong = "extern crate std; std::println!(\"{}\", value.len());";
    let Failed(reason) = build("libtracebaton", "3", &copy("std", wrong)).unwrap_err();
    println!("{reason}");
    assert!(reason.contains("duplicate lang item") && reason.contains("panic_impl"), "{reason}");
}

/// A function that is missing in the header and needs a symbol of the operating system.
#[test]
fn an_unexpected_symbol_is_found() {
    let wrong = "#[unsafe(no_mangle)]
        extern \"C\" fn baton() -> i32 { unsafe extern \"C\" { safe fn getpid() -> i32; } getpid() }";
    let copy =
        Copy::new(&builds().join("symbol")).insert("ffi/src/version.rs", "use core::ffi::c_char;", wrong);
    let archive = build("libtracebaton", "3", &copy).unwrap();
    let symbols = archive_symbols(&archive);
    let declared = declared().into_iter().collect();
    let exported: Vec<_> = symbols.exported.difference(&declared).collect();
    assert_eq!((exported, symbols.needed_too_many()), (vec![&"baton".to_owned()], vec!["getpid"]));
}
