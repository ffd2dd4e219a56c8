//! What is easily mixed up does not compile in C++, and in C the compilers warn of it without being asked.

use crate::built::temporary;
use std::process::Command;
use tracebaton_linked::compilers;

/// A statement that mixes something up, and what.
const ROWS: [(&str, &str); 12] = [
    ("ids of restart swapped", "tracebaton_context_restart(NULL, &span_id, &trace_id, 0, &context);"),
    (
        "ids of child_or_root swapped",
        "tracebaton_context_child_or_root(&context, &span_id, &trace_id, 0, &context);",
    ),
    ("a trace id as a span id", "tracebaton_context_child(&context, &trace_id, &context);"),
    ("a short array", "tracebaton_context_restart(NULL, short_bytes, &span_id, 0, &context);"),
    ("an array of the right size", "tracebaton_context_child(&context, short_bytes, &context);"),
    ("the bytes of an id", "tracebaton_context_child(&context, span_id.bytes, &context);"),
    ("a span id to write as a trace id", "tracebaton_trace_id_to_hex(&span_id, digits);"),
    ("a span id to read a trace id into", "tracebaton_trace_id_from_hex(digits, 32, &span_id);"),
    ("randomness of a span id", "tracebaton_trace_id_generate(&span_random, &trace_id);"),
    ("an id as randomness", "tracebaton_trace_id_generate(&trace_id, &trace_id);"),
    ("randomness as an id", "tracebaton_context_child(&context, &span_random, &context);"),
    ("a context as an injection", "tracebaton_injection_trace_context_only(&context);"),
];

/// The same, right.
const CONTROL: &str = "
    tracebaton_trace_id_generate(&trace_random, &trace_id);
    tracebaton_span_id_generate(&span_random, &span_id);
    tracebaton_context_restart(NULL, &trace_id, &span_id, 0, &context);
    tracebaton_context_child_or_root(&context, &trace_id, &span_id, 0, &context);
    tracebaton_context_child(&context, &span_id, &context);
    tracebaton_trace_id_to_hex(&trace_id, digits);
    tracebaton_trace_id_from_hex(TRACEBATON_STR(\"0af7651916cd43dd8448eb211c80319c\"), &trace_id);";

/// Whether it compiles without any flag for warnings, and what is printed.
fn compiled(compiler: &str, language: &str, dialect: &str, statements: &str) -> (bool, String) {
    let program = format!(
        "#include <tracebaton.h>
void mixed_up(tracebaton_context_t, tracebaton_trace_id_random_t, tracebaton_span_id_random_t);
void mixed_up(tracebaton_context_t context, tracebaton_trace_id_random_t trace_random,
              tracebaton_span_id_random_t span_random) {{
    tracebaton_trace_id_t trace_id = {{{{1}}}};
    tracebaton_span_id_t span_id = {{{{2}}}};
    uint8_t short_bytes[8] = {{3}};
    char digits[32];
    (void)trace_random, (void)span_random, (void)trace_id, (void)span_id, (void)short_bytes, (void)digits;
    {statements}
}}
"
    );
    let source = temporary(&format!("mixed-up-{compiler}-{dialect}.{language}"));
    std::fs::write(&source, program).unwrap();
    let include = concat!(env!("CARGO_MANIFEST_DIR"), "/../include");
    let mut command = Command::new(compiler);
    command.args(["-fsyntax-only", &format!("-std={dialect}"), "-I", include, "-x", language]).arg(source);
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Every compiler and dialect, with the language.
fn ways() -> impl Iterator<Item = (String, &'static str, &'static str)> {
    let dialects = [("c", "c99"), ("c", "gnu17"), ("c++", "c++11"), ("c++", "gnu++20")];
    compilers().into_iter().flat_map(move |compiler| {
        dialects.map(|(language, dialect)| {
            let name = match language {
                "c" => compiler.to_owned(),
                _ => compiler.replace("gcc", "g++").replace("clang", "clang++"),
            };
            (name, language, dialect)
        })
    })
}

#[test]
fn what_is_mixed_up_is_noticed_without_asking() {
    for (compiler, language, dialect) in ways() {
        let (compiles, printed) = compiled(&compiler, language, dialect, CONTROL);
        assert!(compiles && printed.is_empty(), "{compiler} {dialect}: {printed}");
        for (what, statement) in ROWS {
            let (compiles, printed) = compiled(&compiler, language, dialect, statement);
            assert!(!printed.is_empty(), "{compiler} {dialect}: not a word of {what}");
            assert!(!compiles || language == "c", "{compiler} {dialect}: {what} compiles");
        }
    }
}
