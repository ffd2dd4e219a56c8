//! Lines that are no records, and arguments that are wrong.

mod run;

use run::{EXAMPLE, explain, run};

/// Inputs that are refused, with the beginning of the message about each.
const BAD: &[(&[u8], &str)] = &[
    (b"nonsense", "not JSON: no header is recognised in this text; print headers with kcat -J"),
    (b"null\tvalue", "not JSON: no header is recognised"),
    (b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "not JSON: no header is recognised"),
    (b"\xff\xfe{\0}\0", "not JSON: UTF-16, as PowerShell's > writes it"),
    (b"% Reached end of topic orders [0] at offset 3", "not JSON: a status message of kcat"),
    (b"<record/>", "not JSON: XML or HTML"),
    (b"PAR1", "not JSON: binary"),
    (b"{\"headers\":[\"a", "not JSON: EOF while parsing a string"),
    (b"{} {}", "not JSON: "),
    (b"{'headers':[]}", "not JSON: "),
    (br#"{"headers":["a" "b"]}"#, "not JSON: "),
    (br#"{"headers":["a","b",]}"#, "not JSON: "),
    (b"{\"headers\":[\"a\",\"\x1b\"]}", "not JSON: "),
    (br#"{"headers":["a","\x"]}"#, "not JSON: "),
    (br#"{"headers":["a","\ud800"]}"#, "not JSON: "),
    (b"{\"headers\":[\"a\",\xff]}", "not JSON: "),
    (b"[]", "a list that contains neither records nor headers"),
    (b"[1,2]", "a list that contains neither records nor headers"),
    (b"\"\\u001b[31m\"", "invalid type: a string, expected an object, one record"),
    (
        br#"{"headers":"a"}"#,
        "the headers are a string that contains neither traceparent, tracestate nor baggage",
    ),
    (br#"{"headers":7}"#, "headers must be a list, an object, or null"),
    (br#"{"headers":{"a":"b"},"headers":[]}"#, "the member headers is repeated"),
    (br#"{"headers":null,"Headers":["a","b"]}"#, "the member headers is repeated"),
    (br#"{"headers":["a"]}"#, "the flat list of headers ends with a name without a value"),
    (br#"{"headers":["a","b","c"]}"#, "the flat list of headers ends with a name without a value"),
    (br#"{"headers":[null,"b"]}"#, "the name of a header is null"),
    (br#"{"headers":[[null,"b"]]}"#, "the name of a header is null"),
    (br#"{"headers":[{"key":null,"value":"b"}]}"#, "the name of a header is null"),
    (br#"{"headers":[[]]}"#, "a pair must have exactly a name and a value"),
    (br#"{"headers":[["a"]]}"#, "a pair must have exactly a name and a value"),
    (br#"{"headers":[["a","b","c"]]}"#, "a pair must have exactly a name and a value"),
    (br#"{"headers":[["a","b"],"c","d"]}"#, "the list of headers mixes pairs with other values"),
    (br#"{"headers":["a",["b","c"]]}"#, "the list of headers mixes pairs with other values"),
    (br#"{"headers":[["a",{"hex":"0"}]]}"#, "hex has an odd number of hexadecimal digits"),
    (br#"{"headers":[["a",{"hex":"0g"}]]}"#, "hex contains a byte that is not a hexadecimal digit"),
    (br#"{"headers":[["a",{"hex":"+1"}]]}"#, "hex contains a byte that is not a hexadecimal digit"),
    (
        "{\"headers\":[[\"a\",{\"hex\":\"é\"}]]}".as_bytes(),
        "hex contains a byte that is not a hexadecimal digit",
    ),
    (br#"{"headers":[["a",{"hex":null}]]}"#, "hex must be a string of hexadecimal digits"),
];

#[test]
fn a_bad_line_is_named_and_the_others_are_done() {
    for (line, message) in BAD {
        for arguments in [&[][..], &["--pretty"]] {
            let run = run(arguments, [&b"\n{}\n"[..], line, b"\n{}"].concat());
            let said = run.errors.strip_suffix(EXAMPLE).unwrap_or_else(|| panic!("{}", run.errors));
            assert!(is_said(said, 3, message), "{said} for {}", line.escape_ascii());
            assert_eq!(run.exit_code, Some(2), "{}", line.escape_ascii());
            if arguments.is_empty() {
                assert_eq!(run.lines().len(), 2, "{}", line.escape_ascii());
            } else {
                assert!(run.output.contains("\nline 4: NO TRACE"), "{}", run.output);
                let summary = "\n  1  line could not be read\n";
                assert!(run.output.ends_with(summary), "{}", run.output);
            }
        }
    }
}

#[test]
fn every_bad_line_is_named() {
    let lines: Vec<&[u8]> = BAD.iter().map(|(line, _)| *line).collect();
    let run = run(&[], lines.join(&b'\n'));
    assert_eq!((run.output.as_str(), run.exit_code), ("", Some(2)));
    // Once, and after the first.
    let mut errors: Vec<_> = run.errors.lines().collect();
    assert_eq!(errors.remove(1), EXAMPLE.trim_end());
    assert_eq!(errors.len(), BAD.len());
    for (index, (said, (_, message))) in errors.into_iter().zip(BAD).enumerate() {
        assert!(is_said(said, index + 1, message), "{said}");
    }
}

/// Whether this is what is printed about a line.
fn is_said(said: &str, number: usize, message: &str) -> bool {
    said.starts_with(&format!("tracebaton-explain: line {number}: {message}"))
        && said.trim_end().lines().count() == 1
}

#[test]
fn the_example_is_a_record() {
    let (_, example) = EXAMPLE.split_once("such as ").unwrap();
    let (example, _) = example.split_once(", as kcat").unwrap();
    let run = run(&["--pretty"], example);
    assert_eq!((run.errors.as_str(), run.exit_code), ("", Some(0)));
    assert!(run.output.contains("line 1: CONNECTED"), "{}", run.output);
}

#[test]
fn bad_arguments() {
    for span_id in [
        "",
        "0",
        "0000000000000000",
        "00F067AA0BA902B7",
        "00f067aa0ba902b",
        "00f067aa0ba902b77",
        "00f067aa0ba902bg",
        "é",
    ] {
        let run = run(&["--span-id", span_id], "{}");
        assert_eq!((run.output.as_str(), run.exit_code), ("", Some(2)), "{span_id}");
        let needed = "a span id is 16 lower-case hexadecimal digits, not all zero";
        assert!(run.errors.contains(needed), "{}", run.errors);
    }
    for arguments in [&["--span-id"][..], &["--unknown"], &["file"], &["--pretty=1"]] {
        let run = run(arguments, "{}");
        assert_eq!((run.output.as_str(), run.exit_code), ("", Some(2)), "{arguments:?}");
        assert!(run.errors.starts_with("error: "), "{}", run.errors);
    }
}

#[test]
fn help_and_version() {
    let help = run(&["--help"], "");
    assert_eq!((help.errors.as_str(), help.exit_code), ("", Some(0)));
    for word in
        ["--span-id <HEX16>", "--pretty", "kcat -J", r#"{"hex": "00ff"}"#, "Exit status:", "0123456789abcdef"]
    {
        assert!(help.output.contains(word), "{word} in {}", help.output);
    }
    let version = run(&["--version"], "");
    assert_eq!(version.output, format!("tracebaton-explain {}\n", env!("CARGO_PKG_VERSION")));
}

#[cfg(target_os = "linux")]
#[test]
fn streams_that_fail() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut child = explain(&[]).stdout(full).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"{}\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.starts_with("tracebaton-explain: cannot write standard output: "), "{errors}");
    assert_eq!(output.status.code(), Some(1));

    let folder = std::fs::File::open("/").unwrap();
    let output = explain(&[]).stdin(folder).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.starts_with("tracebaton-explain: cannot read standard input: "), "{errors}");
    assert_eq!(output.status.code(), Some(1));
}

/// The reader of the output, such as `head`, has closed it: no message is printed, and the exit status is 1.
#[cfg(target_os = "linux")]
#[test]
fn a_closed_pipe_ends_with_1() {
    for arguments in [&[][..], &["--pretty"]] {
        let mut child = explain(arguments).spawn().unwrap();
        drop(child.stdout.take());
        let mut input = child.stdin.take().unwrap();
        let record = format!("{{\"headers\":{{\"baggage\":\"{}\"}}}}\n", "k=v,".repeat(100));
        // It may end before it has read everything.
        let _ = (0..1_000).try_for_each(|_| std::io::Write::write_all(&mut input, record.as_bytes()));
        drop(input);
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    }
}
