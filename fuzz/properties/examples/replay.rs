//! Runs one target on files, and on the files of folders, without a fuzzer: `cargo run --example replay -- TARGET
//! FILE|FOLDER...`. A property that does not hold panics.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tracebaton_fuzz_properties::{Check, TARGETS};

fn replay(check: Check, path: &Path) -> std::io::Result<()> {
    if !path.is_dir() {
        check(&std::fs::read(path)?);
        return Ok(());
    }
    std::fs::read_dir(path)?.try_for_each(|entry| replay(check, &entry?.path()))
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let target = arguments.next().unwrap_or_default();
    let Some((_, check)) = TARGETS.iter().find(|(name, _)| *name == target) else {
        eprintln!("usage: replay TARGET FILE|FOLDER...; the targets are {:?}", TARGETS.map(|(name, _)| name));
        return ExitCode::FAILURE;
    };
    for path in arguments.map(PathBuf::from) {
        if let Err(error) = replay(*check, &path) {
            eprintln!("{}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
