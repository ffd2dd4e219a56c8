//! Every level of optimisation, with and without the processor's wide registers: the code that is reachable from the C
//! and Rust functions, and the symbols that the archive exports and needs.

use std::path::Path;
use tracebaton_linked::{Build, Reached, archive_symbols, declared, object_symbols, project};

/// Selects the code that uses no instructions of a particular processor.
const PORTABLE: &str = "--cfg tracebaton_portable";

fn build<'a>(package: &'a str, opt_level: &'a str, flags: &'a str, sources: &'a Path) -> Build<'a> {
    let builds = Path::new(env!("CARGO_TARGET_TMPDIR"));
    Build { package, opt_level, lto: "fat", overflow_checks: false, flags, sources, builds }
}

/// The C and Rust functions of an archive.
fn functions(archive: &Path) -> Vec<String> {
    // Without link-time optimisation of the whole, Rust's own crates have symbols too.
    let is_ours = |name: &String| ["rust_", "tracebaton_"].iter().any(|prefix| name.starts_with(prefix));
    let exported = archive_symbols(archive).exported.into_iter().filter(is_ours);
    let (rust, c): (Vec<_>, Vec<_>) = exported.partition(|name| name.starts_with("rust_"));
    assert_eq!(c, declared());
    assert!(rust.len() >= 23, "{rust:?}");
    [c, rust].concat()
}

/// No C or Rust function reaches the panic handler, or needs symbols other than those that compilers call.
fn nothing_is_missed(opt_level: &str) {
    let project = project();
    let reached = ["", PORTABLE].map(|flags| {
        let archive = build("tracebaton-linked-archive", opt_level, flags, &project).archive().unwrap();
        let reached = Reached::from(&archive, &functions(&archive));
        let ways = reached.ways_to_missing();
        assert!(ways.is_empty(), "opt-level {opt_level} {flags}:\n{}", ways.join("\n"));
        reached
    });
    assert!(!cfg!(target_arch = "x86_64") || reached[0].code() != reached[1].code(), "{PORTABLE}: same code");
}

/// The same with other link-time optimisation or with overflow checks, as a program may be built.
fn nothing_is_missed_with(opt_level: &str, lto: &str, overflow_checks: bool) {
    let project = project();
    let build = build("tracebaton-linked-archive", opt_level, "", &project);
    let archive = Build { lto, overflow_checks, ..build }.archive().unwrap();
    let mut ways = Reached::from(&archive, &functions(&archive)).ways_to_missing();
    // Rust's own functions are symbols too, and its panics reach the handler.
    ways.retain(|way| ["rust_", "tracebaton_"].iter().any(|prefix| way.starts_with(prefix)));
    if overflow_checks {
        // A program compiles `heapless::Vec` with its own options, and that adds and subtracts lengths.
        ways.retain(|way| !way.contains("heapless::vec::") && !way.starts_with("rust_refilled -> "));
    }
    assert!(ways.is_empty(), "opt-level {opt_level}, lto {lto}:\n{}", ways.join("\n"));
}

/// The named exceptions: at opt-level 0, and at z without link-time optimisation, the compiler keeps checks that never
/// fail, of indexes and lengths that are known. Other panics are not left.
#[test]
fn exceptions_keep_known_checks_alone() {
    let project = project();
    for (opt_level, kept) in [("0", "panic_bounds_check"), ("z", "split_at")] {
        let build = build("tracebaton-linked-archive", opt_level, "", &project);
        let archive = Build { lto: "off", ..build }.archive().unwrap();
        let reached = Reached::from(&archive, &functions(&archive));
        assert!(!reached.named(&[kept]).is_empty(), "{opt_level} is no exception any more");
        let others = [
            "add_overflow",
            "sub_overflow",
            "mul_overflow",
            "shl_overflow",
            "unwrap_failed",
            "expect_failed",
        ];
        assert_eq!(reached.named(&others), [""; 0], "{opt_level}");
    }
}

macro_rules! other_builds {
    ($($name:ident $opt_level:literal $lto:literal $overflow_checks:literal)*) => {$(
        #[test]
        fn $name() {
            nothing_is_missed_with($opt_level, $lto, $overflow_checks);
        }
    )*};
}

other_builds! {
    without_lto_at_1 "1" "off" false
    without_lto_at_2 "2" "off" false
    without_lto_at_3 "3" "off" false
    without_lto_at_s "s" "off" false
    with_thin_lto_at_3 "3" "thin" false
    with_thin_lto_at_s "s" "thin" false
    with_overflow_checks_without_lto_at_s "s" "off" true
    with_overflow_checks_at_3 "3" "fat" true
}

/// The library as users get it exports only the functions of the header, and contains no code for panics.
fn the_library_is_alone(opt_level: &str) {
    let archive = build("libtracebaton", opt_level, "", &project()).archive().unwrap();
    let symbols = archive_symbols(&archive);
    assert_eq!(Vec::from_iter(symbols.exported.clone()), declared());
    assert_eq!(symbols.needed_too_many(), [""; 0]);
    let reached = Reached::from(&archive, &declared());
    assert_eq!(reached.ways_to_missing(), [""; 0]);
    assert_eq!(reached.named(&["panic", "rust_begin_unwind", "rust_eh_personality"]), [""; 0]);
    assert!(!reached.named(&["tracebaton_headers_extract"]).is_empty());

    let (formats, w3c): (Vec<_>, Vec<_>) = declared()
        .into_iter()
        .partition(|name| ["format", "choose", "choice"].iter().any(|part| name.contains(part)));
    assert!(formats.len() >= 8, "{formats:?}");
    let of_formats = ["formats::", "tracebaton_format", "choose"];
    assert!(!reached.named(&of_formats).is_empty());
    assert_eq!(Reached::from(&archive, &w3c).named(&of_formats), [""; 0], "W3C alone needs other formats");

    let shared = object_symbols(&archive.with_extension("so"));
    assert_eq!(Vec::from_iter(shared.exported.clone()), declared());
    assert_eq!(shared.needed_too_many(), [""; 0]);
}

macro_rules! at_each_level {
    ($($module:ident $opt_level:literal)*) => {$(
        mod $module {
            #[test]
            fn nothing_is_missed() {
                super::nothing_is_missed($opt_level);
            }

            #[test]
            fn the_library_is_alone() {
                super::the_library_is_alone($opt_level);
            }
        }
    )*};
}

at_each_level! { opt_level_1 "1" opt_level_2 "2" opt_level_3 "3" opt_level_s "s" opt_level_z "z" }
