//! No C or Rust function reaches the panic handler on a bare board, with each kind of link-time optimisation.

use crate::Failure;
use crate::board::Board;
use crate::build::Tools;
use std::path::Path;
use tracebaton_linked::{Reached, archive_symbols, declared};

/// Builds for release at opt-level s: the link-time optimisation, whether the program checks for overflow, and the boards.
/// Without link-time optimisation a standard library of its own is needed, so it has fewer boards.
const BUILDS: [(&str, bool, &[Board]); 3] = [
    ("fat", false, &[Board::CORTEX_M0, Board::CORTEX_M4F, Board::RISC_V]),
    ("fat", true, &[Board::CORTEX_M0, Board::CORTEX_M4F, Board::RISC_V]),
    ("off", false, &[Board::CORTEX_M4F, Board::RISC_V]),
];
/// A function that can panic, which each build must find.
const CONTROL: &str = "control_indexes";

/// Links all functions in each build for these boards, and returns the number of builds.
///
/// # Errors
///
/// If a panic is reachable, or the control is not.
pub fn prove(tools: &Tools, boards: &[&Board]) -> Result<usize, Failure> {
    let mut count = 0;
    for (lto, overflow_checks, of) in BUILDS {
        for board in of.iter().filter(|board| boards.contains(board)) {
            let archive = tools.linked_archive(board, lto, overflow_checks)?;
            let build = format!("{}, lto {lto}, overflow checks {overflow_checks}", board.processor);
            nothing_is_missed(board, &archive, lto, overflow_checks)
                .map_err(|error| format!("{build}: {error}"))?;
            count += 1;
        }
    }
    Ok(count)
}

fn nothing_is_missed(board: &Board, archive: &Path, lto: &str, overflow_checks: bool) -> Result<(), Failure> {
    let exported = archive_symbols(archive).exported;
    let rust: Vec<_> = exported.into_iter().filter(|name| name.starts_with("rust_")).collect();
    if rust.len() < 23 {
        return Err(format!("only {rust:?}").into());
    }
    let functions = [declared(), rust.clone(), vec![CONTROL.to_owned()]].concat();
    let reached = Reached::linked_by(board.binutils_linker(), archive, &functions);
    let is_ours = |way: &String| functions.iter().any(|function| way.starts_with(&format!("{function} -> ")));
    let (control, mut ways): (Vec<_>, Vec<_>) =
        reached.ways_to_missing().into_iter().filter(is_ours).partition(|way| way.starts_with(CONTROL));
    if overflow_checks {
        // A program compiles `heapless::Vec` with its own options, and that adds and subtracts lengths.
        ways.retain(|way| !way.contains("heapless::vec::") && !way.starts_with("rust_refilled -> "));
    }
    if lto == "off" {
        // The standard library of these targets keeps checks in its formatting: `Display` and `Debug` use it.
        ways.retain(|way| !way.starts_with("rust_text_of_"));
    }
    match (control.len(), ways.is_empty()) {
        (1, true) => Ok(()),
        (1, false) => Err(ways.join("\n").into()),
        _ => Err("the panic of the control is not found".into()),
    }
}
