//! Builds the codec for six processors, runs all conformance vectors on them, and measures.
//! `tests/systems/embedded/run` starts this program.
//!
//! The arguments limit the run to these targets; then no figures are written.

use std::path::Path;
use std::time::Instant;
use tracebaton_test_embedded::board::Board;
use tracebaton_test_embedded::build::{Level, Tools, c_runner};
use tracebaton_test_embedded::figures::{self, Measured};
use tracebaton_test_embedded::vectors::{Outcome, Vectors, Which, instructions};
use tracebaton_test_embedded::{Failure, c_sizes, embassy, firmware, linked};

/// The package with the programs of bare boards.
const FIRMWARE: &str = "tracebaton-test-embedded-firmware";

fn main() -> Result<(), Failure> {
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    let is_chosen = |board: &&Board| chosen.is_empty() || chosen.iter().any(|target| target == board.target);
    let tools = Tools::of_environment()?;
    std::fs::create_dir_all(&tools.folder)?;
    let vectors = Vectors::read()?;
    let boards: Vec<_> = Board::ALL.iter().filter(is_chosen).collect();
    let bare: Vec<_> = boards.iter().copied().filter(|board| board.is_bare()).collect();
    step("build for bare boards", || tools.programs(&bare, FIRMWARE))?;
    let all = boards.iter().map(|board| measure(&tools, &vectors, board)).collect::<Result<Vec<_>, _>>()?;
    let mut report = figures::tables(&all)?;
    if !bare.is_empty() {
        let count = step("no panic is reachable", || linked::prove(&tools, &bare))?;
        report += &figures::of_linked(count);
    }
    if boards.contains(&&Board::CORTEX_M4F) {
        let (library, programs) = step("the C library", || tools.c_library())?;
        let archive = library.join(Board::CORTEX_M4F.target).join("lib/libtracebaton.a");
        report += &step("the C library: sizes", || c_sizes::table(&tools, &archive))?;
        let of = |board: &'static Board| {
            through_c(&tools, &vectors, board, &library).map(|outcome| (board, outcome))
        };
        let c = [&Board::CORTEX_M4F, &Board::AARCH64].map(of).into_iter().collect::<Result<Vec<_>, _>>()?;
        let firmware = step("the firmware example", || firmware::converse(&tools, &vectors))?;
        let embassy = step("the embassy example", || embassy::run(&tools))?;
        report += &figures::of_programs(&c, &programs, &firmware)?;
        print!("{embassy}");
    }
    println!("\n{report}");
    if chosen.is_empty() { figures::write(&report) } else { Ok(()) }
}

fn measure(tools: &Tools, vectors: &Vectors, board: &Board) -> Result<Measured, Failure> {
    let (package, binary) = match *board {
        Board::WASM32 => ("tracebaton-test-embedded-wasm", "wasm"),
        _ if board.is_bare() => (FIRMWARE, "vectors"),
        _ => ("tracebaton-test-embedded-linux", "linux"),
    };
    let program = step(&format!("{}: build", board.processor), || tools.program(board, package, binary))?;
    let outcome =
        step(&format!("{}: vectors", board.processor), || vectors.run(Which::All, tools, board, &program))?;
    let spoiled = vectors.run_spoiled(Which::All, tools, board, &program)?;
    let size = step(&format!("{}: sizes", board.processor), || figures::size(tools, board, Level::Size))?;
    let speed = figures::size(tools, board, Level::Speed)?;
    let instructions = match board.is_bare() {
        true => instructions(board, &tools.program(board, package, "instructions")?)?,
        false => Default::default(),
    };
    Ok(Measured { board: *board, outcome, spoiled, size, speed, instructions })
}

fn through_c(tools: &Tools, vectors: &Vectors, board: &Board, library: &Path) -> Result<Outcome, Failure> {
    let program = c_runner(tools, board, &library.join(board.target).join("lib/libtracebaton.a"))?;
    let name = format!("{}: vectors through C", board.processor);
    let outcome = step(&name, || vectors.run(Which::W3c, tools, board, &program))?;
    vectors.run_spoiled(Which::W3c, tools, board, &program)?;
    Ok(outcome)
}

fn step<T>(name: &str, run: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let start = Instant::now();
    let result = run().map_err(|error| format!("{name}: {error}").into());
    println!("{name}: {:.1} s", start.elapsed().as_secs_f32());
    result
}
