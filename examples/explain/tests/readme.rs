//! What the README shows is what the program prints. `TRACEBATON_BLESS=1` writes it again.

mod run;

use run::run;
use serde_json::Value;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// The README, and the places of its blocks in this language, without their fences.
fn blocks(language: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let text = std::fs::read_to_string(README).unwrap();
    let begin = format!("```{language}\n");
    let starts = text.match_indices(&begin).map(|(place, _)| place + begin.len());
    let blocks = starts.map(|start| start..start + text[start..].find("```").unwrap()).collect();
    (text, blocks)
}

/// Compares a block, or writes it.
fn is_shown(language: &str, index: usize, expected: &str) {
    let (mut text, blocks) = blocks(language);
    if std::env::var_os("TRACEBATON_BLESS").is_some() {
        text.replace_range(blocks[index].clone(), expected);
        std::fs::write(README, text).unwrap();
    } else {
        assert_eq!(&text[blocks[index].clone()], expected, "TRACEBATON_BLESS=1 writes it");
    }
}

/// A value as it is read best: members of the outer object on lines of their own, of the findings as well.
fn laid_out(line: &str) -> String {
    let value: Value = serde_json::from_str(line).unwrap();
    let order = |object: &Value| {
        let mut keys: Vec<_> = object.as_object().unwrap().keys().cloned().collect();
        keys.sort_by_key(|key| line.find(&format!("{key:?}:")));
        keys
    };
    let members: Vec<_> = order(&value)
        .into_iter()
        .map(|key| match &value[&key] {
            Value::Array(items) if key == "findings" => {
                let items: Vec<_> = items.iter().map(|item| format!("    {item}")).collect();
                format!("  \"findings\": [\n{}\n  ]", items.join(",\n"))
            }
            member => format!("  {key:?}: {member}"),
        })
        .collect();
    format!("{{\n{}\n}}\n", members.join(",\n"))
}

// One test, so that no two tests write the file at the same time.
#[test]
fn what_is_shown_is_printed() {
    let (text, places) = blocks("json");
    let records = text[places[0].clone()].to_owned();
    let report = run(&["--pretty"], &records);
    assert_eq!((report.errors.as_str(), report.exit_code), ("", Some(0)));
    is_shown("text", 0, &report.output);
    let json = run(&["--span-id", "00f067aa0ba902b7"], &records);
    is_shown("json", 1, &laid_out(json.lines()[1]));
}

#[test]
fn help_has_every_option_of_the_readme() {
    let (text, _) = blocks("json");
    let help = run(&["--help"], "").output;
    let man = run(&["--generate", "man"], "").output;
    for option in ["--pretty", "--html", "--fail-on", "--color", "--span-id", "--generate"] {
        assert!(
            text.contains(option) && help.contains(option) && man.contains(&option.replace('-', "\\-")),
            "{option}"
        );
    }
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let completions = run(&["--generate", shell], "").output;
        assert!(
            completions.contains("fail-on") && completions.contains("tracebaton-explain"),
            "{shell}: {completions}"
        );
    }
}
