//! The C and C++ snippets of the README, the guides and SECURITY.md are compiled, and run against librdkafka's mock
//! cluster.
//!
//! The situations are time-outs, ends of partitions, a missing message, no parent, a refused parent and a full queue.
//! The records that arrive on the topic are checked.
//!
//! A whole file runs in a harness such as `snippets/hop.c`; an excerpt runs as part of its example.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tracebaton_test_librdkafka::installed::{
    command, installed_librdkafka, sanitized_static_library, static_library,
};
use tracebaton_test_librdkafka::pages::{Block, blocks};
use tracebaton_test_librdkafka::{
    VALGRIND, WARNINGS, has_sanitizers, here, is_installed, project, run, skip,
};

#[path = "snippets/group.rs"]
mod group;
#[path = "snippets/guide.rs"]
mod guide;
#[path = "snippets/programs.rs"]
mod programs;

/// A way to build and run a program.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Plain,
    Sanitized,
    Valgrind,
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// Compiles C or C++ sources to a program with the installed librdkafka.
fn build(name: &str, language: &str, way: Way, sources: &[PathBuf], flags: &[String]) -> Option<PathBuf> {
    let librdkafka = installed_librdkafka("the snippets")?;
    let (library, sanitizers): (_, &[&str]) = match way {
        Way::Sanitized => (
            sanitized_static_library(folder()),
            &["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
        ),
        Way::Plain | Way::Valgrind => (static_library(folder()), &[]),
    };
    let compile = |source: &PathBuf| {
        let is_cpp = source.extension().is_some_and(|extension| extension == "cpp");
        let object = folder().join(format!("{name}-{}.o", source.file_name().unwrap().to_string_lossy()));
        run(command(if is_cpp { "g++" } else { "gcc" })
            .arg(if is_cpp { "-std=c++17" } else { "-std=c99" })
            .args(["-D_GNU_SOURCE", "-g", "-O1", "-Isnippets", "-Ic", "-I../../../include", "-c", "-o"])
            .arg(&object)
            .arg(source)
            .args(WARNINGS)
            .args(sanitizers)
            .args(flags));
        object
    };
    let objects: Vec<_> = sources.iter().map(compile).collect();
    let program = folder().join(name);
    run(command(if language == "cpp" { "g++" } else { "gcc" })
        .args(sanitizers)
        .args(objects)
        .arg(library)
        .args(librdkafka)
        .args(["-Wl,--gc-sections", "-ldl", "-o"])
        .arg(&program));
    Some(program)
}

/// The harness of a whole block; `None` if it needs OpenTelemetry. Such a block is compiled elsewhere.
fn harness(code: &str, language: &str) -> Option<&'static str> {
    match language {
        _ if code.contains("opentelemetry.hpp") => None,
        "c" if code.contains(" hop(") => Some("hop.c"),
        "cpp" if code.contains(" hop(") => Some("hop.cpp"),
        "c" if code.contains(" consume(") => Some("consume.c"),
        _ => panic!("nothing runs this block:\n{code}"),
    }
}

/// Builds the program that runs a snippet.
fn runner(name: &str, language: &str, way: Way, snippet: &Path, harness: &str) -> Option<PathBuf> {
    let local = |file: &str| here().join(file);
    let sources = [
        local("snippets").join(harness),
        local("snippets/scenario.c"),
        local("c/kafka.c"),
        local("c/lists.c"),
    ];
    let mut flags = vec![
        format!("-DSNIPPET=\"{}\"", snippet.display()),
        format!("-I{}", project().join("ffi/examples/c").display()),
    ];
    if fs::read_to_string(snippet).unwrap().contains("TRACEBATON_STR(\"tenant\"), TRACEBATON_STR(\"7\")") {
        flags.push("-DBAGGAGE=\"tenant=7\"".to_owned());
    }
    build(&format!("{name}-{}", way as u8), language, way, &sources, &flags)
}

fn command_of(program: &Path, way: Way) -> Command {
    if way != Way::Valgrind {
        return command(program);
    }
    let mut valgrind = command("valgrind");
    valgrind.args(VALGRIND).arg(program);
    valgrind
}

/// The whole blocks of all pages, and the excerpt that defines a `hop`, each with a file that contains it.
fn whole(language: &str) -> Vec<(String, PathBuf, String)> {
    let file = |(index, block): (usize, Block)| {
        let name = format!("snippet-{}-{index}.{language}", block.page_name());
        let path = match (block.is_whole(), block.code.contains(" hop(")) {
            (true, _) => folder().join(&name),
            (false, true) => block.example()?,
            (false, false) => return None,
        };
        if block.is_whole() {
            fs::write(&path, &block.code).unwrap();
        }
        Some((name, path, block.code))
    };
    blocks(language).into_iter().enumerate().filter_map(file).collect()
}

fn run_whole(language: &str, way: Way) {
    let mut count = 0;
    for (name, snippet, code) in whole(language) {
        let Some(harness) = harness(&code, language) else { continue };
        let Some(program) = runner(&name, language, way, &snippet, harness) else { return };
        print!("{name}: {}", run(&mut command_of(&program, way)));
        count += 1;
    }
    assert!(count > 1, "only {count} blocks of {language}");
}

#[test]
fn c_snippets() {
    run_whole("c", Way::Plain);
}

#[test]
fn cpp_snippets() {
    run_whole("cpp", Way::Plain);
}

#[test]
fn snippets_under_the_sanitizers() {
    if !has_sanitizers("g++") {
        return;
    }
    for language in ["c", "cpp"] {
        run_whole(language, Way::Sanitized);
    }
}

#[test]
fn snippets_under_valgrind() {
    if !is_installed("valgrind") {
        return skip("the snippets under valgrind", "valgrind is not installed");
    }
    for language in ["c", "cpp"] {
        run_whole(language, Way::Valgrind);
    }
}

/// Runs the example of retries in memory from a test program: records that are kept, their results, and a full queue.
fn run_retries(way: Way) {
    for language in ["c", "cpp"] {
        let example = project().join(format!("ffi/examples/{language}/retry.{language}"));
        let Some(program) =
            runner(&format!("retry-{language}"), language, way, &example, &format!("retry.{language}"))
        else {
            return;
        };
        print!("retry.{language}: {}", run(&mut command_of(&program, way)));
    }
}

#[test]
fn retries_in_memory() {
    run_retries(Way::Plain);
}

#[test]
fn retries_in_memory_under_the_sanitizers() {
    if has_sanitizers("g++") {
        run_retries(Way::Sanitized);
    }
}

#[test]
fn retries_in_memory_under_valgrind() {
    if is_installed("valgrind") {
        run_retries(Way::Valgrind);
    } else {
        skip("retries under valgrind", "valgrind is not installed");
    }
}

/// The control: a queue that copies the struct without the memory it points to is found.
#[test]
fn a_retry_that_is_an_assignment_is_found() {
    const COPY: &str =
        "tracebaton_context_copy(attempt, retry->texts, sizeof(retry->texts), &retry->attempt) < 0";
    let example = fs::read_to_string(project().join("ffi/examples/c/retry.c")).unwrap();
    assert!(example.contains(COPY));
    let snippet = folder().join("retry-by-assignment.c");
    fs::write(&snippet, example.replace(COPY, "(retry->attempt = *attempt, 0)")).unwrap();
    let Some(program) = runner("control-retry", "c", Way::Sanitized, &snippet, "retry.c") else { return };
    let output = command(program).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("heap-use-after-free"), "{said}");
}

/// The control: a snippet that produces a message which is not a record is found.
#[test]
fn a_snippet_that_ignores_err_is_found() {
    for language in ["c", "cpp"] {
        let snippet = here().join(format!("snippets/controls/hop.{language}"));
        let harness = format!("hop.{language}");
        let Some(program) = runner(&format!("control-{language}"), language, Way::Plain, &snippet, &harness)
        else {
            return;
        };
        let output = command(program).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("a record that nobody sent"), "{said}");
    }
}

/// The control: a snippet that loses the baggage it sets is found.
#[test]
fn a_snippet_that_loses_its_baggage_is_found() {
    const INJECT: &str = "    tracebaton_injection_prepare(&span";
    let is_it = |block: &Block| block.is_whole() && block.code.contains("tracebaton_baggage_set(");
    let block = blocks("c").into_iter().find(is_it).unwrap();
    assert!(block.code.contains(INJECT));
    let snippet = folder().join("control-baggage.c");
    fs::write(&snippet, block.code.replace(INJECT, &format!("    span.baggage_size = 0;\n{INJECT}")))
        .unwrap();
    let Some(program) = runner("control-baggage", "c", Way::Plain, &snippet, "hop.c") else { return };
    let output = command(program).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("baggage_size"), "{said}");
}

/// Every excerpt is part of a program that runs here.
#[test]
fn every_excerpt_is_of_a_program_that_runs() {
    for block in ["c", "cpp"].into_iter().flat_map(blocks).filter(|block| !block.is_whole()) {
        let example = block.example().unwrap_or_else(|| panic!("{}: in no example", block.page_name()));
        let name = example.strip_prefix(project().join("ffi/examples")).unwrap().to_str().unwrap().to_owned();
        assert!(programs::is_run(&name), "{name}, of which {} shows a part, is not run", block.page_name());
    }
}
