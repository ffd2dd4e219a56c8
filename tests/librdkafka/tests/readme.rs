//! What the README shows in C and C++ compiles, without a warning.

use std::path::Path;
use std::process::Command;
use tracebaton_test_librdkafka::{WARNINGS, librdkafka_include, project, run};

fn blocks(language: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(project().join("README.md")).unwrap();
    let fence = format!("```{language}\n");
    readme.split(&fence).skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

fn compile(compiler: &str, language: &str, dialect: &str) {
    let blocks = blocks(language);
    assert!(!blocks.is_empty(), "the README shows no {language}");
    for (index, block) in blocks.iter().enumerate() {
        let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("readme-{index}.{language}"));
        std::fs::write(&source, block).unwrap();
        run(Command::new(compiler)
            .args(["-fsyntax-only", dialect, "-isystem", librdkafka_include(), "-I"])
            .arg(project().join("include"))
            .args(WARNINGS)
            .arg(&source));
    }
}

#[test]
fn c() {
    compile("cc", "c", "-std=c99");
}

#[test]
fn cpp() {
    compile("c++", "cpp", "-std=c++17");
}
