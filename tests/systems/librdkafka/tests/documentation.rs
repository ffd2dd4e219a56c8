//! What the README and the guides show in C and C++ is so: what begins with an `#include` is a whole file and compiles
//! without a warning, and everything else is in one of `ffi/examples`, word for word.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tracebaton_test_librdkafka::{WARNINGS, librdkafka_include, project, run, skip};

/// What a page shows in one language.
struct Block {
    page: PathBuf,
    code: String,
}

impl Block {
    fn is_whole(&self) -> bool {
        self.code.starts_with("#include")
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(project().join(folder)).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect()
}

fn blocks(language: &str) -> Vec<Block> {
    let mut pages = files("src/guides");
    pages.push(project().join("README.md"));
    let fence = format!("```{language}\n");
    let blocks_of = |page: PathBuf| {
        let text = fs::read_to_string(&page).unwrap();
        let code = text.split(&fence).skip(1).map(|block| block.split("```").next().unwrap().to_owned());
        code.map(|code| Block { page: page.clone(), code }).collect::<Vec<_>>()
    };
    pages.into_iter().flat_map(blocks_of).collect()
}

fn compile(compiler: &str, language: &str, dialect: &str) {
    let blocks: Vec<_> = blocks(language).into_iter().filter(Block::is_whole).collect();
    assert!(!blocks.is_empty(), "no page shows {language}");
    for (index, Block { page, code }) in blocks.iter().enumerate() {
        let mut command = Command::new(compiler);
        if code.contains("opentelemetry.hpp") {
            match opentelemetry() {
                Some(flags) => _ = command.arg("-I").arg(project().join("ffi/examples")).args(flags),
                None => {
                    skip(&page.file_name().unwrap().to_string_lossy(), "no headers of opentelemetry-cpp");
                    continue;
                }
            }
        }
        let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("page-{index}.{language}"));
        fs::write(&source, code).unwrap();
        run(command
            .args(["-fsyntax-only", dialect, "-isystem", librdkafka_include(), "-I"])
            .arg(project().join("include"))
            .args(WARNINGS)
            .arg(&source));
    }
}

/// Where the headers of opentelemetry-cpp are: `OPENTELEMETRY_CPP_INCLUDE`, or what pkg-config says.
fn opentelemetry() -> Option<Vec<String>> {
    if let Ok(folder) = std::env::var("OPENTELEMETRY_CPP_INCLUDE") {
        return Some(vec!["-isystem".to_owned(), folder]);
    }
    let output = Command::new("pkg-config").args(["--cflags", "opentelemetry_api"]).output().ok()?;
    let flags = String::from_utf8_lossy(&output.stdout).split_whitespace().map(str::to_owned).collect();
    output.status.success().then_some(flags)
}

#[test]
fn c_compiles() {
    compile("cc", "c", "-std=c99");
}

#[test]
fn cpp_compiles() {
    compile("c++", "cpp", "-std=c++17");
}

/// The example that has an excerpt, of those that its page names.
fn example(Block { page, code }: &Block) -> Option<PathBuf> {
    let examples = ["ffi/examples", "ffi/examples/c", "ffi/examples/cpp"];
    let text = fs::read_to_string(page).unwrap();
    let is_named = |file: &&PathBuf| {
        let name = file.strip_prefix(project()).unwrap().to_str().unwrap();
        text.contains(&format!("`{name}`"))
    };
    let files: Vec<_> = examples.into_iter().flat_map(files).collect();
    let mut named = files.iter().filter(is_named);
    named.find(|file| fs::read_to_string(file).unwrap().contains(code)).cloned()
}

#[test]
fn excerpts_are_in_the_examples_word_for_word() {
    let blocks: Vec<_> = ["c", "cpp"].into_iter().flat_map(blocks).collect();
    let excerpts: Vec<_> = blocks.iter().filter(|block| !block.is_whole()).collect();
    assert!(excerpts.len() > 6, "only {}", excerpts.len());
    for block in excerpts {
        assert!(
            example(block).is_some(),
            "{}: in no example it names:\n{}",
            block.page.display(),
            block.code
        );
    }
}

/// The comment at the top of the glue shows the hop of the example.
#[test]
fn the_glue_shows_the_hop_of_the_example() {
    let header = fs::read_to_string(project().join("include/tracebaton_rdkafka.h")).unwrap();
    let (_, hop) = header.split_once(" * ----------------------\n").unwrap();
    let (hop, _) = hop.split_once(" *\n").unwrap();
    let code: String = hop.lines().map(|line| format!("{}\n", line.strip_prefix(" * ").unwrap())).collect();
    assert!(code.lines().count() > 4, "{code}");
    let example = fs::read_to_string(project().join("ffi/examples/rdkafka_hop.c")).unwrap();
    assert!(example.contains(&code), "{code}");
}

#[test]
fn an_excerpt_that_was_changed_is_found() {
    let mut block = blocks("c").into_iter().find(|block| !block.is_whole()).unwrap();
    assert!(example(&block).is_some());
    block.code.push('x');
    assert!(example(&block).is_none());
}
