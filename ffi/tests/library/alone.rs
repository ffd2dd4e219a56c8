//! What a program does not call is not linked.

use crate::built::{Profile, compile, library, temporary};
use std::fs;
use tracebaton_linked::compilers;

/// A call, what the program must contain, and what it must not: parts of texts and of the names of private functions.
const ALONE: [(&str, &[&str], &[&str]); 6] = [
    ("*tracebaton_status_name(count)", &["trace_id_zero"], &["the trace-id is all zeros"]),
    ("*tracebaton_status_message(count)", &["the trace-id is all zeros"], &["trace_id_zero"]),
    (
        "tracebaton_baggage_remove(&context, \"a\", 1, texts, sizeof(texts))",
        &["baggage_change..Remove$"],
        &["baggage_change..Set$", "set_bytes"],
    ),
    (
        "tracebaton_baggage_set(&context, \"a\", 1, \"1\", 1, texts, sizeof(texts))",
        &["baggage_change..Set$"],
        &["baggage_change..Remove$", "remove_bytes"],
    ),
    (
        "tracebaton_tracestate_insert(&context, \"a\", 1, \"1\", 1, texts, sizeof(texts))",
        &["tracestate..Insert$"],
        &["tracestate..Delete$", "8truncate", "others_within"],
    ),
    (
        "tracebaton_tracestate_delete(&context, \"a\", 1, texts, sizeof(texts))",
        &["tracestate..Delete$"],
        &["tracestate..Insert$", "8truncate", "others_within", "check_value"],
    ),
];

#[test]
fn a_program_contains_only_what_it_calls() {
    let archive = library(Profile::Release).join("libtracebaton.a");
    for (index, (call, contained, missing)) in ALONE.into_iter().enumerate() {
        let source = temporary(&format!("alone-{index}.c"));
        let program = format!(
            "#include <tracebaton.h>\n\
             static tracebaton_context_t context;\nstatic char texts[64];\n\
             int main(int count, char **arguments) {{\n\
             context.tracestate = arguments[0];\n\
             return {call} != count + texts[0] + (int)context.baggage_size;\n}}\n"
        );
        fs::write(&source, program).unwrap();
        for compiler in compilers() {
            let output = source.with_extension(compiler);
            compile(compiler, &["-std=c99", "-O2", "-Wl,--gc-sections"], &source, &[&archive], &output);
            let bytes = fs::read(output).unwrap();
            let has = |text: &&&str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
            let not_linked: Vec<_> = contained.iter().filter(|text| !has(text)).collect();
            let linked: Vec<_> = missing.iter().filter(has).collect();
            assert!(
                not_linked.is_empty() && linked.is_empty(),
                "{call}: without {not_linked:?}, with {linked:?}"
            );
        }
    }
}
