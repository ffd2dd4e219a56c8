//! `tracebaton.hpp`: what a user writes first compiles and works, what would dangle or be missed does not compile.

use crate::built::{Profile, compile, library, temporary};
use std::path::Path;
use std::process::Command;
use tracebaton_linked::{compilers, skip};

/// The C++ compilers that are there, by the dialects of the header.
fn ways() -> Vec<(&'static str, &'static str)> {
    let name = |compiler| if compiler == "gcc" { "g++" } else { "clang++" };
    let compilers = compilers().into_iter().map(name);
    compilers.flat_map(|compiler| ["c++17", "c++20"].map(|dialect| (compiler, dialect))).collect()
}

#[test]
fn values_do_what_they_say() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c/values.cpp");
    let archive = library(Profile::Release).join("libtracebaton.a");
    for (compiler, dialect) in ways() {
        let output = temporary(&format!("values-{compiler}-{dialect}"));
        let dialect = format!("-std={dialect}");
        compile(compiler, &[&dialect, "-O2"], &source, &[&archive], &output);
        let run = Command::new(output).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&run.stdout), "0 failures\n", "{compiler} {dialect}");
    }
}

/// Every address and lifetime in the same program is right, as gcc's sanitizers see it.
#[test]
fn values_are_sound() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c/values.cpp");
    let archive = library(Profile::Release).join("libtracebaton.a");
    let output = temporary("values-sanitized");
    let flags = ["-std=c++17", "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    compile("g++", &flags, &source, &[&archive], &output);
    let run = Command::new(output).output().unwrap();
    let (printed, found) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert_eq!((printed.as_ref(), found.as_ref()), ("0 failures\n", ""));
}

/// What comes before a statement.
const BEFORE: &str = "
#include <string>
#include <vector>
#include <tracebaton.hpp>
using namespace tracebaton;
std::vector<std::pair<std::string, std::string>> headers;
std::string topic_of(int);
void test(trace_id id, context span, owned_context (*kept)(), const owned_context &there, injection (*sent)(), char (&room)[64]) {
    (void)id, (void)span, (void)kept, (void)there, (void)sent, (void)room;
";

/// Statements that must not compile with -Werror=unused-result, each beside the same done right.
const ROWS: [(&str, &str, &str); 20] = [
    (
        "a view of digits that are gone",
        "std::string_view v = id.hex(); (void)v;",
        "auto d = id.hex(); std::string_view v = d; (void)v;",
    ),
    (
        "a view of digits that are gone, by assignment",
        "std::string_view v; v = id.hex(); (void)v;",
        "std::string v; v = id.hex(); (void)v;",
    ),
    (
        "a context of a copy that is gone",
        "auto c = kept().context(); (void)c;",
        "auto c = there.context(); (void)c;",
    ),
    (
        "headers of an injection that is gone",
        "auto h = sent().headers(); (void)h;",
        "auto i = sent(); auto h = i.headers(); (void)h;",
    ),
    (
        "an error that is missed: set_baggage",
        "span.set_baggage(\"a b\", \"\", room);",
        "if (span.set_baggage(\"a\", \"\", room).is_error()) return;",
    ),
    (
        "an error that is missed: remove_baggage",
        "span.remove_baggage(\"a b\", room);",
        "if (span.remove_baggage(\"a\", room).is_error()) return;",
    ),
    (
        "an error that is missed: insert_tracestate",
        "span.insert_tracestate(\"A\", \"1\", room);",
        "(void)span.insert_tracestate(\"a\", \"1\", room);",
    ),
    (
        "an error that is missed: delete_tracestate",
        "span.delete_tracestate(\"A\", room);",
        "(void)span.delete_tracestate(\"a\", room);",
    ),
    (
        "an error that is missed: truncate_tracestate",
        "span.truncate_tracestate(1, room);",
        "(void)span.truncate_tracestate(512, room);",
    ),
    (
        "a result that is missed: child",
        "span.child(*span_id::from_hex(\"00f067aa0ba902b7\"));",
        "auto c = span.child(*span_id::from_hex(\"00f067aa0ba902b7\")); (void)c;",
    ),
    ("a result that is missed: from_hex", "trace_id::from_hex(\"0\");", "(void)trace_id::from_hex(\"0\");"),
    ("a result that is missed: extract", "extract(headers);", "auto e = extract(headers); (void)e;"),
    (
        "a result that is missed: extract_joined",
        "extract_joined(headers, room);",
        "(void)extract_joined(headers, room);",
    ),
    (
        "a result that is missed: admit",
        "span.admit(trust_policy::restart_without_link);",
        "(void)span.admit(trust_policy::restart_without_link);",
    ),
    (
        "values that are no bytes",
        "std::vector<std::pair<std::string, std::vector<int>>> h; (void)extract(h);",
        "std::vector<std::pair<std::string, std::vector<char>>> h; (void)extract(h);",
    ),
    (
        "ids that are mixed up",
        "auto c = span.child(id); (void)c;",
        "auto c = context::root(id, *span_id::from_hex(\"00f067aa0ba902b7\"), 0); (void)c;",
    ),
    (
        "the others of a choice that is gone",
        "auto o = choose(headers, {format::b3}, true).others(); (void)o;",
        "auto c = choose(headers, {format::b3}, true); auto o = c.others(); (void)o;",
    ),
    (
        "headers in formats of an injection that is gone",
        "auto h = span.injection(format::b3).headers(); (void)h;",
        "auto i = span.injection(format::b3); auto h = i.headers(); (void)h;",
    ),
    (
        "a result that is missed: choose",
        "choose(headers, {format::b3}, true);",
        "(void)choose(headers, {format::b3}, true);",
    ),
    ("links that are copied", "links<4> a; links<4> b(a);", "links<4> a; (void)a;"),
];

/// The same with librdkafka.
const KAFKA: [(&str, &str, &str); 2] = [
    (
        "a topic that is gone",
        "record r(topic_of(1), \"value\"); (void)r;",
        "std::string t = topic_of(1); record r(t, \"value\"); (void)r;",
    ),
    (
        "a topic that is gone, given on",
        "record r(std::string(\"a\") + \"b\", \"value\"); (void)r;",
        "record r(\"ab\", \"value\"); (void)r;",
    ),
];

fn compiles(compiler: &str, dialect: &str, flags: &[&str], program: &str) -> (bool, String) {
    let source = temporary(&format!("row-{compiler}-{dialect}.cpp"));
    std::fs::write(&source, program).unwrap();
    let include = concat!(env!("CARGO_MANIFEST_DIR"), "/../include");
    let mut command = Command::new(compiler);
    command.args(["-fsyntax-only", "-Wall", "-Wextra", "-Werror", &format!("-std={dialect}"), "-I", include]);
    let output = command.args(flags).arg(source).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn rows_do_not_compile(rows: &[(&str, &str, &str)], flags: &[&str]) {
    for (compiler, dialect) in ways() {
        for (what, wrong, right) in rows {
            let (is_right, printed) = compiles(compiler, dialect, flags, &format!("{BEFORE}{right}\n}}\n"));
            assert!(is_right, "{compiler} {dialect}: {what}, done right: {printed}");
            let (is_wrong, _) = compiles(compiler, dialect, flags, &format!("{BEFORE}{wrong}\n}}\n"));
            assert!(!is_wrong, "{compiler} {dialect}: {what} compiles");
        }
    }
}

#[test]
fn what_dangles_or_is_missed_does_not_compile() {
    rows_do_not_compile(&ROWS, &["-DTRACEBATON_RDKAFKACPP=0"]);
}

#[test]
fn a_topic_that_dangles_does_not_compile() {
    let program = "#include <librdkafka/rdkafkacpp.h>\n";
    if !compiles("g++", "c++17", &[], program).0 {
        return skip("topics of tracebaton.hpp", "librdkafka's header for C++ is not there");
    }
    rows_do_not_compile(&KAFKA, &["-DTRACEBATON_RDKAFKACPP=1"]);
}

#[test]
fn an_older_dialect_is_one_error_in_one_line() {
    for (compiler, _) in ways() {
        for dialect in ["c++11", "c++14"] {
            let program = "#include <tracebaton.hpp>\nint main() {}\n";
            let (_, printed) = compiles(compiler, dialect, &["-DTRACEBATON_RDKAFKACPP=0"], program);
            let errors: Vec<_> = printed.lines().filter(|line| line.contains("error:")).collect();
            assert!(errors.len() == 1 && errors[0].contains("C++17"), "{compiler} {dialect}: {printed}");
        }
    }
}
