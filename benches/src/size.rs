//! The size of the library's machine code.

use crate::tables::table;
use anyhow::{Context, Result, bail};
use object::read::archive::ArchiveFile;
use object::{Object, ObjectSection, ObjectSymbol, SectionKind};
use std::path::{Path, PathBuf};
use std::process::Command;

/// For the whole library, in bytes.
const GOAL_IN_ALL: u64 = 24_000;
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

/// Builds the release archive, and prints the size of its code and the goals.
pub fn print(folder: &Path) -> Result<()> {
    let archive = build()?;
    let code = Code::of(&std::fs::read(&archive)?)?;
    let traceparent = traceparent_alone(&archive, folder)?;
    println!("Bytes of machine code in libtracebaton.a, release, {}\n", std::env::consts::ARCH);
    let total = code.functions.iter().map(|(_, size)| size).sum::<u64>();
    let goal = |size, goal| if size < goal { "met".to_owned() } else { format!("+{} bytes", size - goal) };
    let row = |name: &str, size: u64, goal: &str, verdict: String| {
        vec![name.to_owned(), size.to_string(), goal.to_owned(), verdict]
    };
    let mut rows = vec![
        row("everything", code.all, "< 24000", goal(code.all, GOAL_IN_ALL)),
        row(
            "a program's parse and format of a traceparent",
            traceparent,
            "< 3000",
            goal(traceparent, GOAL_OF_TRACEPARENT),
        ),
        row("what the public functions share", code.all.saturating_sub(total), "", String::new()),
    ];
    rows.extend(code.functions.iter().map(|(name, size)| row(name, *size, "", String::new())));
    println!("{}", table(["", "bytes", "goal", ""].map(str::to_owned).to_vec(), rows));
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

/// The machine code of the archive's own object.
struct Code {
    all: u64,
    /// The public functions by name.
    functions: Vec<(String, u64)>,
}

impl Code {
    /// Other objects in the archive are the compiler's builtins, which a linker uses only if they are needed.
    fn of(archive: &[u8]) -> Result<Self> {
        let mut code = Self { all: 0, functions: Vec::new() };
        for member in ArchiveFile::parse(archive)?.members() {
            let Ok(object) = object::File::parse(member?.data(archive)?) else { continue };
            let name = |symbol: &object::Symbol<'_, '_>| Some(symbol.name().ok()?.to_owned());
            let is_ours = |name: &String| name.starts_with("tracebaton_");
            let public = object.symbols().filter(|symbol| symbol.is_global() && !symbol.is_undefined());
            let functions: Vec<_> =
                public.filter_map(|it| Some((name(&it).filter(is_ours)?, it.size()))).collect();
            if !functions.is_empty() {
                code.all += text_of(&object);
                code.functions.extend(functions);
            }
        }
        code.functions.sort();
        if code.functions.is_empty() {
            bail!("the archive has no function of the library");
        }
        Ok(code)
    }
}

fn text_of(object: &object::File<'_>) -> u64 {
    object
        .sections()
        .filter(|section| section.kind() == SectionKind::Text)
        .map(|section| section.size())
        .sum()
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
