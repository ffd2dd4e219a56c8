//! Every level of optimisation, with and without the processor's wide registers: the code that is reachable from the C
//! and Rust functions, and the symbols that the archive exports and needs.

use std::path::Path;
use tracebaton_linked::{Build, Reached, archive_symbols, declared, object_symbols, project};

/// Selects the code that uses no instructions of a particular processor.
const PORTABLE: &str = "--cfg tracebaton_portable";

fn build<'a>(package: &'a str, opt_level: &'a str, flags: &'a str, sources: &'a Path) -> Build<'a> {
    Build { package, opt_level, flags, sources, builds: Path::new(env!("CARGO_TARGET_TMPDIR")) }
}

/// The C and Rust functions of an archive.
fn functions(archive: &Path) -> Vec<String> {
    let exported = archive_symbols(archive).exported;
    let (rust, c): (Vec<_>, Vec<_>) = exported.into_iter().partition(|name| name.starts_with("rust_"));
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

at_each_level! { opt_level_2 "2" opt_level_3 "3" opt_level_s "s" opt_level_z "z" }
