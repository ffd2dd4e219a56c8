//! Counts the instructions of the codec on emulated aarch64 Linux, and compares them with those on this processor.

use crate::instructions;
use crate::plan::{Plan, Scope};
use crate::tables::table;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "aarch64-unknown-linux-gnu";
/// The GNU triple of the target, in the names of its compiler and of its folder of libraries.
const GNU: &str = "aarch64-linux-gnu";
/// The greatest share of the instructions on this processor that aarch64 may take.
const GOAL: f64 = 1.3;

/// Prints the counts of every work by the codec on both processors, and their ratio.
pub fn print(folder: &Path) -> Result<()> {
    let plan = Plan::of(Scope::Ours);
    plan.check()?;
    let here = instructions::count(&plan, &["count", Scope::Ours.name()], &folder.join("callgrind"))?;
    let here = here.context("valgrind is missing: apt-get install valgrind")?;
    let there = count(&plan, folder)?;
    let cells = plan.entries.iter().zip(here.iter().zip(&there));
    let rows = cells.map(|(entry, (here, there))| {
        let ratio = there / here;
        let verdict = if ratio <= GOAL { "" } else { "above the goal" };
        let numbers =
            [format!("{here:.1}"), format!("{there:.1}"), format!("{ratio:.2}"), verdict.to_owned()];
        [entry.work.id.clone(), entry.subject.name.to_owned()].into_iter().chain(numbers).collect()
    });
    let (is, of) = (rows.clone().filter(|row: &Vec<String>| row[5].is_empty()).count(), plan.entries.len());
    let header =
        ["work", "subject", std::env::consts::ARCH, "aarch64", "ratio", "goal: 1.30"].map(str::to_owned);
    println!("{}", table(header.to_vec(), rows.collect()));
    println!("{is} of {of} take at most {GOAL} times the instructions.");
    println!(
        "{}: counted by callgrind. aarch64: counted by a plugin of QEMU, in its emulator.",
        std::env::consts::ARCH
    );
    Ok(())
}

/// The instructions of one operation of each cell, including the loop.
fn count(plan: &Plan, folder: &Path) -> Result<Vec<f64>> {
    let (program, plugin) = (build(folder)?, plugin(folder)?);
    let output = Command::new("qemu-aarch64")
        .args(["-L", &format!("/usr/{GNU}"), "-plugin"])
        .arg(plugin)
        .arg(program)
        .args(["count", Scope::Ours.name()])
        .output()
        .context("qemu-aarch64 is missing: apt-get install qemu-user")?;
    if !output.status.success() {
        bail!("qemu-aarch64: {}", String::from_utf8_lossy(&output.stderr));
    }
    let output = String::from_utf8_lossy(&output.stderr);
    let marks = output.lines().filter_map(|line| line.strip_prefix("instructions "));
    let marks = marks.map(str::parse).collect::<Result<Vec<u64>, _>>()?;
    let (cells, rest) = marks.as_chunks::<3>();
    if cells.len() != plan.entries.len() || !rest.is_empty() {
        bail!("{} marks for {} works; does the emulator support plugins?", marks.len(), plan.entries.len());
    }
    let cells = plan.entries.iter().zip(cells);
    // From the first mark to the second there was one pass over the inputs, from the second to the third there were two.
    let one = |[start, once, twice]: &[u64; 3]| (twice - once) as f64 - (once - start) as f64;
    Ok(cells.map(|(entry, cell)| one(cell) / entry.cell.inputs as f64).collect())
}

/// Builds this program for aarch64, without the peers.
fn build(folder: &Path) -> Result<PathBuf> {
    let target = folder.join("emulated");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let compiler = format!("{GNU}-gcc");
    let built = Command::new(cargo)
        .args(["build", "--release", "--no-default-features", "--target", TARGET, "--target-dir"])
        .arg(&target)
        .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", &compiler)
        .env_remove("OPENTELEMETRY_CPP")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    if !built.success() {
        bail!("not built for aarch64: needs `rustup target add {TARGET}` and `apt-get install gcc-{GNU}`");
    }
    Ok(target.join(TARGET).join("release/tracebaton-benches"))
}

fn plugin(folder: &Path) -> Result<PathBuf> {
    let plugin = folder.join("instructions.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/c/emulator/instructions.c");
    let mut compiler = Command::new("cc");
    compiler.args(["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", source, "-o"]).arg(&plugin);
    if !compiler.status()?.success() {
        bail!("{source} was not compiled");
    }
    Ok(plugin)
}
