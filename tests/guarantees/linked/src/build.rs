//! Builds an archive.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The levels of optimisation that a release may use.
pub const OPT_LEVELS: [&str; 5] = ["1", "2", "3", "s", "z"];

/// Makes the other archive `no_std`, so that a panic is a missing symbol.
const LINKED: &str = "--cfg tracebaton_linked";

/// The target of builds with a sanitizer. Naming it keeps the sanitizer out of build scripts.
const SANITIZED: &str = "x86_64-unknown-linux-gnu";

/// An archive, and how it is built.
#[derive(Clone, Copy, Debug)]
pub struct Build<'a> {
    /// The package of the archive.
    pub package: &'a str,
    /// The level of optimisation: one of [`OPT_LEVELS`], or `0`.
    pub opt_level: &'a str,
    /// The link-time optimisation: `fat`, `thin` or `off`.
    pub lto: &'a str,
    /// Whether the program checks for overflow, but tracebaton does not, as the guide for firmware advises.
    pub overflow_checks: bool,
    /// Flags of the compiler, separated by spaces.
    pub flags: &'a str,
    /// The folder with the sources.
    pub sources: &'a Path,
    /// The folder that contains a build folder for each kind of build.
    pub builds: &'a Path,
}

/// What the compiler printed when it failed.
#[derive(Debug)]
pub struct Failed(pub String);

impl Build<'_> {
    /// Builds for release and returns the path of the archive.
    ///
    /// For a sanitizer, the build enables unstable flags on a stable compiler, and does not optimise at link time.
    ///
    /// # Errors
    ///
    /// What Cargo printed, if it failed.
    ///
    /// # Panics
    ///
    /// If Cargo cannot be started.
    pub fn archive(&self) -> Result<PathBuf, Failed> {
        let target = self.builds.join(self.name());
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.args(["build", "--release", "--target-dir"]).arg(&target);
        if self.is_library() {
            cargo.args(["--manifest-path", "ffi/libtracebaton/Cargo.toml"]);
        } else {
            cargo.args(["--package", self.package]);
        }
        cargo.current_dir(self.sources).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level);
        cargo.env("CARGO_PROFILE_RELEASE_LTO", self.lto).env("CARGO_NET_RETRY", "10");
        if self.overflow_checks {
            cargo.env("CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS", "true");
            for package in ["tracebaton", "tracebaton-ffi"] {
                cargo.arg("--config").arg(format!("profile.release.package.{package}.overflow-checks=false"));
            }
        }
        let mut folder = target.join("release");
        if self.flags.contains("sanitizer") {
            cargo.env("RUSTC_BOOTSTRAP", "1").env("CARGO_PROFILE_RELEASE_LTO", "off");
            cargo.args(["--target", SANITIZED]);
            folder = target.join(SANITIZED).join("release");
        }
        for variable in ["CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"] {
            cargo.env_remove(variable);
        }
        let flags =
            if self.is_library() { self.flags.to_owned() } else { format!("{LINKED} {}", self.flags) };
        let output = cargo.env("RUSTFLAGS", flags).output().expect("cargo");
        if !output.status.success() {
            return Err(Failed(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        let name = if self.is_library() { "libtracebaton.a" } else { "liblinked.a" };
        Ok(folder.join(name))
    }

    /// Whether this is the archive that users get.
    fn is_library(&self) -> bool {
        self.package == "libtracebaton"
    }

    /// The name of the build folder, different for each kind of build.
    fn name(&self) -> String {
        let sources = self.sources.file_name().unwrap_or_default().to_string_lossy().replace("..", "project");
        let flags = self.flags.replace(|character: char| !character.is_alphanumeric(), "_");
        let package = if self.is_library() { "" } else { "-archive" };
        let checks = if self.overflow_checks { "-checks" } else { "" };
        format!("{sources}-{}-{}{checks}{flags}{package}", self.opt_level, self.lto)
    }
}
