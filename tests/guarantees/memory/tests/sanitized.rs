//! The project's C programs with the compilers' sanitizers in the program and in the library, and under valgrind.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tracebaton_linked::{Build, Copy, compilers, has_sanitizers, is_installed, project, skip};

const BOTH_SIDES: &str = "-Zsanitizer=address -Ccodegen-units=1";
const SANITIZERS: [&str; 3] =
    ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];
const VALGRIND: [&str; 4] =
    ["-q", "--leak-check=full", "--errors-for-leak-kinds=definite", "--error-exitcode=9"];
/// A program that calls every function, and the example in the manual.
const PROGRAMS: [&str; 2] = ["ffi/tests/c/exercise.c", "ffi/examples/hop.c"];

/// A value in a heap allocation of exactly its size.
const ONE_VALUE: &str = r#"
#include <stdlib.h>
#include <string.h>
#include <tracebaton.h>

int main(int count, char **arguments) {
    static const char text[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    tracebaton_context_t context;
    char *value = malloc(sizeof text - 1); /* Without the terminator. */
    memcpy(value, text, sizeof text - 1);
    (void)arguments;
#ifdef OVERFLOW /* The control of UndefinedBehaviorSanitizer. */
    count += 2147483647;
#endif
    count += tracebaton_traceparent_parse(value, sizeof text - 1, &context);
    free(value);
    return count - 1;
}
"#;

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// The library, built from these sources with these flags.
fn library(sources: &Path, flags: &str) -> PathBuf {
    let builds = temporary("builds");
    let (package, opt_level, lto) = ("libtracebaton", "3", "fat");
    Build { package, opt_level, lto, overflow_checks: false, flags, sources, builds: &builds }
        .archive()
        .unwrap()
}

/// A copy of the sources in which a function of the library reads the byte after a value.
fn copy_with_overrun(name: &str) -> Copy {
    let behind = "let parent = TraceParent::parse(bytes(FIRST, value, SECOND, value_size)?)?;";
    let overrun = "core::hint::black_box(value.add(value_size).read_volatile());";
    Copy::new(&temporary(name)).insert("ffi/src/traceparent.rs", behind, overrun)
}

/// The installed C compilers that have sanitizers.
fn sanitizing_compilers() -> impl Iterator<Item = &'static str> {
    compilers().into_iter().filter(|compiler| has_sanitizers(compiler))
}

fn compile(compiler: &str, flags: &[&str], source: &Path, library: &Path, program: &str) -> PathBuf {
    let program = temporary(&format!("{program}-{compiler}"));
    let output = Command::new(compiler)
        .args(["-std=c99", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-I"])
        .arg(project().join("include"))
        .args(flags)
        .arg(source)
        .arg(library)
        .args(["-Wl,--gc-sections", "-o"])
        .arg(&program)
        .output()
        .unwrap();
    assert!(output.status.success(), "{compiler}: {}", String::from_utf8_lossy(&output.stderr));
    program
}

fn one_value() -> PathBuf {
    let source = temporary("one_value.c");
    std::fs::write(&source, ONE_VALUE).unwrap();
    source
}

fn printed(output: &Output) -> String {
    let parts = [&output.stdout, &output.stderr].map(|part| String::from_utf8_lossy(part));
    format!("{}\n{}", output.status, parts.concat())
}

#[track_caller]
fn passes(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", printed(&output));
}

#[track_caller]
fn reports(command: &mut Command, words: &[&str]) {
    let output = command.output().unwrap();
    let printed = printed(&output);
    assert!(!output.status.success(), "{command:?} finds nothing: {printed}");
    assert!(words.iter().all(|word| printed.contains(word)), "{command:?}: {printed}");
}

fn valgrind(program: &Path) -> Command {
    let mut command = Command::new("valgrind");
    command.args(VALGRIND).arg(program);
    command
}

#[test]
fn under_sanitizers_on_both_sides() {
    let library = library(&project(), BOTH_SIDES);
    for compiler in sanitizing_compilers() {
        for source in PROGRAMS {
            let name = Path::new(source).file_stem().unwrap().to_string_lossy();
            let program = compile(compiler, &SANITIZERS, &project().join(source), &library, &name);
            passes(&mut Command::new(&program));
        }
        let program = compile(compiler, &SANITIZERS, &one_value(), &library, "one_value");
        passes(&mut Command::new(&program));
    }
}

#[test]
fn under_valgrind() {
    if !is_installed("valgrind") {
        return skip("the C programs under valgrind", "it is not installed");
    }
    let library = library(&project(), "");
    for compiler in compilers() {
        for source in PROGRAMS {
            let name = format!("{}-valgrind", Path::new(source).file_stem().unwrap().to_string_lossy());
            let program = compile(compiler, &[], &project().join(source), &library, &name);
            passes(&mut valgrind(&program));
        }
        passes(&mut valgrind(&compile(compiler, &[], &one_value(), &library, "one_value-valgrind")));
    }
}

#[test]
fn an_overrun_inside_the_library_is_reported() {
    let copy = copy_with_overrun("overrun");
    let words = ["heap-buffer-overflow", "READ of size 1", "tracebaton_traceparent_parse"];
    let sanitized = library(copy.folder(), BOTH_SIDES);
    let plain = library(copy.folder(), "");
    for compiler in sanitizing_compilers() {
        let program = compile(compiler, &SANITIZERS, &one_value(), &sanitized, "overrun");
        reports(&mut Command::new(program), &words);
        let program = compile(compiler, &SANITIZERS, &one_value(), &plain, "overrun-one-side");
        passes(&mut Command::new(program)); // the fault is found only if the library is built with it, too
    }
    if !is_installed("valgrind") {
        return skip("the overrun under valgrind", "it is not installed");
    }
    for compiler in compilers() {
        let program = compile(compiler, &[], &one_value(), &plain, "overrun-valgrind");
        reports(&mut valgrind(&program), &["Invalid read of size 1", "tracebaton_traceparent_parse"]);
    }
}

#[test]
fn undefined_behaviour_is_reported() {
    let library = library(&project(), BOTH_SIDES);
    for compiler in sanitizing_compilers() {
        let flags = [&SANITIZERS[..], &["-DOVERFLOW"]].concat();
        let program = compile(compiler, &flags, &one_value(), &library, "overflow");
        reports(&mut Command::new(program), &["signed integer overflow"]);
    }
}
