//! Checks the output of the examples without Kafka, and that the examples together call every function.

use crate::built::{Profile, compile, library, temporary};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tracebaton_linked::{compilers, declared};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// What the comment at the top says under "Prints", indented there.
fn promised(source: &str) -> String {
    let (comment, _) = source.split_once("*/").unwrap();
    let (_, after) = comment.split_once(" * Prints").expect("what it prints");
    let lines = after.lines().filter_map(|line| line.strip_prefix(" *     "));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn they_print_what_they_say() {
    let archive = library(Profile::Release).join("libtracebaton.a");
    for name in [
        "relay.c",
        "lists.c",
        "changes.c",
        "changes.cpp",
        "ids.c",
        "kept.c",
        "formats.c",
        "formats.cpp",
        "raw_headers.c",
        "gateway.c",
    ] {
        let source = folder().join(name);
        for compiler in compilers() {
            let output = temporary(&format!("{name}-{compiler}-example"));
            let (compiler, dialect) = match (name.ends_with(".cpp"), compiler) {
                (false, compiler) => (compiler, "-std=c99"),
                (true, "gcc") => ("g++", "-std=c++17"),
                (true, _) => ("clang++", "-std=c++17"),
            };
            compile(compiler, &[dialect, "-O2"], &source, &[&archive], &output);
            let printed = Command::new(output).output().unwrap();
            let printed = String::from_utf8(printed.stdout).unwrap();
            assert_eq!(printed, promised(&fs::read_to_string(&source).unwrap()), "{name} {compiler}");
        }
    }
}

/// All C there is in the examples, as one text.
fn examples() -> String {
    let files = ["", "c"].into_iter().flat_map(|part| fs::read_dir(folder().join(part)).unwrap());
    let paths = files.map(|file| file.unwrap().path());
    let sources = paths.filter(|path| path.extension().is_some_and(|it| it == "c" || it == "h"));
    sources.map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// The functions of the glue for librdkafka that are for use by themselves.
fn glue() -> Vec<&'static str> {
    let header = include_str!("../../../include/tracebaton_rdkafka.h");
    let declarations = header.lines().filter(|line| line.starts_with("TRACEBATON_RDKAFKA_API "));
    let names: Vec<_> =
        declarations.filter_map(|line| line.split_once('(')?.0.rsplit([' ', '*']).next()).collect();
    assert!(names.len() > 6, "only {names:?}");
    names
}

#[test]
fn every_function_is_in_an_example() {
    let examples = examples();
    let declared = declared();
    let functions = declared.iter().map(String::as_str).chain(glue());
    let missing: Vec<_> = functions.filter(|name| !examples.contains(&format!("{name}("))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
