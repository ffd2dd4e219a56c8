//! Builds with the installed librdkafka, for programs without Rust.

use crate::{here, project, run, skip};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command that finds only the installed librdkafka. Cargo sets variables for tests that lead to the bundled one.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove("LD_LIBRARY_PATH").current_dir(here());
    command
}

/// The output of pkg-config, if it finds the packages.
pub fn pkg_config(arguments: &[&str]) -> Option<String> {
    let output =
        command("pkg-config").args(arguments).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// The flags that link the installed librdkafka and librdkafka++.
pub fn installed_librdkafka(what: &str) -> Option<Vec<String>> {
    let flags = pkg_config(&["--cflags", "--libs", "rdkafka++", "rdkafka"]);
    if flags.is_none() {
        skip(what, "pkg-config does not find rdkafka++ (in Debian: librdkafka-dev)");
    }
    Some(flags?.split_whitespace().map(str::to_owned).collect())
}

/// Builds libtracebaton.a in a folder, as its users do.
pub fn static_library(folder: &Path) -> PathBuf {
    let target = folder.join("libtracebaton");
    run(command(env!("CARGO"))
        .args(["build", "--release", "--manifest-path", "ffi/libtracebaton/Cargo.toml", "--target-dir"])
        .arg(&target)
        .current_dir(project()));
    target.join("release/libtracebaton.a")
}

/// The same with AddressSanitizer, which must be in both the program and the library.
///
/// These settings enable its flag on a stable compiler. The core's own panics, which nothing calls, are in the archive
/// until the program is linked.
pub fn sanitized_static_library(folder: &Path) -> PathBuf {
    let (target, triple) = (folder.join("libtracebaton-sanitized"), "x86_64-unknown-linux-gnu");
    run(command(env!("CARGO"))
        .args(["build", "--release", "--manifest-path", "ffi/libtracebaton/Cargo.toml"])
        .args(["--target", triple, "--target-dir"])
        .arg(&target)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", "-Zsanitizer=address -Ccodegen-units=1")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .current_dir(project()));
    target.join(triple).join("release/libtracebaton.a")
}
