//! Building with the librdkafka that is installed, in programs that no Rust is in.

use crate::{here, project, run, skip};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command that finds no other librdkafka than the installed one: Cargo shows tests the way to the bundled one.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove("LD_LIBRARY_PATH").current_dir(here());
    command
}

/// What pkg-config prints, if it finds what is asked for.
pub fn pkg_config(arguments: &[&str]) -> Option<String> {
    let output =
        command("pkg-config").args(arguments).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// The flags to link with the librdkafka and librdkafka++ that are installed.
pub fn installed_librdkafka(what: &str) -> Option<Vec<String>> {
    let flags = pkg_config(&["--cflags", "--libs", "rdkafka++", "rdkafka"]);
    if flags.is_none() {
        skip(what, "pkg-config finds no rdkafka++; Debian has it as librdkafka-dev");
    }
    Some(flags?.split_whitespace().map(str::to_owned).collect())
}

/// Builds libtracebaton.a in a folder, as its users do.
pub fn static_library(folder: &Path) -> PathBuf {
    let target = folder.join("libtracebaton");
    run(command(env!("CARGO"))
        .args(["build", "--release", "--package", "libtracebaton", "--target-dir"])
        .arg(&target)
        .current_dir(project()));
    target.join("release/libtracebaton.a")
}

/// The same with AddressSanitizer, which has to be on both sides to see what the library does. A stable compiler takes its
/// flag only like this, and the core's own panics, which nothing calls, are in it until the program is linked.
pub fn sanitized_static_library(folder: &Path) -> PathBuf {
    let (target, triple) = (folder.join("libtracebaton-sanitized"), "x86_64-unknown-linux-gnu");
    run(command(env!("CARGO"))
        .args(["build", "--release", "--package", "libtracebaton", "--target", triple, "--target-dir"])
        .arg(&target)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", "-Zsanitizer=address -Ccodegen-units=1")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .current_dir(project()));
    target.join(triple).join("release/libtracebaton.a")
}
