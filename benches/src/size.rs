//! The size of the library's machine code.

use crate::machine_code::{Function, MachineCode, size_of, text_of};
use crate::tables::table;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// For all functions that are not about other formats, in bytes.
const GOAL_OF_W3C: u64 = 28_000;
/// For a program that only reads and writes a traceparent, in bytes.
const GOAL_OF_TRACEPARENT: u64 = 3_000;

/// With a macro set, reads and writes a traceparent; otherwise does nothing.
const PROGRAM: &str = "
#include <tracebaton.h>

int main(int count, char **arguments) {
    tracebaton_context_t context = {{0}, {0}, 0, {0}, NULL, 0, NULL, 0};
#ifdef TRACED /* Otherwise, only the rest of the program is measured. */
    if (count > 1 && tracebaton_traceparent_parse(arguments[1], 55, &context) != TRACEBATON_OK)
        return 1;
    return tracebaton_traceparent_format(&context, arguments[0]);
#endif
    return count + arguments[0][0] + (int)context.trace_flags;
}
";

/// The committed table, beside this program's source.
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/size.md");
/// A larger share above the committed size is a regression, in percent.
const TOLERANCE: u64 = 3;
/// The row whose size is compared with the committed one.
const COMPARED: &str = "all functions for W3C headers";

/// What to do with the table besides printing it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Nothing,
    /// Fails if the size is more than 3 % above the committed one.
    Check,
    /// Writes the table to be committed.
    Bless,
}

/// Builds the release archive, and prints the size of its functions and the goals.
pub fn print(folder: &Path, then: Then) -> Result<()> {
    let archive = build()?;
    let code = MachineCode::of(&std::fs::read(&archive)?)?;
    let page = page(&code, traceparent_alone(&archive, folder)?);
    println!("{page}");
    match then {
        Then::Nothing => Ok(()),
        Then::Bless => Ok(std::fs::write(PATH, page)?),
        Then::Check => check(&std::fs::read_to_string(PATH)?, &page),
    }
}

/// Whether a public function is about the headers of other formats.
fn is_of_formats(name: &str) -> bool {
    ["_format_", "_formats", "_choice_", "headers_choose"].iter().any(|part| name.contains(part))
}

/// The page with all tables.
fn page(code: &MachineCode, traceparent: u64) -> String {
    let w3c = code.used(|name| !is_of_formats(name));
    let names: BTreeSet<_> = w3c.iter().map(|function| &function.name).collect();
    let all = code.used(|_| true);
    let formats: Vec<_> = all.iter().copied().filter(|function| !names.contains(&function.name)).collect();
    let goal = |size: u64, goal: u64| match size.checked_sub(goal) {
        Some(more) if more > 0 => vec![goal.to_string(), format!("+{more}")],
        _ => vec![goal.to_string(), "met".to_owned()],
    };
    let row =
        |name: &str, size: u64, rest: Vec<String>| [vec![name.to_owned(), size.to_string()], rest].concat();
    let sums = vec![
        row(COMPARED, size_of(&w3c), goal(size_of(&w3c), GOAL_OF_W3C)),
        row(
            "a program's parse and format of a traceparent",
            traceparent,
            goal(traceparent, GOAL_OF_TRACEPARENT),
        ),
        row("all functions, with those for other formats", size_of(&all), vec![String::new(); 2]),
    ];
    let header = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    format!(
        "# Bytes of machine code\n\n\
        Printed by `cargo run --release -p tracebaton-benches -- size`; `size --bless` writes this file. `libtracebaton.a`, \
        release, {}, {}.\n\n{}\n\n\
        ## Public functions\n\n\
        \"alone\" is the size of the function with everything that it calls: what a program grows by that calls no other.\n\n\
        {}\n\n\
        ## Private functions for W3C headers\n\n{}\n\n\
        ## Private functions for other formats only\n\n{}\n",
        std::env::consts::ARCH,
        env!("COMPILER"),
        table(header(&["", "bytes", "goal", "above"]), sums),
        table(header(&["function", "bytes", "alone"]), public(code, &all)),
        table(header(&["function", "bytes"]), private(&w3c)),
        table(header(&["function", "bytes"]), private(&formats)),
    )
}

fn public(code: &MachineCode, all: &[&Function]) -> Vec<Vec<String>> {
    let rows = sorted(all.iter().copied().filter(|function| function.is_public)).into_iter();
    let alone = |function: &Function| size_of(&code.used(|name| name == function.name));
    rows.map(|it| vec![it.name.clone(), it.size.to_string(), alone(it).to_string()]).collect()
}

fn private(functions: &[&Function]) -> Vec<Vec<String>> {
    let rows = sorted(functions.iter().copied().filter(|function| !function.is_public)).into_iter();
    rows.map(|function| vec![format!("`{}`", function.name), function.size.to_string()]).collect()
}

/// The largest first.
fn sorted<'a>(functions: impl Iterator<Item = &'a Function>) -> Vec<&'a Function> {
    let mut sorted: Vec<_> = functions.collect();
    sorted.sort_by(|left, right| right.size.cmp(&left.size).then_with(|| left.name.cmp(&right.name)));
    sorted
}

/// Compares the size of all functions for W3C headers with the committed one.
fn check(committed: &str, today: &str) -> Result<()> {
    let size = |page: &str| -> Result<u64> {
        let row = page.lines().find(|line| line.contains(COMPARED)).context("no row to compare")?;
        Ok(row.split('|').nth(2).context("no size")?.trim().parse()?)
    };
    let (before, now) = (size(committed)?, size(today)?);
    if now > before + before * TOLERANCE / 100 {
        bail!("{COMPARED}: {now} bytes, {before} committed\nto accept the new sizes: size --bless");
    }
    println!("{now} bytes, not more than {TOLERANCE} % above the committed {before}");
    Ok(())
}

/// Builds `libtracebaton.a` as its users do, beside this program.
fn build() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).context("a program in a target folder")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--release", "--manifest-path"]);
    build.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../ffi/libtracebaton/Cargo.toml"));
    if !build.arg("--target-dir").arg(target).status()?.success() {
        bail!("libtracebaton was not built");
    }
    Ok(target.join("release/libtracebaton.a"))
}

/// The code that a program grows by when it reads and writes a traceparent.
fn traceparent_alone(archive: &Path, folder: &Path) -> Result<u64> {
    let source = folder.join("traceparent.c");
    std::fs::write(&source, PROGRAM)?;
    let size = |name: &str, define: &[&str]| -> Result<u64> {
        let program = folder.join(name);
        let mut compiler = Command::new("cc");
        compiler.args(["-O2", "-Wl,--gc-sections", "-I", concat!(env!("CARGO_MANIFEST_DIR"), "/../include")]);
        compiler.args(define).arg(&source).arg(archive).arg("-o").arg(&program);
        let output = compiler.output()?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(text_of(&object::File::parse(&*std::fs::read(program)?)?))
    };
    Ok(size("traced", &["-DTRACED"])? - size("untraced", &[])?)
}
