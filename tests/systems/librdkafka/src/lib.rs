//! Runs compilers, valgrind and the suites, and reports what cannot be run.

pub mod installed;
pub mod pages;

use rdkafka_sys as _;
use std::ffi::{CString, c_char, c_int};
use std::path::{Path, PathBuf};
use std::process::Command;
use tracebaton_ffi as _;

pub use tracebaton_linked::{has_sanitizers, is_installed, skip};

/// The C suites, by their names in `c/suites.c`.
pub const C_SUITES: [&str; 9] =
    ["headers", "inject", "produce", "hops", "many", "queue_time", "records", "formats", "example"];

/// The C++ suites, by their names in `cpp/suites.cpp`.
pub const CPP_SUITES: [&str; 4] = ["values", "adapters", "produce_cpp", "example_cpp"];

/// The warnings of all builds.
pub const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// The arguments of valgrind. It fails for an access out of bounds, and for memory that is leaked outside librdkafka.
pub const VALGRIND: [&str; 5] = [
    "-q",
    "--leak-check=full",
    "--errors-for-leak-kinds=definite",
    "--error-exitcode=9",
    concat!("--suppressions=", env!("CARGO_MANIFEST_DIR"), "/debian/valgrind.supp"),
];

/// Runs a command to its end, and returns its output.
///
/// # Panics
///
/// If it cannot be started or fails; the message contains its output.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let printed =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{printed}", output.status);
    printed
}

/// The folder of this package.
pub fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the project.
pub fn project() -> PathBuf {
    here().join("../../..")
}

/// The folder of the header `librdkafka/rdkafka.h`.
pub fn librdkafka_include() -> &'static str {
    env!("LIBRDKAFKA_INCLUDE")
}

/// The source files of a folder that have this extension.
pub fn sources(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(here().join(folder)).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == extension));
    files.sort();
    files
}

/// Runs a suite in this process. Returns the count of failed checks so far, or `None` if there is no such suite.
pub fn run_suite(name: &str) -> Option<u32> {
    unsafe extern "C" {
        #[link_name = "run_suite"]
        fn run_c(name: *const c_char) -> c_int;
        #[link_name = "run_cpp_suite"]
        fn run_cpp(name: *const c_char) -> c_int;
    }
    let name = CString::new(name).ok()?;
    // SAFETY: the string ends with a NUL and lives until the calls return; they do not keep it.
    let failures = unsafe {
        match run_c(name.as_ptr()) {
            -1 => run_cpp(name.as_ptr()),
            failures => failures,
        }
    };
    u32::try_from(failures).ok()
}
