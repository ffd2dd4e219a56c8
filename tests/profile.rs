//! PROFILE.md, FORMATS.md and the page of their reasons agree with the code: rules, rows of the vectors, broken rules,
//! sections.

use std::collections::BTreeMap;
use tracebaton::formats::{FormatRule, KNOWN_NAMES};
use tracebaton::{BaggageRule, RawHeadersRule, TraceParentRule, TraceStateRule};
use tracebaton_rows::{format_rows, requirements};

const PROFILE: &str = include_str!("../PROFILE.md");
const FORMATS: &str = include_str!("../FORMATS.md");
/// The pages of rules, by the names of their guides.
const PAGES: [(&str, &str); 2] = [("profile", PROFILE), ("profile_formats", FORMATS)];
const REASONS: &str = include_str!("../src/guides/profile_reasons.md");

/// The text of every rule, by the rule's name.
fn all_rules() -> BTreeMap<&'static str, &'static str> {
    let (mut rules, of_formats) = (rules(PROFILE), rules(FORMATS));
    assert!(of_formats.keys().all(|rule| rule.starts_with('F')), "{:?}", of_formats.keys());
    assert!(rules.keys().all(|rule| !rule.starts_with('F')), "{:?}", rules.keys());
    rules.extend(of_formats);
    rules
}

/// The text of every rule on a page, by the rule's name.
fn rules(page: &'static str) -> BTreeMap<&'static str, &'static str> {
    let sections = page.split("\n### ").skip(1).filter_map(|section| {
        let name = section.split([' ', '\n']).next()?;
        Some((name, section.split("\n## ").next()?))
    });
    sections.filter(|(name, _)| is_rule(name)).collect()
}

fn is_rule(name: &str) -> bool {
    let digits = name.trim_start_matches(['R', 'W', 'C', 'F']);
    digits.len() + 1 == name.len() && digits.parse::<u8>().is_ok()
}

/// The anchor of a heading, on the page and in rustdoc.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || " -".contains(*letter));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The texts between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Ids of rows, or patterns of ids.
fn patterns(text: &str) -> Vec<&str> {
    let vectors = text.split("**Vectors**").nth(1).unwrap_or_default();
    quoted(vectors).filter(|quoted| quoted.contains(['-', '*']) && !quoted.contains(['/', ' '])).collect()
}

/// Whether the pattern matches the id; `*` matches any text.
fn matches(pattern: &str, id: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == id,
        Some((before, after)) => id.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).any(|start| rest.get(start..).is_some_and(|rest| matches(after, rest)))
        }),
    }
}

/// A row about W3C's headers or about other formats.
struct Row {
    id: String,
    requirement: Vec<String>,
}

fn rows() -> Vec<Row> {
    let of_w3c = tracebaton_rows::rows().unwrap().into_iter().map(|row| (row.id, row.requirement));
    let of_formats = format_rows().unwrap().into_iter().map(|row| (row.id, row.requirement));
    of_w3c.chain(of_formats).map(|(id, requirement)| Row { id, requirement }).collect()
}

fn is_about(row: &Row, rule: &str) -> bool {
    row.requirement.iter().any(|of| of == rule)
}

#[test]
fn patterns_match() {
    for (pattern, id, expected) in [
        ("a-b", "a-b", true),
        ("a-b", "a-bc", false),
        ("a-*", "a-bc", true),
        ("*-bc", "a-bc", true),
        ("a-*-c", "a-b-c", true),
        ("a-*-c", "a-b-d", false),
        ("a*b*c", "a-b-b-c", true),
        ("a*", "b", false),
    ] {
        assert_eq!(matches(pattern, id), expected, "{pattern} {id}");
    }
}

#[test]
fn every_rule_has_a_section_and_names_its_rows() {
    let (rules, reasons, rows, requirements) = (all_rules(), rules(REASONS), rows(), requirements().unwrap());
    let expected: Vec<_> = requirements.keys().filter(|id| is_rule(id)).collect();
    assert!(expected.len() >= 23 && rules.keys().eq(expected.iter()), "{:?}", rules.keys());
    assert!(reasons.keys().eq(rules.keys()), "{:?}", reasons.keys());
    for (rule, text) in reasons {
        let heading = text.lines().next();
        assert_eq!(heading, rules[rule].lines().next(), "the headings of {rule} differ");
        for part in ["**Standards**", "**Why**", "**Vectors**"] {
            assert_eq!(text.matches(part).count(), 1, "{part} of {rule}");
        }
        let patterns = patterns(text);
        for pattern in &patterns {
            let found = rows.iter().any(|row| is_about(row, rule) && matches(pattern, &row.id));
            assert!(found, "{rule} names `{pattern}`, but no row about the rule has such an id");
        }
        for row in rows.iter().filter(|row| is_about(row, rule)) {
            let named = patterns.iter().any(|pattern| matches(pattern, &row.id));
            assert!(named, "{} is about {rule}, but the rule does not name the row", row.id);
        }
    }
}

#[test]
fn every_row_is_about_a_rule() {
    let (rules, rows) = (all_rules(), rows());
    for row in &rows {
        assert!(rules.keys().any(|rule| is_about(row, rule)), "{} is about no rule", row.id);
    }
}

#[test]
fn the_choices_name_rows() {
    let rows = rows();
    let (_, choices) = REASONS.split_once("\n## Where the rules leave a choice\n").unwrap();
    let table = choices.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with("| "));
    let vectors: Vec<_> = table.skip(2).filter_map(|line| line.rsplit('|').nth(1)).collect();
    assert!(vectors.len() > 10);
    for pattern in vectors.into_iter().flat_map(quoted) {
        assert!(rows.iter().any(|row| matches(pattern, &row.id)), "no row has the id `{pattern}`");
    }
}

#[test]
fn every_broken_rule_is_named() {
    let (table, changes) = section(PROFILE, "Broken rules").split_once("\nChanges").unwrap();
    let of_header = |header: &str| -> Vec<&str> {
        let start = table.find(&format!("| `{header}` |")).unwrap();
        let lines = table[start..].lines().enumerate();
        let lines = lines.take_while(|(line, text)| *line == 0 || text.starts_with("| |"));
        lines.flat_map(|(_, text)| quoted(text.split('|').nth(2).unwrap_or_default())).collect()
    };
    let changed: Vec<_> = quoted(changes).collect();
    let compare = |header, names: Vec<&str>| {
        let listed = of_header(header);
        for name in &listed {
            assert!(names.contains(name), "{header} has no rule {name}");
        }
        for name in names {
            assert!(listed.contains(&name) || changed.contains(&name), "{header} {name} is not listed");
        }
    };
    compare("traceparent", TraceParentRule::ALL.iter().map(|rule| rule.name()).collect());
    compare("tracestate", TraceStateRule::ALL.iter().map(|rule| rule.name()).collect());
    compare("baggage", BaggageRule::ALL.iter().map(|rule| rule.name()).collect());
}

/// A section of a page, without its heading.
fn section(page: &'static str, heading: &str) -> &'static str {
    let (_, section) = page.split_once(&format!("\n### {heading}\n")).unwrap();
    section.split("\n### ").next().unwrap().split("\n## ").next().unwrap()
}

#[test]
fn every_broken_rule_of_other_formats_is_named() {
    let named: Vec<_> = quoted(section(FORMATS, "Verdicts of other formats")).collect();
    for rule in FormatRule::ALL.iter().map(|rule| rule.name()) {
        assert!(named.contains(&rule), "{rule} is not listed");
    }
    let named: Vec<_> = quoted(section(FORMATS, "F15 Raw headers")).collect();
    for rule in RawHeadersRule::ALL.iter().map(|rule| rule.name()) {
        assert!(named.contains(&rule), "{rule} of raw headers is not listed");
    }
}

#[test]
fn the_table_of_names_is_the_one_that_is_known() {
    let rows = section(FORMATS, "F1 Known names").lines().filter(|line| line.starts_with("| `"));
    let listed = rows.flat_map(|row| {
        let mut names = quoted(row);
        let format = names.next().unwrap();
        names.map(move |name| (format, name.to_owned()))
    });
    let mut listed: Vec<_> = listed.collect();
    let name = |known: &tracebaton::formats::KnownName| {
        (known.format.name(), format!("{}{}", known.name, if known.is_prefix { "*" } else { "" }))
    };
    let mut known: Vec<_> = KNOWN_NAMES.iter().map(name).collect();
    listed.sort();
    known.sort();
    assert_eq!(listed, known);
}

/// The links of rustdoc to the rules.
#[test]
fn rule_names_in_rustdoc_lead_to_the_rules() {
    let links = PAGES.iter().flat_map(|(guide, page)| {
        let headings = page.lines().filter_map(|line| line.strip_prefix("### "));
        headings.filter_map(move |heading| {
            let name = heading.split(' ').next().filter(|name| is_rule(name))?;
            Some(format!("[{name}]: crate::guides::{guide}#{}\n", anchor(heading)))
        })
    });
    let links: String = links.collect();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/guides/rules.md");
    if std::env::var_os("TRACEBATON_BLESS").is_some() {
        std::fs::write(file, &links).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), links, "TRACEBATON_BLESS=1 writes it");
}

#[test]
fn every_link_on_a_page_leads_somewhere() {
    for (guide, page) in PAGES {
        let links: Vec<_> = page.split("](#").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        for link in &links {
            assert!(anchors(page).any(|anchor| anchor == *link), "{guide}: #{link} is not a section");
        }
        let rules = page.lines().filter_map(|line| line.strip_prefix("### ")).map(anchor);
        for rule in rules {
            assert!(links.contains(&rule.as_str()), "{guide}: {rule} is not in the table of contents");
        }
    }
}

/// The anchors of a page's sections.
fn anchors(page: &str) -> impl Iterator<Item = String> {
    page.lines().filter_map(|line| line.strip_prefix("## ").or(line.strip_prefix("### "))).map(anchor)
}
