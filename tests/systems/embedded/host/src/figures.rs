//! The figures that are published for a release.

use crate::board::Board;
use crate::build::{Level, Tools};
use crate::elf::{Chain, Program, depth};
use crate::vectors::Outcome;
use crate::{Failure, build};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The measured functions: extract, make a child, inject.
pub const FUNCTIONS: [&str; 3] = ["figures_extract", "figures_child", "figures_inject"];

/// The largest stack of a call, in bytes.
pub const MOST_STACK: u64 = 1024;

/// The sizes and stacks of one target at one optimisation level.
#[derive(Clone, Debug)]
pub struct Size {
    /// Bytes of code.
    pub text: u64,
    /// Bytes of constants.
    pub constants: u64,
    /// The deepest chain of calls of each of [`FUNCTIONS`].
    pub stacks: Vec<Chain>,
}

/// All figures of one board.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The board.
    pub board: Board,
    /// The outcome of the rows.
    pub outcome: Outcome,
    /// How many of the rows with a wrong expected outcome failed; all must.
    pub spoiled: usize,
    /// The sizes if built for size.
    pub size: Size,
    /// The sizes if built for speed.
    pub speed: Size,
    /// Instructions of calls by name; empty if they are not counted on this board.
    pub instructions: BTreeMap<String, u32>,
}

/// Measures a target at a level.
///
/// # Errors
///
/// If it does not build, or a call needs too much stack.
pub fn size(tools: &Tools, board: &Board, level: Level) -> Result<Size, Failure> {
    let program = Program::read(&std::fs::read(tools.figures(board, level)?)?)?;
    let stacks = FUNCTIONS.iter().map(|name| program.deepest(name)).collect::<Result<Vec<_>, _>>()?;
    for chain in &stacks {
        if depth(chain) >= MOST_STACK && board.is_bare() {
            return Err(format!("{}: {} bytes of stack: {chain:?}", board.target, depth(chain)).into());
        }
    }
    Ok(Size { text: program.text, constants: program.constants, stacks })
}

/// All figures as tables in Markdown.
///
/// # Errors
///
/// Never; writing text does not fail.
pub fn tables(all: &[Measured]) -> Result<String, Failure> {
    let mut text = String::from(HEAD);
    rows_table(all, &mut text)?;
    size_table(all, &mut text)?;
    stack_table(all, &mut text)?;
    instruction_table(all, &mut text)?;
    Ok(text)
}

/// The results that only the Cortex-M4F has: the C library, and the firmware example.
///
/// # Errors
///
/// Never; writing text does not fail.
pub fn of_the_m4(c: &Outcome, firmware: &str) -> Result<String, Failure> {
    let mut text = String::from("\n## Cortex-M4F alone\n\n");
    let (ran, skipped) = (c.total(), c.skipped);
    writeln!(
        text,
        "{ran} rows ran from C with the release archive. {skipped} cannot run: they need a read-only carrier, and"
    )?;
    writeln!(
        text,
        "an array of headers is never read-only.\n\nThe firmware example over its UART: {firmware}"
    )?;
    Ok(text)
}

/// Writes the tables beside the README.
///
/// # Errors
///
/// If they cannot be written.
pub fn write(tables: &str) -> Result<(), Failure> {
    Ok(std::fs::write(build::project().join("tests/systems/embedded/figures.md"), tables)?)
}

const HEAD: &str = "\
# Figures

`tests/systems/embedded/run` writes this page. [README.md](README.md) explains the figures.

## Conformance vectors

";

fn rows_table(all: &[Measured], text: &mut String) -> Result<(), Failure> {
    let Some(first) = all.first() else { return Err("no such target".into()) };
    line(text, "rows of", all.iter().map(|measured| measured.board.processor.to_owned()))?;
    rule(text, all.len())?;
    for file in first.outcome.ran.keys() {
        let ran = |measured: &Measured| measured.outcome.ran.get(file).map_or("-".to_owned(), u32::to_string);
        line(text, &format!("`{file}`"), all.iter().map(ran))?;
    }
    line(text, "**all**", all.iter().map(|measured| format!("**{}**", measured.outcome.total())))?;
    line(text, "parts (runs of the program)", all.iter().map(|measured| measured.outcome.parts.to_string()))?;
    line(
        text,
        "wrong expectations detected (control)",
        all.iter().map(|measured| measured.spoiled.to_string()),
    )
}

fn size_table(all: &[Measured], text: &mut String) -> Result<(), Failure> {
    writeln!(text, "\n## Size of extract, child and inject, in bytes\n")?;
    line(
        text,
        "target",
        ["`.text`, opt s", "constants, opt s", "`.text`, opt 3", "constants, opt 3"].map(str::to_owned),
    )?;
    rule(text, 4)?;
    for Measured { board, size, speed, .. } in all {
        let sizes = [size.text, size.constants, speed.text, speed.constants];
        line(text, &format!("`{}`", board.target), sizes.map(|size| size.to_string()))?;
    }
    Ok(())
}

fn stack_table(all: &[Measured], text: &mut String) -> Result<(), Failure> {
    writeln!(text, "\n## Deepest stack, in bytes\n")?;
    let names = [
        "extract, opt s",
        "child, opt s",
        "inject, opt s",
        "extract, opt 3",
        "child, opt 3",
        "inject, opt 3",
        "extract, seen",
        "inject, seen",
    ];
    line(text, "processor", names.map(str::to_owned))?;
    rule(text, names.len())?;
    for Measured { board, size, speed, outcome, .. } in all {
        let calls = size.stacks.iter().chain(&speed.stacks).map(|chain| depth(chain).to_string());
        let seen = ["stack extract", "stack inject"]
            .map(|name| outcome.figures.get(name).map_or("-".to_owned(), u32::to_string));
        line(text, board.processor, calls.chain(seen))?;
    }
    Ok(())
}

fn instruction_table(all: &[Measured], text: &mut String) -> Result<(), Failure> {
    writeln!(text, "\n## Instructions of one call, opt 3\n")?;
    let names = ["parse", "format", "extract", "refuse", "child"];
    line(text, "processor", names.map(str::to_owned))?;
    rule(text, names.len())?;
    for Measured { board, instructions, .. } in
        all.iter().filter(|measured| !measured.instructions.is_empty())
    {
        let count = |name: &str| {
            instructions.get(&format!("instructions {name}")).map_or("-".to_owned(), u32::to_string)
        };
        line(text, board.processor, names.map(count))?;
    }
    Ok(())
}

fn line(text: &mut String, first: &str, cells: impl IntoIterator<Item = String>) -> Result<(), Failure> {
    write!(text, "| {first} |")?;
    for cell in cells {
        write!(text, " {cell} |")?;
    }
    writeln!(text)?;
    Ok(())
}

fn rule(text: &mut String, columns: usize) -> Result<(), Failure> {
    writeln!(text, "| --- |{}", " ---: |".repeat(columns))?;
    Ok(())
}
