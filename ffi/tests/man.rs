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

/// Each header has a page with its first comment, its own functions and how to compile with it.
#[test]
fn every_header_has_a_page() {
    let rows = [
        ("tracebaton", "libs tracebaton)", "Rules", ["tracebaton_context_child", "tracebaton_status_t"]),
        (
            "tracebaton_rdkafka",
            "libs tracebaton rdkafka)",
            "Limitations",
            ["tracebaton_rdkafka_produce", "tracebaton_rdkafka_record_t"],
        ),
    ];
    let headers = rows.map(|(name, ..)| project().join(format!("include/{name}.h")));
    let pages = pages("man-headers", &headers);
    let page = |name: &str| &pages.iter().find(|(page, _)| *page == format!("{name}.3")).unwrap().1;
    for (index, (name, command, heading, items)) in rows.into_iter().enumerate() {
        let text = page(name);
        assert!(text.contains(&format!("\n.B #include <{name}.h>\n.PP\ncc program.c ")), "{name}");
        let synopsis = text.split_once("\n.SH DESCRIPTION\n").unwrap().0;
        assert!(synopsis.ends_with(&format!("{command}\n.fi")), "{synopsis}");
        for heading in ["Functions at a glance", "Linking", heading] {
            assert!(text.contains(&format!("\n.SS {heading}\n")), "{name}: {heading}");
        }
        assert!(text.contains("\n.SS Laws") && !text.contains("\\-\\-\\-\\-"), "{name}");
        let other = 1 - index;
        for item in items {
            let entry = format!(".BR {item} (3)\n");
            assert!(text.contains(&entry) && !page(rows[other].0).contains(&entry), "{name}: {item}");
            let (_, see) = page(item).split_once(".SH SEE ALSO\n").unwrap();
            assert!(see.starts_with(&format!(".BR {name} (3)")), "{item}: {see}");
        }
    }
}

/// The page of a function leads to the pages of the types that it names, and of their constants.
#[test]
fn every_function_leads_to_its_types() {
    let headers = ["tracebaton.h", "tracebaton_rdkafka.h"].map(|name| project().join("include").join(name));
    let pages = pages("man-types", &headers);
    let is_type = |word: &&str| word.starts_with("tracebaton_") && word.ends_with("_t");
    let mut links = 0;
    for (name, page) in &pages {
        let section =
            |title: &str| Some(page.split_once(&format!("\n.SH {title}\n"))?.1.split("\n.SH ").next());
        let (Some(Some(synopsis)), Some(Some(see))) = (section("SYNOPSIS"), section("SEE ALSO")) else {
            panic!("{name}: {page}");
        };
        let words = synopsis.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
        for item in words.filter(is_type).filter(|item| *name != format!("{item}.3")) {
            assert!(see.contains(&format!(".BR {item} (3)")), "{name}: {item}");
            links += 1;
        }
        for link in see.lines().filter_map(|line| line.strip_prefix(".BR ")?.split(' ').next()) {
            assert!(pages.iter().any(|(page, _)| *page == format!("{link}.3")), "{name}: {link}");
        }
    }
    assert!(links > 150, "only {links} links");
    let (_, admit) = pages.iter().find(|(name, _)| name == "tracebaton_context_admit.3").unwrap();
    assert!(admit.contains("\n.BR tracebaton_trust_policy (3)\n"), "{admit}");
}

/// A page leads to the functions and files that its text names, and to the rules that it cites. Its first line cites none.
#[test]
fn every_page_leads_to_what_it_names() {
    const REPOSITORY: &str = "https://github.com/tracebaton/tracebaton/blob/main/";
    let headers = ["tracebaton.h", "tracebaton_rdkafka.h"].map(|name| project().join("include").join(name));
    let pages = pages("man-links", &headers);
    let rows = [
        ("tracebaton_context_admit", ".BR tracebaton_headers_strip_formats (3)"),
        ("tracebaton_context_admit", ".BR tracebaton_rdkafka_strip_formats (3)"),
        ("tracebaton_trust_policy", ".BR tracebaton_context_admit (3)"),
        ("tracebaton_trust_policy_t", ".BR tracebaton_context_admit (3)"),
        ("tracebaton_rdkafka_record_of", "ffi/examples/c/in_flight.c"),
        ("tracebaton_rdkafka", "ffi/examples/rdkafka_hop.c"),
        ("tracebaton", "ffi/README.md"),
        ("tracebaton_rdkafka_produce", "PROFILE.md"),
        ("tracebaton_rdkafka_choose", "FORMATS.md"),
    ];
    let see_also = |page: &str| page.split_once(".SH SEE ALSO\n").unwrap().1.replace("\\:", "");
    for (name, link) in rows {
        let (_, page) = pages.iter().find(|(page, _)| *page == format!("{name}.3")).unwrap();
        let link = if link.starts_with('.') { link.to_owned() } else { format!("{REPOSITORY}{link}") };
        assert!(see_also(page).lines().any(|line| line.trim_end_matches(',') == link), "{name}: {link}");
    }
    for (name, page) in &pages {
        let (_, first) = page.split_once(".SH NAME\n").unwrap();
        let first = first.lines().next().unwrap();
        let is_rule = |word: &str| {
            word.starts_with(['R', 'W', 'C', 'F'])
                && word.len() > 1
                && word[1..].bytes().all(|byte| byte.is_ascii_digit())
        };
        let cites =
            |text: &str| text.split(|character: char| !character.is_ascii_alphanumeric()).any(is_rule);
        assert!(!cites(first), "{first}");
        assert!(!cites(page) || see_also(page).contains(REPOSITORY), "{name}: no file of its rules");
    }
}

/// All paragraphs of a constant are indented below its name.
#[test]
fn the_text_of_a_constant_is_one_entry() {
    let pages = pages("man-constants", &[project().join("include/tracebaton.h")]);
    let (_, page) = pages.iter().find(|(page, _)| page == "tracebaton.3").unwrap();
    let (_, entry) = page.split_once("\n.B TRACEBATON_STR\n").unwrap();
    let (entry, _) = entry.split_once("\n.TP\n").unwrap();
    let (first, rest) = entry.split_once('\n').unwrap();
    assert!(first.starts_with("A string literal"), "{first}");
    assert!(rest.starts_with(".RS\n") && rest.ends_with("\n.RE") && rest.contains("\n.PP\n"), "{rest}");
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
