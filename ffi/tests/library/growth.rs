//! What the library adds to a C program.

use crate::built::{Profile, compile, library, temporary};

const PROGRAM: &str = r#"
#include <tracebaton.h>

int main(int count, char **arguments) {
    tracebaton_header_t headers[8] = {{0}};
    size_t header_count = (size_t)count;
#ifdef TRACED
    const tracebaton_span_id_t span_id = {{1}};
    tracebaton_extracted_t extracted;
    tracebaton_injection_t injection;
    tracebaton_headers_extract(headers, header_count, &extracted);
    tracebaton_context_child(&extracted.context, &span_id, &extracted.context);
    tracebaton_injection_prepare(&extracted.context, &injection);
    tracebaton_headers_inject(&injection, headers, &header_count, 8);
#endif
    return headers[0].name == arguments[0] && header_count == 8;
}
"#;

/// The size of a stripped program, in bytes.
fn size(name: &str, arguments: &[&str]) -> u64 {
    let (source, output) = (temporary(&format!("{name}.c")), temporary(name));
    std::fs::write(&source, PROGRAM).unwrap();
    let archive = library(Profile::Release).join("libtracebaton.a");
    compile("gcc", &[&["-s", "-O2"], arguments].concat(), &source, &[&archive], &output);
    std::fs::metadata(output).unwrap().len()
}

#[test]
fn a_program_that_extracts_and_injects_grows_by_less_than_40_kb() {
    const ONLY_WHAT_IS_USED: &str = "-Wl,--gc-sections";
    let growth = size("traced", &["-DTRACED", ONLY_WHAT_IS_USED]) - size("untraced", &[ONLY_WHAT_IS_USED]);
    assert!(growth > 1_000, "the library is not in it");
    assert!(growth < 40_000, "{growth} bytes");
}
