//! The C and C++ snippets of the README and the guides are correct. A snippet that begins with an `#include` is a whole
//! file and compiles without a warning. Every other snippet is part of one of `ffi/examples`, word for word.

use std::fs;
use std::path::Path;
use std::process::Command;
use tracebaton_test_librdkafka::pages::{Block, blocks, header_code, opentelemetry};
use tracebaton_test_librdkafka::{WARNINGS, librdkafka_include, project, run, skip};

fn compile(compiler: &str, language: &str, dialect: &str) {
    let blocks: Vec<_> = blocks(language).into_iter().filter(Block::is_whole).collect();
    assert!(!blocks.is_empty(), "no page shows {language}");
    for (index, block) in blocks.iter().enumerate() {
        let mut command = Command::new(compiler);
        if block.code.contains("opentelemetry.hpp") {
            match opentelemetry() {
                Some(flags) => _ = command.arg("-I").arg(project().join("ffi/examples")).args(flags),
                None => {
                    skip(&block.page_name(), "no headers of opentelemetry-cpp");
                    continue;
                }
            }
        }
        let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("page-{index}.{language}"));
        fs::write(&source, &block.code).unwrap();
        run(command
            .args(["-fsyntax-only", dialect, "-isystem", librdkafka_include(), "-I"])
            .arg(project().join("include"))
            .args(WARNINGS)
            .arg(&source));
    }
}

#[test]
fn c_compiles() {
    compile("cc", "c", "-std=c99");
}

#[test]
fn cpp_compiles() {
    compile("c++", "cpp", "-std=c++17");
}

#[test]
fn excerpts_are_parts_of_the_examples() {
    let blocks: Vec<_> = ["c", "cpp"].into_iter().flat_map(blocks).collect();
    let excerpts: Vec<_> = blocks.iter().filter(|block| !block.is_whole()).collect();
    assert!(excerpts.len() > 6, "only {}", excerpts.len());
    for block in excerpts {
        assert!(
            block.example().is_some(),
            "{}: not in an example that the page names:\n{}",
            block.page.display(),
            block.code
        );
    }
}

/// The comments at the top of the glue and of the C++ header contain the hops of the examples.
#[test]
fn the_headers_show_the_hops_of_the_examples() {
    for (header, example) in
        [("tracebaton_rdkafka.h", "rdkafka_hop.c"), ("tracebaton.hpp", "rdkafka_hop.cpp")]
    {
        let code = header_code(&project().join("include").join(header), "----------------------");
        assert!(code.lines().count() > 4, "{code}");
        let example = fs::read_to_string(project().join("ffi/examples").join(example)).unwrap();
        // The example may have more lines between these.
        let mut lines = example.lines();
        assert!(code.lines().all(|line| lines.any(|other| other == line)), "{header}:\n{code}");
    }
}

#[test]
fn an_excerpt_that_was_changed_is_found() {
    let mut block = blocks("c").into_iter().find(|block| !block.is_whole()).unwrap();
    assert!(block.example().is_some());
    block.code.push('x');
    assert!(block.example().is_none());
}
