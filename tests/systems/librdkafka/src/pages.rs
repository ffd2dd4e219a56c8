//! The C and C++ snippets of the documentation.

use crate::project;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the examples whose excerpts are on pages.
const EXAMPLES: [&str; 3] = ["ffi/examples", "ffi/examples/c", "ffi/examples/cpp"];

/// A snippet of a page in one language.
#[derive(Clone, Debug)]
pub struct Block {
    /// The page.
    pub page: PathBuf,
    /// The code, in whole lines.
    pub code: String,
}

impl Block {
    /// Whether it is a whole file and not an excerpt of an example.
    pub fn is_whole(&self) -> bool {
        self.code.starts_with("#include")
    }

    /// The page's name.
    pub fn page_name(&self) -> String {
        self.page.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The example that contains an excerpt word for word, among those that its page names.
    pub fn example(&self) -> Option<PathBuf> {
        let text = fs::read_to_string(&self.page).unwrap();
        let is_named = |file: &&PathBuf| {
            let name = file.strip_prefix(project()).unwrap().to_str().unwrap();
            text.contains(&format!("`{name}`"))
        };
        let files: Vec<_> = EXAMPLES.into_iter().flat_map(files).collect();
        let mut named = files.iter().filter(is_named);
        named.find(|file| fs::read_to_string(file).unwrap().contains(&self.code)).cloned()
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(project().join(folder)).unwrap();
    let mut files: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// The code in the fenced blocks of a language, such as `c`.
pub fn fenced(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

/// The snippets in the README, the guides and SECURITY.md in one language.
pub fn blocks(language: &str) -> Vec<Block> {
    let mut pages = files("src/guides");
    pages.extend(["README.md", "SECURITY.md"].map(|page| project().join(page)));
    let blocks_of = |page: PathBuf| {
        let codes = fenced(&fs::read_to_string(&page).unwrap(), language);
        codes.into_iter().map(|code| Block { page: page.clone(), code }).collect::<Vec<_>>()
    };
    pages.into_iter().flat_map(blocks_of).collect()
}

/// The code at the top of a header, from the line after this one to an empty line.
pub fn header_code(header: &Path, line: &str) -> String {
    let text = fs::read_to_string(header).unwrap();
    let (_, code) = text.split_once(&format!(" * {line}\n")).expect("the line");
    let (code, _) = code.split_once(" *\n").expect("an empty line");
    code.lines().map(|line| format!("{}\n", line.strip_prefix(" * ").expect("a comment"))).collect()
}

/// The flags for the headers of opentelemetry-cpp, from the clone `OPENTELEMETRY_CPP` or from pkg-config.
pub fn opentelemetry() -> Option<Vec<String>> {
    if let Ok(clone) = std::env::var("OPENTELEMETRY_CPP") {
        return Some(vec!["-isystem".to_owned(), format!("{clone}/api/include")]);
    }
    let output =
        std::process::Command::new("pkg-config").args(["--cflags", "opentelemetry_api"]).output().ok()?;
    let flags = String::from_utf8_lossy(&output.stdout).split_whitespace().map(str::to_owned).collect();
    output.status.success().then_some(flags)
}
