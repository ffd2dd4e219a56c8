//! Counts instructions under callgrind, which gives the same number every time.

use crate::cell::Cell;
use crate::plan::Plan;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// callgrind counts inside this function, which it finds by its name.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn tracebaton_benches_counted(cell: &Cell, rounds: u64) {
    cell.rounds(rounds);
}

const COUNTED: &str = "tracebaton_benches_counted";

/// The runs under callgrind: each cell warms up over its inputs, then runs over them once and twice.
pub fn run(plan: &Plan) {
    for entry in &plan.entries {
        let inputs = entry.cell.inputs as u64;
        entry.cell.rounds(inputs);
        mark();
        tracebaton_benches_counted(&entry.cell, inputs);
        mark();
        tracebaton_benches_counted(&entry.cell, 2 * inputs);
        mark();
    }
}

/// A system call that an emulator's plugin takes as a mark; callgrind needs none.
fn mark() {
    let _ = std::os::unix::process::parent_id();
}

/// The instructions of one operation of each cell of a plan, including the loop; `None` without valgrind.
///
/// `arguments` start this program with the same plan.
pub fn count(plan: &Plan, arguments: &[&str], folder: &Path) -> Result<Option<Vec<f64>>> {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        return Ok(None);
    }
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder)?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no", "--dump-line=no"])
        .args([format!("--toggle-collect={COUNTED}"), format!("--dump-after={COUNTED}")])
        .arg(format!("--callgrind-out-file={}", folder.join("counts").display()))
        .arg(std::env::current_exe()?)
        .args(arguments)
        .output()?;
    if !output.status.success() {
        bail!("callgrind: {}", String::from_utf8_lossy(&output.stderr));
    }
    let count = |part: usize| total(&folder.join(format!("counts.{part}")));
    let cells = plan.entries.iter().enumerate();
    let counts = cells.map(|(index, entry)| {
        let (once, twice) = (count(2 * index + 1)?, count(2 * index + 2)?);
        Ok((twice - once) / entry.cell.inputs as f64)
    });
    counts.collect::<Result<_>>().map(Some)
}

/// The total of a part in callgrind's output.
fn total(path: &Path) -> Result<f64> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let totals = text.lines().find_map(|line| line.strip_prefix("totals: ")).context("no totals")?;
    Ok(totals.trim().parse()?)
}
