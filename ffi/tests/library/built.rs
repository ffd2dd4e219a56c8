//! The library, built as its users build it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Release,
    Dev,
}

/// The folder with `libtracebaton.a` and `libtracebaton.so`.
pub fn library(profile: Profile) -> &'static Path {
    static RELEASE: OnceLock<PathBuf> = OnceLock::new();
    static DEV: OnceLock<PathBuf> = OnceLock::new();
    match profile {
        Profile::Release => RELEASE.get_or_init(|| build(&["--release"], "release")),
        Profile::Dev => DEV.get_or_init(|| build(&[], "debug")),
    }
}

/// Builds into a target folder of its own, since the one that runs this test is locked.
fn build(arguments: &[&str], folder: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("library");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "build",
        "--manifest-path",
        concat!(env!("CARGO_MANIFEST_DIR"), "/libtracebaton/Cargo.toml"),
    ]);
    cargo.arg("--target-dir").arg(&target).args(arguments);
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"] {
        cargo.env_remove(variable);
    }
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    target.join(folder)
}

/// Compiles a C program; links it if there is a library to link.
pub fn compile(compiler: &str, arguments: &[&str], source: &Path, libraries: &[&Path], output: &Path) {
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("../include");
    let result = Command::new(compiler)
        .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"])
        .arg(include)
        .args(arguments)
        .arg(source)
        .args(libraries)
        .arg("-o")
        .arg(output)
        .output()
        .unwrap();
    assert!(result.status.success(), "{compiler}: {}", String::from_utf8_lossy(&result.stderr));
}

/// Where a test puts what it makes.
pub fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
