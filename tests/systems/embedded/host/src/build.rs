//! Builds for other processors.

use crate::Failure;
use crate::board::Board;
use crate::emulator::run_well;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The compilers, and the folder for their output.
#[derive(Clone, Debug)]
pub struct Tools {
    /// A rustc that has the sources of its standard library.
    rustc: PathBuf,
    /// LLVM's linker, which supports every target.
    linker: PathBuf,
    /// The folder for all output.
    pub folder: PathBuf,
}

/// The compiler's optimisation: a value of `opt-level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// For speed: `3`.
    Speed,
    /// For size: `"s"`.
    Size,
}

/// The root of the project.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../..")
}

impl Tools {
    /// The tools that `tests/systems/embedded/run` names in its environment.
    ///
    /// # Errors
    ///
    /// If a variable is not set.
    pub fn of_environment() -> Result<Self, Failure> {
        let path = |name: &str| {
            let missing = || format!("{name} is not set: start this with tests/systems/embedded/run");
            env::var_os(name).map(PathBuf::from).ok_or_else(missing)
        };
        Ok(Self {
            rustc: path("EMBEDDED_RUSTC")?,
            linker: path("EMBEDDED_LINKER")?,
            folder: path("EMBEDDED_FOLDER")?,
        })
    }

    /// Builds the programs of all bare boards in one call, so that their standard libraries are built in parallel.
    ///
    /// # Errors
    ///
    /// If they do not build.
    pub fn programs(&self, boards: &[&Board], package: &str) -> Result<(), Failure> {
        let Some((first, others)) = boards.split_first() else { return Ok(()) };
        let mut cargo = self.cargo("build", first);
        others.iter().for_each(|board| _ = cargo.args(["--target", board.target]));
        run_well(cargo.current_dir(project().join("tests/systems/embedded")).args(["-p", package]))?;
        Ok(())
    }

    /// Builds a program of this workspace.
    ///
    /// # Errors
    ///
    /// If it does not build.
    pub fn program(&self, board: &Board, package: &str, binary: &str) -> Result<PathBuf, Failure> {
        let mut cargo = self.cargo("build", board);
        cargo.current_dir(project().join("tests/systems/embedded")).args(["-p", package, "--bin", binary]);
        run_well(&mut cargo)?;
        Ok(self.made(board).join(binary).with_extension(if board.emulation.is_some() { "" } else { "wasm" }))
    }

    /// Builds the program of an example that has its own workspace.
    ///
    /// # Errors
    ///
    /// If it does not build.
    pub fn example(&self, board: &Board, name: &str) -> Result<PathBuf, Failure> {
        run_well(self.cargo("build", board).current_dir(project().join("examples").join(name)))?;
        Ok(self.made(board).join(name))
    }

    /// The client of an example, which runs on this machine. Its arguments are still to be added.
    #[must_use]
    pub fn client(&self, name: &str) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(project().join("examples").join(name)).args(["run", "-q", "--locked", "-p"]);
        cargo.arg(format!("{name}-client")).arg("--target-dir").arg(self.folder.join("host")).arg("--");
        cargo
    }

    /// Builds and installs the C library with `make`, tests it from C and C++, and returns its folder and how many
    /// programs ran. For targets with an operating system it is installed to `c/TARGET` alone.
    ///
    /// # Errors
    ///
    /// If a step fails.
    pub fn c_library(&self) -> Result<(PathBuf, String), Failure> {
        let folder = self.folder.join("c");
        let mut script = Command::new(project().join("tests/systems/embedded/c/library"));
        self.environment(&mut script, "ld.lld");
        script.env("CARGO_UNSTABLE_BUILD_STD", BUILT).env("CARGO_TARGET_DIR", self.folder.join("cargo"));
        let count = run_well(script.arg(&folder))?;
        Ok((folder, count.trim().to_owned()))
    }

    /// Builds the archive in which a panic is a missing symbol, at opt-level s.
    ///
    /// Overflow checks are those of the program; tracebaton has none, as the guide for firmware advises.
    ///
    /// # Errors
    ///
    /// If it does not build.
    pub fn linked_archive(
        &self,
        board: &Board,
        lto: &str,
        overflow_checks: bool,
    ) -> Result<PathBuf, Failure> {
        let program = ["tracebaton-linked-archive", "tracebaton-every-function"];
        let mut cargo = self.cargo("rustc", board);
        cargo.current_dir(project()).args(["-p", program[0]]).env("CARGO_PROFILE_RELEASE_LTO", lto);
        if lto != "fat" {
            // The standard library, which is built for this kind alone.
            cargo
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        }
        for package in ["tracebaton", "tracebaton-ffi", "heapless", "arrayvec"].into_iter().chain(program) {
            cargo.arg("--config").arg(format!("profile.release.package.{package}.opt-level=\"s\""));
        }
        for package in program.into_iter().filter(|_| overflow_checks) {
            cargo.arg("--config").arg(format!("profile.release.package.{package}.overflow-checks=true"));
        }
        run_well(cargo.args(["--", "--cfg", "tracebaton_linked"]))?;
        Ok(self.made(board).join("liblinked.a"))
    }

    /// Builds the measured functions.
    ///
    /// # Errors
    ///
    /// If they do not build.
    pub fn figures(&self, board: &Board, level: Level) -> Result<PathBuf, Failure> {
        let value = match level {
            Level::Speed => "3",
            Level::Size => "\"s\"",
        };
        let package = "tracebaton-test-embedded-figures";
        let mut cargo = self.cargo("build", board);
        cargo.current_dir(project().join("tests/systems/embedded")).args(["-p", package]);
        for package in ["tracebaton", "heapless", package] {
            cargo.arg("--config").arg(format!("profile.release.package.{package}.opt-level={value}"));
        }
        run_well(&mut cargo)?;
        Ok(self.made(board).join("libfigures.a"))
    }

    /// Links functions of an archive alone, with relocations kept.
    ///
    /// # Errors
    ///
    /// If they need a symbol that is not defined.
    pub fn linked(&self, board: &Board, archive: &Path, functions: &[&str]) -> Result<PathBuf, Failure> {
        let linked = archive.with_extension("linked");
        let mut linker = Command::new(&self.linker);
        match board.emulation {
            None => linker.args(["-flavor", "wasm", "--no-entry", "--gc-sections"]),
            Some(emulation) => {
                linker.args(["-flavor", "gnu", "-m", emulation, "--gc-sections", "--emit-relocs"]);
                linker.args(["-e", functions.first().ok_or("no function")?])
            }
        };
        linker.args(functions.iter().flat_map(|function| board.keep(function))).arg("-o").arg(&linked);
        run_well(linker.arg(archive))?;
        Ok(linked)
    }

    /// The folder of cargo's output for a board.
    fn made(&self, board: &Board) -> PathBuf {
        self.folder.join("cargo").join(board.target).join("release")
    }

    /// Every build has the same flags, so that the standard library is built once for each target.
    fn cargo(&self, command: &str, board: &Board) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.arg(format!("-Zbuild-std={BUILT}"));
        if !board.is_bare() {
            cargo.arg("-Zbuild-std-features=compiler-builtins-mem");
        }
        cargo.args(["-q", command, "--release", "--locked"]);
        cargo.args(["--target", board.target]).arg("--target-dir").arg(self.folder.join("cargo"));
        self.environment(&mut cargo, board.linker_flavor());
        cargo
    }

    /// Sets the compilers and their flags.
    fn environment(&self, command: &mut Command, flavor: &str) {
        let linker = self.linker.display();
        let flags = format!("-Clinker={linker} -Clinker-flavor={flavor} -Zemit-stack-sizes");
        command.env("RUSTC", &self.rustc).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", flags);
        for inherited in
            ["CARGO_TARGET_DIR", "CARGO_ENCODED_RUSTFLAGS", "RUSTUP_TOOLCHAIN", "RUSTC_WORKSPACE_WRAPPER"]
        {
            command.env_remove(inherited);
        }
    }
}

/// The parts of the standard library that are built.
const BUILT: &str = "core,compiler_builtins";

/// Builds the C runner for the Cortex-M4F or for aarch64 with the archive in this folder.
///
/// # Errors
///
/// If it does not build.
pub fn c_runner(tools: &Tools, board: &Board, archive: &Path) -> Result<PathBuf, Failure> {
    let folder = project().join("tests/systems/embedded/c");
    let runner = project().join("tests/conformance/c_runner/c");
    let program = tools.folder.join(format!("c-vectors-{}", board.target));
    let mut gcc;
    if board.is_bare() {
        gcc = Command::new("arm-none-eabi-gcc");
        gcc.args(["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]);
        gcc.args(["--specs=rdimon.specs", "-nostartfiles", "-Wl,--no-warn-rwx-segments"]);
        gcc.arg("-L").arg(&folder).arg("-T").arg(folder.join("mps2-an386.ld"));
        gcc.args(["main.c", "start.c"].map(|source| folder.join(source)));
    } else {
        gcc = Command::new("aarch64-linux-gnu-gcc");
        gcc.arg("-static").arg(folder.join("linux.c"));
    }
    gcc.args(["-std=c11", "-Os", "-Wall", "-Wextra", "-Werror", "-ffunction-sections", "-fdata-sections"]);
    gcc.args(["-Wl,--gc-sections", "-Wl,-z,noexecstack", "-I"]).arg(project().join("include"));
    gcc.arg("-I").arg(&runner).args(RUNNER.map(|source| runner.join(source)));
    run_well(gcc.arg(archive).arg("-o").arg(&program))?;
    Ok(program)
}

/// The runner, which the host uses too.
const RUNNER: [&str; 5] = ["context.c", "extract.c", "lists.c", "rows.c", "run.c"];
