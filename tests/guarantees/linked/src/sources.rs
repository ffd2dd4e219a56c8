//! The sources, and copies of them that get a deliberate fault.

use std::fs;
use std::path::{Path, PathBuf};

/// The project's folder.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// The files and folders that the archives are built from.
const PARTS: [&str; 5] =
    ["src", "ffi", "tests/guarantees/every_function", "tests/guarantees/linked", "tests/conformance/rows"];
/// The packages among them; other files in their folders are not needed.
const MEMBERS: &str = r#"["ffi", "tests/conformance/rows", "tests/guarantees/every_function", "tests/guarantees/linked",
    "tests/guarantees/linked/archive"]"#;

/// A copy of the sources.
#[derive(Debug)]
pub struct Copy(PathBuf);

impl Copy {
    /// Makes a copy in that folder.
    ///
    /// # Panics
    ///
    /// If a file cannot be read or written.
    pub fn new(folder: &Path) -> Self {
        let _ = fs::remove_dir_all(folder);
        for part in PARTS {
            copy(&project().join(part), &folder.join(part));
        }
        for file in ["Cargo.lock", "README.md"] {
            fs::copy(project().join(file), folder.join(file)).expect(file);
        }
        let manifest = fs::read_to_string(project().join("Cargo.toml")).expect("Cargo.toml");
        let (before, members) = manifest.split_once("members = [").expect("a workspace");
        let (_, after) = members.split_once("]\n").expect("members");
        fs::write(folder.join("Cargo.toml"), format!("{before}members = {MEMBERS}\n{after}"))
            .expect("Cargo.toml");
        Self(folder.to_owned())
    }

    /// Inserts a text into a file after the only occurrence of `behind`.
    ///
    /// # Panics
    ///
    /// If there is no such occurrence, or more than one.
    pub fn insert(self, file: &str, behind: &str, text: &str) -> Self {
        let path = self.0.join(file);
        let source = fs::read_to_string(&path).expect(file);
        assert_eq!(source.matches(behind).count(), 1, "{file} must contain \"{behind}\" exactly once");
        fs::write(&path, source.replace(behind, &format!("{behind}\n{text}\n"))).expect(file);
        self
    }

    /// The folder of the copy.
    pub fn folder(&self) -> &Path {
        &self.0
    }
}

/// Copies the sources of a folder, without its build output.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let copied = to.join(path.file_name().expect("a name"));
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() && !path.ends_with("target") {
            copy(&path, &copied);
        } else if matches!(extension, Some("rs" | "toml" | "md")) {
            fs::copy(&path, &copied).expect("a file");
        }
    }
}
