//! The figures that are published for a release.

use crate::board::Board;
use crate::build::{Level, Tools};
use crate::elf::{Chain, Program, depth};
use crate::vectors::Outcome;
use crate::{Failure, build};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A use of the codec, and its functions in the package of the figures.
type Use = (&'static str, &'static [&'static str]);

/// Uses whose size is measured. Each is linked alone.
pub const USES: [Use; 7] = [
    ("parse and format a `traceparent`", &["figures_parse", "figures_format"]),
    ("`traceparent` alone: extract, child, inject", &["figures_ids", "figures_inject"]),
    ("all three headers: extract, child, inject", &HOP),
    ("all three headers, and keep the context", &[HOP[0], HOP[1], HOP[2], "figures_keep"]),
    ("all three headers, and name broken rules", &[HOP[0], HOP[1], HOP[2], "figures_name"]),
    (
        "all three headers, and change tracestate and baggage",
        &[HOP[0], HOP[1], HOP[2], "figures_insert", "figures_set"],
    ),
    ("all three headers, and write errors as sentences", &[HOP[0], HOP[1], HOP[2], "figures_sentence"]),
];

/// The use whose stack is measured as well.
pub const HOP: [&str; 3] = ["figures_extract", "figures_child", "figures_inject"];

/// The largest stack of a call, in bytes.
pub const MOST_STACK: u64 = 1024;

/// The sizes and stacks of one target at one optimisation level.
#[derive(Clone, Debug)]
pub struct Size {
    /// Bytes of code and of constants of each of [`USES`].
    pub uses: Vec<(u64, u64)>,
    /// The deepest chain of calls of each function of [`HOP`]; empty if the stack is not in memory.
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
    let archive = tools.figures(board, level)?;
    let linked = |functions| Program::read(&std::fs::read(tools.linked(board, &archive, functions)?)?);
    let uses =
        USES.iter().map(|(_, functions)| linked(functions).map(|program| (program.text, program.constants)));
    let uses = uses.collect::<Result<Vec<_>, Failure>>()?;
    let mut stacks = Vec::new();
    if board.has_frames() {
        let program = linked(&HOP)?;
        stacks = HOP.iter().map(|name| program.deepest(name)).collect::<Result<_, _>>()?;
    }
    for chain in &stacks {
        if depth(chain) >= MOST_STACK && board.is_bare() {
            return Err(format!("{}: {} bytes of stack: {chain:?}", board.target, depth(chain)).into());
        }
    }
    Ok(Size { uses, stacks })
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

/// That no panic is reachable, in so many builds.
pub fn of_linked(builds: usize) -> String {
    format!(
        "\n## Panics\n\nNo C or Rust function reaches the panic handler in {builds} builds at opt-level s for the bare boards: with\n\
         fat link-time optimisation, without any, and in programs that check for overflow. Without link-time\n\
         optimisation, the standard library's formatting keeps checks, so `Display` and `Debug` are left out there.\n\
         A control that can panic is found in each.\n"
    )
}

/// The results of programs: the C library, and the firmware examples.
///
/// # Errors
///
/// Never; writing text does not fail.
pub fn of_programs(c: &[(&Board, Outcome)], programs: &str, firmware: &str) -> Result<String, Failure> {
    let mut text = String::from("\n## The C library and the firmware examples\n\n");
    for (board, outcome) in c {
        writeln!(
            text,
            "- {}: {} rows ran from C with the installed archive.",
            board.processor,
            outcome.total()
        )?;
        writeln!(
            text,
            "  {} cannot run: they need a read-only carrier, and an array of headers is never read-only.",
            outcome.skipped
        )?;
    }
    writeln!(
        text,
        "- {programs} programs in C and C++ ran with the library that `make -C ffi` installs for bare metal."
    )?;
    writeln!(text, "- The firmware example over its UART: {firmware}")?;
    writeln!(text, "- The embassy example sent its alarms and its log, as its README shows.")?;
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
    for (title, of) in
        [("s", (|measured| &measured.size) as fn(&Measured) -> &Size), ("3", |measured| &measured.speed)]
    {
        writeln!(text, "\n## Size by use, opt {title}: code + constants, in bytes\n")?;
        line(text, "use", all.iter().map(|measured| measured.board.processor.to_owned()))?;
        rule(text, all.len())?;
        for (index, (name, _)) in USES.iter().enumerate() {
            let size = |measured| {
                of(measured)
                    .uses
                    .get(index)
                    .map_or("-".to_owned(), |(code, constants)| format!("{code} + {constants}"))
            };
            line(text, name, all.iter().map(size))?;
        }
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
    let with_stack = all.iter().filter(|measured| !measured.size.stacks.is_empty());
    for Measured { board, size, speed, outcome, .. } in with_stack {
        let calls = size.stacks.iter().chain(&speed.stacks).map(|chain| depth(chain).to_string());
        let seen = ["stack extract", "stack inject"]
            .map(|name| outcome.figures.get(name).map_or("-".to_owned(), u32::to_string));
        line(text, board.processor, calls.chain(seen))?;
    }
    Ok(())
}

fn instruction_table(all: &[Measured], text: &mut String) -> Result<(), Failure> {
    writeln!(text, "\n## Instructions of one call, opt 3\n")?;
    let names = ["parse", "format", "extract", "long", "refuse", "child"];
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
