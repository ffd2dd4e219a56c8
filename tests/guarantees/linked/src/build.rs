//! Builds an archive.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Optimisation levels of releases.
pub const OPT_LEVELS: [&str; 4] = ["2", "3", "s", "z"];

/// Flag that builds the other archive without `std`, in which a panic is a missing symbol.
const LINKED: &str = "--cfg tracebaton_linked";

/// Target of builds with a sanitizer. It must be named, so that build scripts are built without the sanitizer.
const SANITIZED: &str = "x86_64-unknown-linux-gnu";

/// An archive and the options of its build.
#[derive(Clone, Copy, Debug)]
pub struct Build<'a> {
    /// The package with the archive.
    pub package: &'a str,
    /// The level of optimisation: `2`, `3`, `s` or `z`.
    pub opt_level: &'a str,
    /// Flags of the compiler, separated by spaces.
    pub flags: &'a str,
    /// The folder with the sources.
    pub sources: &'a Path,
    /// Parent of the build folders, one for each kind of build.
    pub builds: &'a Path,
}

/// Output of the compiler if it failed.
#[derive(Debug)]
pub struct Failed(pub String);

impl Build<'_> {
    /// Builds for release and returns the path of the archive. A build with a sanitizer needs flags that a stable
    /// compiler accepts only from its own builders, and objects without link-time optimisation.
    ///
    /// # Errors
    ///
    /// The output of Cargo if it failed.
    ///
    /// # Panics
    ///
    /// If Cargo cannot be started.
    pub fn archive(&self) -> Result<PathBuf, Failed> {
        let target = self.builds.join(self.name());
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.args(["build", "--release", "--package", self.package, "--target-dir"]).arg(&target);
        cargo.current_dir(self.sources).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level);
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

    /// Whether it is the archive that users get.
    fn is_library(&self) -> bool {
        self.package == "libtracebaton"
    }

    /// Name of the folder, different for each kind of build.
    fn name(&self) -> String {
        let sources = self.sources.file_name().unwrap_or_default().to_string_lossy().replace("..", "project");
        let flags = self.flags.replace(|character: char| !character.is_alphanumeric(), "_");
        let package = if self.is_library() { "" } else { "-archive" };
        format!("{sources}-{}{flags}{package}", self.opt_level)
    }
}
