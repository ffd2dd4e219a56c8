//! SECURITY.md says what is there: the limits of the code, packages, files.

use std::path::Path;
use tracebaton::{Baggage, TraceParent, TraceState};

const PAGE: &str = include_str!("../SECURITY.md");

/// The cells of the tables' rows.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'));
    rows.map(|row| row.split('|').map(str::trim).collect())
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a macro of the C headers stands for.
fn in_c(name: &str) -> String {
    let headers = ["tracebaton.h", "tracebaton_rdkafka.h"];
    let texts =
        headers.map(|header| std::fs::read_to_string(project().join("include").join(header)).unwrap());
    let definition = format!("#define {name} ");
    let value = texts.iter().find_map(|text| text.split(&definition).nth(1)?.lines().next());
    value.unwrap_or_else(|| panic!("no {name} in C")).to_owned()
}

#[test]
fn limits_are_those_of_the_code() {
    let in_rust = [
        ("TraceParent::LENGTH", TraceParent::LENGTH),
        ("TraceState::MAX_LENGTH", TraceState::MAX_LENGTH),
        ("TraceState::MAX_MEMBERS", TraceState::MAX_MEMBERS),
        ("TraceState::MIN_PROPAGATED", TraceState::MIN_PROPAGATED),
        ("Baggage::MAX_LENGTH", Baggage::MAX_LENGTH),
        ("Baggage::MAX_MEMBERS", Baggage::MAX_MEMBERS),
    ];
    let limits: Vec<_> =
        rows().skip_while(|row| row[0] != "limit").take_while(|row| row.len() == 5).collect();
    for (name, value) in in_rust {
        let row = limits.iter().find(|row| row[3].contains(name)).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(row[1], value.to_string(), "{name}");
    }
    for row in limits.iter().filter(|row| row[4].starts_with("`TRACEBATON_")) {
        assert_eq!(row[1], in_c(row[4].trim_matches('`')), "{}", row[4]);
    }
}

#[test]
fn a_key_or_value_of_a_tracestate_has_256_bytes_at_most() {
    let row = rows().find(|row| row[0] == "bytes of its keys, and of its values").unwrap();
    let most: usize = row[1].parse().unwrap();
    let list = |key: usize, value: usize| format!("{}={}", "k".repeat(key), "v".repeat(value));
    assert!(TraceState::parse(list(most, most).as_bytes()).is_ok());
    assert!(TraceState::parse(list(most + 1, 1).as_bytes()).is_err());
    assert!(TraceState::parse(list(1, most + 1).as_bytes()).is_err());
}

#[test]
fn commands_name_packages_and_scripts_that_are_there() {
    let workspace = std::fs::read_to_string(project().join("Cargo.lock")).unwrap();
    let commands = PAGE.split('`').skip(1).step_by(2);
    let mut count = 0;
    for command in commands.filter(|command| command.starts_with("cargo ")) {
        let Some(package) = command.split(" -p ").nth(1).and_then(|rest| rest.split(' ').next()) else {
            continue;
        };
        assert!(workspace.contains(&format!("name = \"{package}\"\n")), "{command}");
        count += 1;
    }
    assert!(count > 5, "{count} commands");
}

#[test]
fn links_lead_to_files_and_sections() {
    let profile = std::fs::read_to_string(project().join("PROFILE.md")).unwrap();
    for link in PAGE.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        match link.split_once('#') {
            _ if link.starts_with("https:") => {}
            Some(("", section)) => assert!(has_section(PAGE, section), "{link}"),
            Some(("PROFILE.md", section)) => assert!(has_section(&profile, section), "{link}"),
            _ => assert!(project().join(link).exists(), "{link}"),
        }
    }
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
