//! The man pages contain no commands of doxygen, which is the language of the comments they are made from.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn project() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Makes the pages of some headers in a new folder, and reads them: the name and text of each.
fn pages(name: &str, headers: &[PathBuf]) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    let output = Command::new(project().join("ffi/man/pages"))
        .args(["-v", "version=0", "-v", &format!("out={}", folder.display())])
        .args(headers)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
    let page = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, fs::read_to_string(entry.path()).unwrap())
    };
    files.map(page).collect()
}

/// The words of a page that are commands of doxygen: `\p` (`\ep` if troff prints it) and `@param`.
fn commands(page: &str) -> Vec<&str> {
    let is_command = |word: &&str| {
        let word = word.trim_start_matches(['(', '"', '*', '/']);
        let name = word.strip_prefix("\\e").or(word.strip_prefix('\\')).or(word.strip_prefix('@'));
        let name = name.map(|name| name.trim_end_matches(['.', ',', ';', ':', ')', '{', '}']));
        name.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()))
    };
    page.split_whitespace().filter(is_command).collect()
}

#[test]
fn no_page_contains_a_command_of_doxygen() {
    let headers = ["tracebaton.h", "tracebaton_rdkafka.h"].map(|name| project().join("include").join(name));
    let pages = pages("man", &headers);
    assert!(pages.len() > 100, "only {} pages", pages.len());
    for (name, page) in pages {
        assert_eq!(commands(&page), Vec::<&str>::new(), "{name}");
    }
}

/// The members of every type are a list, with their comments as text.
#[test]
fn every_field_and_constant_is_in_a_list() {
    let header = project().join("include/tracebaton.h");
    let code = fs::read_to_string(&header).unwrap();
    let pages = pages("man-members", &[header]);
    let mut members = 0;
    for declaration in code.split("\ntypedef ").skip(1) {
        let Some((body, rest)) = declaration.split_once("\n} ") else { continue };
        let name = format!("{}.3", rest.split_once(';').unwrap().0);
        let Some((_, page)) = pages.iter().find(|(page, _)| *page == name) else { continue };
        assert!(!page.contains("/**"), "{name}");
        let lines = body.lines().skip(1).map(str::trim);
        for member in lines.filter(|line| !line.starts_with(['/', '*'])) {
            let member = member.trim_end_matches([',', ';']).replace('-', "\\-");
            assert!(page.contains(&format!(".B {member}\n")), "{name}: {member}");
            members += 1;
        }
    }
    assert!(members > 200, "only {members} members");
}

/// The control: commands that the generator does not know, in each place of a comment, are found. Marks of names are
/// not, since the generator knows them.
#[test]
fn commands_that_are_planted_are_found() {
    let header = Path::new(env!("CARGO_TARGET_TMPDIR")).join("planted.h");
    let planted = "/**\n * @brief Planted, \\ref\n *\n * Text \\b bold, \\p known and \\c known.\n *\n * @param x @note\n \
                   *\n * @returns x \\see\n */\nint tracebaton_planted(int x);\n\n/**\n * @brief Struct.\n */\n\
                   typedef struct tracebaton_planted_t {\n    /** Field \\em of \\p x. */\n    int x;\n\
                   } tracebaton_planted_t;\n";
    fs::write(&header, planted).unwrap();
    let pages = pages("man-planted", &[header]);
    let found = |page: &str| {
        let (_, text) = pages.iter().find(|(name, _)| name == page).unwrap();
        commands(text)
    };
    assert_eq!(found("tracebaton_planted.3"), ["\\eref", "\\eb", "@note", "\\esee"]);
    assert_eq!(found("tracebaton_planted_t.3"), ["\\eem"]);
    assert_eq!(commands("\\p x"), ["\\p"]);
}
