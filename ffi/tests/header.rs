//! `include/tracebaton.h` is `tracebaton.h.in` with what cbindgen makes of the sources, and compiles by itself in every
//! dialect it is meant for.

use cbindgen::ItemType;
use std::path::{Path, PathBuf};
use std::process::Command;
use tracebaton_linked::declared;

fn crate_directory() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn header_path() -> PathBuf {
    crate_directory().join("../include/tracebaton.h")
}

/// The template with each `@file@` or `@file kinds@` on a line of its own replaced by the items of that file of src.
fn generated() -> String {
    let template = include_str!("../tracebaton.h.in");
    let lines =
        template.lines().map(|line| match line.strip_prefix('@').and_then(|it| it.strip_suffix('@')) {
            Some(marker) => items(marker),
            None => format!("{}\n", with_version(line)),
        });
    lines.collect()
}

fn with_version(line: &str) -> String {
    line.replace("@VERSION@", env!("CARGO_PKG_VERSION"))
        .replace("@MAJOR@", env!("CARGO_PKG_VERSION_MAJOR"))
        .replace("@MINOR@", env!("CARGO_PKG_VERSION_MINOR"))
        .replace("@PATCH@", env!("CARGO_PKG_VERSION_PATCH"))
}

/// What cbindgen makes of one file, which cannot see the others: their types are known by their names, which are C's.
fn items(marker: &str) -> String {
    let (file, kinds) = marker.split_once(' ').unwrap_or((marker, ""));
    let mut config = cbindgen::Config::from_file(crate_directory().join("cbindgen.toml")).unwrap();
    config.export.item_types = match kinds {
        "" => vec![],
        "typedefs" => vec![ItemType::Typedefs],
        "enums" => vec![ItemType::Enums],
        _ => panic!("{kinds}"),
    };
    let source = crate_directory().join(format!("src/{file}.rs"));
    // By itself cbindgen takes only the types that functions of the same file use.
    let code = std::fs::read_to_string(&source).unwrap();
    let types = ["pub struct ", "pub enum ", "pub type "];
    let names = code.lines().filter_map(|line| types.iter().find_map(|kind| line.strip_prefix(kind)));
    config.export.include = names.filter_map(|name| name.split(' ').next()).map(str::to_owned).collect();
    let mut text = Vec::new();
    cbindgen::Builder::new().with_config(config).with_src(source).generate().unwrap().write(&mut text);
    let text = String::from_utf8(text).unwrap();
    assert!(!text.trim().is_empty(), "{marker}");
    // C knows a struct without the keyword, as C++ does.
    let text = text.replace("struct tracebaton_", "tracebaton_");
    format!("{}\n", text.replace("typedef tracebaton_", "typedef struct tracebaton_").trim())
}

#[test]
fn the_committed_header_is_the_generated_one() {
    let generated = generated();
    if std::env::var_os("TRACEBATON_BLESS").is_some() {
        std::fs::write(header_path(), &generated).unwrap();
    }
    let committed = std::fs::read_to_string(header_path()).unwrap_or_default();
    assert!(
        committed == generated,
        "include/tracebaton.h is stale: TRACEBATON_BLESS=1 cargo test -p tracebaton-ffi --test header rewrites it"
    );
}

/// The compilers that are there, each with the dialects that the header is meant for; gcc and g++ have to be there.
fn dialects() -> Vec<(&'static str, &'static str, &'static str)> {
    let mut dialects = Vec::new();
    for (compiler, language, standards) in [
        ("gcc", "c", ["c99", "c11"]),
        ("g++", "c++", ["c++11", "c++20"]),
        ("clang", "c", ["c99", "c11"]),
        ("clang++", "c++", ["c++11", "c++20"]),
    ] {
        let there = Command::new(compiler).arg("--version").output().is_ok();
        assert!(there || compiler.starts_with("clang"), "{compiler} is needed");
        if there {
            dialects.extend(standards.map(|standard| (compiler, language, standard)));
        }
    }
    dialects
}

fn compile(compiler: &str, language: &str, standard: &str, source: &Path) -> Result<(), String> {
    let output = Command::new(compiler)
        .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-x", language])
        .arg(format!("-std={standard}"))
        .arg(source)
        .output()
        .unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

#[test]
fn the_header_compiles_by_itself_in_every_dialect() {
    for (compiler, language, standard) in dialects() {
        let answer = compile(compiler, language, standard, &header_path());
        assert_eq!(answer, Ok(()), "{compiler} -std={standard}");
    }
}

#[test]
fn a_header_without_its_includes_does_not_compile() {
    let broken = Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken.h");
    std::fs::write(&broken, std::fs::read_to_string(header_path()).unwrap().replace("#include", "//"))
        .unwrap();
    for (compiler, language, standard) in dialects() {
        assert!(compile(compiler, language, standard, &broken).is_err(), "{compiler} -std={standard}");
    }
}

#[test]
fn every_public_name_has_the_prefix() {
    let header = std::fs::read_to_string(header_path()).unwrap();
    let code = without_comments(&header);
    let macros = code.lines().filter_map(|line| line.strip_prefix("#define "));
    let types = code.lines().filter_map(|line| {
        line.strip_suffix(';')?.strip_prefix("} ").or(line.strip_prefix("typedef int32_t "))
    });
    let mut names = 0;
    for name in macros.chain(types) {
        assert!(name.starts_with("TRACEBATON_") || name.starts_with("tracebaton_"), "{name}");
        names += 1;
    }
    assert!(names > 30, "only {names} names were found");
}

/// The first comment names every function once.
#[test]
fn every_function_is_at_a_glance() {
    let header = std::fs::read_to_string(header_path()).unwrap();
    let (_, glance) = header.split_once(" * Functions at a glance\n").unwrap();
    let (glance, _) = glance.split_once(" * Laws").unwrap();
    let lines = glance.lines().filter_map(|line| line.strip_prefix(" *       "));
    let mut named: Vec<_> = lines.filter_map(|line| line.split(' ').next()).collect();
    named.sort();
    assert_eq!(named, declared());
}

/// The hop of the first comment is that of examples/hop.c, which a test runs.
#[test]
fn the_hop_is_that_of_the_example() {
    let header = std::fs::read_to_string(header_path()).unwrap();
    let (_, hop) = header.split_once("record to a produced one\n *\n").unwrap();
    let (hop, _) = hop.split_once(" *\n").unwrap();
    let code: String = hop.lines().map(|line| format!("{}\n", line.strip_prefix(" * ").unwrap())).collect();
    assert!(code.lines().count() > 4, "{code}");
    assert!(include_str!("../examples/hop.c").contains(&code), "{code}");
}

/// What the examples in the comments use and do not declare.
const SURROUNDINGS: &str = "
#include <stdio.h>
#include <stdlib.h>
extern tracebaton_trace_id_t trace_id;
extern tracebaton_span_id_t span_id;
extern tracebaton_context_t span;
extern tracebaton_extracted_t received, records[], extracted;
extern tracebaton_header_t *headers, header;
extern tracebaton_reader_t reader;
extern tracebaton_raw_headers_t raw;
extern tracebaton_injection_t injection;
extern tracebaton_status_t status;
extern const void *block;
extern size_t i, count, capacity, record_count, block_size, offset;
extern uint8_t flags;
int example(void);
int example(void) {
";

/// The indented code in the comments, which the man pages show as code; without the list of functions.
fn examples(header: &str) -> Vec<String> {
    let mut examples = vec![String::new()];
    for line in header.lines().filter(|line| !line.starts_with(" *       tracebaton_")) {
        match line.strip_prefix(" *     ") {
            Some(code) => *examples.last_mut().unwrap() += &format!("{code}\n"),
            None => examples.push(String::new()),
        }
    }
    examples.retain(|example| example.contains(';'));
    examples
}

/// Compiles an example as the body of a function.
fn compile_example(example: &str) -> Result<(), String> {
    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("example.c");
    let header = header_path();
    let code = format!("#include \"{}\"{SURROUNDINGS}{example}return 0;\n}}\n", header.display());
    std::fs::write(&source, code).unwrap();
    compile("gcc", "c", "c99", &source)
}

#[test]
fn the_examples_in_comments_compile() {
    let header = std::fs::read_to_string(header_path()).unwrap();
    let examples = examples(&header);
    assert!(examples.len() > 7, "only {}", examples.len());
    for example in examples {
        assert_eq!(compile_example(&example), Ok(()), "{example}");
        let broken = example.replacen("tracebaton_", "tracebeton_", 1);
        assert!(compile_example(&broken).is_err(), "{broken}");
    }
}

fn without_comments(header: &str) -> String {
    let mut code = String::new();
    for (index, part) in header.split("/*").enumerate() {
        code += if index == 0 { part } else { part.split_once("*/").unwrap().1 };
    }
    code
}
