//! The page of `--html`, as text and in a browser.

mod run;

use run::run;
use serde_json::json;
use std::path::PathBuf;
use std::process::Command;

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// A page with these lines, in a file of its own.
fn page(name: &str, lines: &[String]) -> (PathBuf, String) {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let run = run(&["--html", path.to_str().unwrap()], lines.join("\n"));
    assert_eq!((run.output.as_str(), run.errors.as_str(), run.exit_code), ("", "", Some(0)));
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

/// Records of every status, with names and values that would break out of a page that does not escape them.
fn lines() -> Vec<String> {
    let hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>&amp;'\u{202e}\u{9b}";
    let records = [
        json!(["traceparent", PARENT.to_uppercase()]),
        json!(["traceparent", hostile]),
        json!(["traceparent", PARENT, "baggage", format!("{hostile}=1,k=%3Cscript%3E")]),
        json!([hostile, hostile, "x-b3-traceid", hostile]),
        json!(["traceparent", PARENT.replace("-01", "-00")]),
        json!(["traceparent", PARENT, "traceparent", PARENT.replace("0af7", "aaaa")]),
        json!([]),
    ];
    records
        .iter()
        .map(|headers| json!({"topic": hostile, "partition": 0, "offset": 7, "headers": headers}).to_string())
        .collect()
}

#[test]
fn it_needs_nothing_from_elsewhere_and_runs_nothing() {
    let (_, text) = page("alone.html", &lines());
    let bad = text.bytes().find(|byte| !matches!(byte, b'\n' | b' '..=b'~'));
    assert_eq!(bad, None);
    for word in ["<script", "<img", "<link", "@import", "url(", "<a ", "<iframe", "http://", "https://"] {
        assert!(!text.contains(word), "{word}");
    }
    for words in [
        "<mark>A</mark>F7651916CD43",
        "<small class=\"bad\">byte 4</small>",
        "Would be accepted: <code>00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01</code>",
        "&lt;script&gt;document.title=&#39;owned&#39;",
        "<b>2</b> broken<small>first in line 1</small>",
        "line 3</span>",
        "<code>not_read</code>",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn it_stays_small() {
    let line = json!({"headers": ["traceparent", PARENT]}).to_string();
    let (_, text) = page("small.html", &vec![line; 20_000]);
    assert!(text.len() < 500_000, "{} bytes", text.len());
    assert_eq!(text.matches("<details").count(), 200);
    assert!(text.contains("19800 more records counted above but not shown"), "{text}");
    assert!(text.contains("is the parent of 20000 records, the first in line 1."));
}

#[test]
fn a_page_that_cannot_be_written() {
    let run = run(&["--html", "/nonexistent/ticket.html"], "{}");
    assert_eq!(run.exit_code, Some(1));
    assert!(
        run.errors.starts_with("tracebaton-explain: cannot write the page of --html: "),
        "{}",
        run.errors
    );
}

#[test]
fn in_chromium() {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let Some(browser) = names.iter().find(|name| Command::new(name).arg("--version").output().is_ok()) else {
        eprintln!("skipped: there is no {} to open the page in", names.join(", "));
        return;
    };
    let (path, _) = page("chromium.html", &lines());
    let picture = path.with_extension("png");
    let open = |what: &str| {
        let profile = format!("--user-data-dir={}", path.with_extension("profile").display());
        let arguments =
            ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1100,2400", &profile, what];
        let output =
            Command::new(browser).args(arguments).arg(format!("file://{}", path.display())).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let dom = open("--dump-dom");
    assert!(dom.contains("<title>Why is my trace broken?</title>"), "{dom}");
    for (element, count) in [("<script", 0), ("<img", 0), ("<details", 7), ("<mark>", 2), ("<h1>", 1)] {
        assert_eq!(dom.matches(element).count(), count, "{element}\n{dom}");
    }
    open(&format!("--screenshot={}", picture.display()));
    let bytes = std::fs::read(&picture).unwrap();
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 50_000, "{} bytes", bytes.len());
}
