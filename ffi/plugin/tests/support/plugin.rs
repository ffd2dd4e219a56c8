//! Builds the plugin, and C programs that load it, as their users do.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use tracebaton_test_librdkafka::{WARNINGS, is_installed, librdkafka_include, run, skip};

/// A way to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// With gcc.
    Gcc,
    /// With clang.
    Clang,
    /// With gcc, and its sanitizers in all that is C.
    Sanitized,
    /// With gcc, and ThreadSanitizer in all that is C.
    ThreadSanitized,
}

impl Build {
    fn compiler(self) -> &'static str {
        if self == Self::Clang { "clang" } else { "gcc" }
    }

    fn flags(self) -> &'static str {
        match self {
            Self::Gcc | Self::Clang => "-O2 -g",
            Self::Sanitized => "-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all",
            Self::ThreadSanitized => "-O1 -g -fsanitize=thread",
        }
    }
}

/// Where the tests put what they make.
pub fn output(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/test-plugin").join(name)
}

/// Makes a file, once in each run of the tests: what is loaded must not be written to.
fn once(file: PathBuf, make: impl FnOnce()) -> PathBuf {
    static MADE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if !made.contains(&file) {
        make();
        made.insert(file.clone());
    }
    file
}

/// The plugin.
pub fn plugin(build: Build) -> PathBuf {
    let folder = output(&format!("plugin-{build:?}"));
    let mut make = make(&folder);
    make.arg(format!("CC={}", build.compiler())).arg(format!("CFLAGS={}", build.flags()));
    if build != Build::Gcc {
        let archive = plugin(Build::Gcc).with_file_name("release/libtracebaton.a");
        make.arg(format!("LIBTRACEBATON={}", archive.display()));
    }
    once(folder.join("libtracebaton_plugin.so"), || {
        run(&mut make);
    })
}

fn make(folder: &Path) -> Command {
    let mut make = Command::new("make");
    make.arg("-C").arg(env!("CARGO_MANIFEST_DIR")).env_remove("MAKEFLAGS");
    make.arg(format!("OUT={}", folder.display())).arg(format!("CARGO={}", env!("CARGO")));
    make.arg(format!("RDKAFKA_CFLAGS=-isystem {}", librdkafka_include()));
    make
}

/// Compiles a C program of `tests/hosts` with the installed librdkafka. Prints a message and returns `None` if there is none.
pub fn compile(name: &str, build: Build) -> Option<PathBuf> {
    let found = is_installed("pkg-config")
        && Command::new("pkg-config").args(["--exists", "rdkafka"]).status().is_ok_and(|it| it.success());
    if !found {
        skip(name, "pkg-config finds no rdkafka; Debian has it as librdkafka-dev");
        return None;
    }
    let program = output(&format!("{name}-{build:?}"));
    std::fs::create_dir_all(output("")).unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/hosts/{name}.c"));
    let mut compiler = Command::new("gcc");
    compiler.arg("-std=c11").args(WARNINGS).args(build.flags().split(' ')).arg(source);
    compiler.args(["-pthread", "-rdynamic", "-lrdkafka", "-ldl", "-o"]).arg(&program);
    Some(once(program, || {
        run(&mut compiler);
    }))
}

/// Compiles a C program, by its path from this package, with the wheel's librdkafka; none if there is no wheel.
pub fn compile_with_wheel(source: &Path, flags: &[&str]) -> Option<PathBuf> {
    let librdkafka = crate::librdkafka::wheel_library()?;
    let program = output(&format!("{}-Wheel", source.file_stem().unwrap().to_str().unwrap()));
    let archive = plugin(Build::Gcc).with_file_name("release/libtracebaton.a");
    std::fs::create_dir_all(output("")).unwrap();
    let mut compiler = Command::new("gcc");
    compiler.current_dir(env!("CARGO_MANIFEST_DIR"));
    compiler.arg("-std=c99").args(WARNINGS).args(["-O2", "-g", "-isystem", librdkafka_include()]).args(flags);
    compiler.arg(source).arg(archive).arg(&librdkafka).args(["-pthread", "-ldl"]);
    compiler.arg(format!("-Wl,-rpath,{}", librdkafka.parent().unwrap().display())).arg("-o").arg(&program);
    Some(once(program, || {
        run(&mut compiler);
    }))
}
