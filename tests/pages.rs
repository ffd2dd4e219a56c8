//! Pages name only packages, files and sections that exist, and one version of Rust.

use std::path::Path;

const PAGES: [&str; 4] = ["CONTRIBUTING.md", "README.md", "SECURITY.md", "tests/README.md"];

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The words of a page, without markup around them.
fn words(page: &str) -> impl Iterator<Item = &str> {
    let is_mark = |byte: char| byte.is_whitespace() || "`|()[]\",;".contains(byte);
    page.split(is_mark).map(|word| word.trim_end_matches(['.', ':'])).filter(|word| !word.is_empty())
}

#[test]
fn commands_name_packages_that_exist() {
    let workspace = read(&project().join("Cargo.lock"));
    let mut count = 0;
    for page in PAGES {
        let text = read(&project().join(page));
        let words: Vec<&str> = words(&text).collect();
        let packages = words.windows(2).filter(|pair| pair[0] == "-p").map(|pair| pair[1]);
        for package in packages.filter(|package| *package != "PACKAGE") {
            assert!(workspace.contains(&format!("name = \"{package}\"\n")), "{page}: {package}");
            count += 1;
        }
    }
    assert!(count > 60, "{count} commands");
}

#[test]
fn paths_in_the_text_exist() {
    const FOLDERS: [&str; 9] =
        [".ci/", ".github/", "benches/", "examples/", "ffi/", "fuzz/", "include/", "src/", "tests/"];
    let mut count = 0;
    for page in PAGES {
        let text = read(&project().join(page));
        let paths = words(&text).filter(|word| FOLDERS.iter().any(|folder| word.starts_with(folder)));
        for path in paths.filter(|path| !path.contains(['*', '#'])) {
            assert!(project().join(path).exists(), "{page}: {path}");
            count += 1;
        }
    }
    assert!(count > 40, "{count} paths");
}

#[test]
fn links_lead_to_files_and_sections() {
    for page in PAGES {
        let here = project().join(page);
        let text = read(&here);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("https:") {
                continue;
            }
            let (file, section) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { here.clone() } else { here.with_file_name("").join(file) };
            assert!(target.exists(), "{page}: {link}");
            assert!(section.is_empty() || has_section(&read(&target), section), "{page}: {link}");
        }
    }
}

/// The addresses of the project's own files, and relative links, in the rules, the guides and the pages of the other
/// packages.
#[test]
fn links_of_rules_and_guides_lead_to_files_and_sections_of_the_repository() {
    const HERE: &str = "https://github.com/tracebaton/tracebaton/";
    let guides = std::fs::read_dir(project().join("src/guides")).unwrap();
    let guides = guides.map(|entry| entry.unwrap().path()).filter(|path| !path.ends_with("rules.md"));
    let packages =
        ["opentelemetry", "python", "rdkafka"].map(|name| format!("integrations/{name}/README.md"));
    let others =
        ["PROFILE.md", "FORMATS.md", "tests/conformance/README.md", "tests/conformance/vectors/README.md"];
    let others = others.map(str::to_owned).into_iter().chain(packages).map(|page| project().join(page));
    let mut count = 0;
    for page in guides.chain(others) {
        let text = prose(&read(&page));
        let inline = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let defined = text.lines().filter(|line| line.starts_with('['));
        let defined = defined.filter_map(|line| line.split_once("]: ")).map(|(_, link)| link);
        for link in inline.chain(defined) {
            let (file, section) = link.split_once('#').unwrap_or((link, ""));
            let own = file.strip_prefix(HERE).and_then(|path| path.split_once("/main/"));
            let target = match own {
                Some((_, path)) => project().join(path),
                None if file.starts_with("https:") => continue,
                None if file.is_empty() => page.clone(),
                None => page.with_file_name(file),
            };
            assert!(target.exists(), "{}: {link}", page.display());
            assert!(section.is_empty() || has_section(&read(&target), section), "{}: {link}", page.display());
            count += 1;
        }
    }
    assert!(count > 30, "{count} links");
}

/// A page without its blocks of code.
fn prose(page: &str) -> String {
    page.split("```").step_by(2).collect()
}

/// Whether GitHub gives one of the page's headings this name.
fn has_section(page: &str, name: &str) -> bool {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let mut names = headings.map(|heading| {
        let text = heading.trim_start_matches('#').trim().to_lowercase();
        text.chars()
            .filter(|of| of.is_alphanumeric() || " -_".contains(*of))
            .collect::<String>()
            .replace(' ', "-")
    });
    names.any(|heading| heading == name)
}

/// Lines without their indentation.
fn unindented(code: &str) -> String {
    code.lines().map(|line| format!("{}\n", line.trim())).collect()
}

#[test]
fn snippets_of_the_firmware_examples_are_in_their_sources() {
    let mut count = 0;
    for (page, source) in [
        ("examples/firmware/README.md", "examples/firmware/src/hop.rs"),
        ("examples/embassy/README.md", "examples/embassy/src/main.rs"),
    ] {
        let (page, source) = (read(&project().join(page)), unindented(&read(&project().join(source))));
        for snippet in page.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            assert!(source.contains(&unindented(snippet)), "{snippet}");
            count += 1;
        }
    }
    assert_eq!(count, 4);
}

#[test]
fn the_rust_version_is_the_same_everywhere() {
    let version = env!("CARGO_PKG_RUST_VERSION");
    let manifest = format!("rust-version = \"{version}\"");
    let needed = format!("{version} or newer");
    for (file, text) in [
        ("Cargo.toml", &manifest),
        ("ffi/libtracebaton/Cargo.toml", &manifest),
        ("integrations/python/Cargo.toml", &manifest),
        ("examples/firmware/Cargo.toml", &manifest),
        ("examples/firmware/client/Cargo.toml", &manifest),
        ("README.md", &needed),
        ("ffi/README.md", &needed),
        ("CONTRIBUTING.md", &format!("today {version}.")),
    ] {
        assert!(read(&project().join(file)).contains(text.as_str()), "{file} has no {text}");
    }
}

/// The packages beside the core link the rules by address.
#[test]
fn rules_have_the_same_links_in_every_package() {
    let page = "https://github.com/tracebaton/tracebaton/blob/main";
    let links = read(&project().join("src/guides/rules.md"))
        .replace("crate::guides::profile#", &format!("{page}/PROFILE.md#"))
        .replace("crate::guides::profile_formats#", &format!("{page}/FORMATS.md#"));
    for package in ["opentelemetry", "rdkafka"] {
        let path = project().join("integrations").join(package).join("src/rules.md");
        assert_eq!(read(&path), links, "{}", path.display());
    }
    for (file, section) in links.lines().filter_map(|line| line.rsplit('/').next()?.split_once('#')) {
        assert!(has_section(&read(&project().join(file)), section), "{file}#{section}");
    }
}
