//! One record in, one line of JSON out.

mod run;

use run::run;
use serde_json::{Value, json};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// The one line that the program prints for this one.
fn explained(arguments: &[&str], line: impl AsRef<[u8]>) -> Value {
    let run = run(arguments, &line);
    let shown = line.as_ref().escape_ascii();
    assert_eq!((run.errors.as_str(), run.exit_code), ("", Some(0)), "{shown}");
    assert_eq!(run.lines().len(), 1, "{shown}");
    let mut explained: Value = serde_json::from_str(&run.output).unwrap();
    assert!(explained.as_object_mut().unwrap().remove("findings").unwrap().is_array(), "{shown}");
    explained
}

/// What the program understood as the headers: without any of ours they come back as they are.
fn headers_of(line: impl AsRef<[u8]>) -> Value {
    let explained = explained(&[], line);
    assert_eq!(explained["child"], Value::Null);
    explained["forward"].clone()
}

#[test]
fn the_form_is_that_of_the_manual() {
    let line = r#"{"topic":"orders","partition":0,"offset":7,"headers":["a","1","b",null,"c","","traceparent","00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03","tracestate","rojo=00f067aa0ba902b7","baggage","k=d%C3%A9;p=%31;q"],"key":null,"payload":"x"}"#;
    let run = run(&["--span-id", "53995c3f42cd8ad8"], line);
    let expected = concat!(
        r#"{"line":1,"topic":"orders","partition":0,"offset":7,"#,
        r#""traceparent":{"verdict":"accepted","index":3,"version":0,"trace_id":"0af7651916cd43dd8448eb211c80319c","#,
        r#""span_id":"b7ad6b7169203331","flags":"03","sampled":true,"random":true},"#,
        r#""tracestate":{"verdict":"accepted","index":4,"members":[{"key":"rojo","value":"00f067aa0ba902b7"}]},"#,
        r#""baggage":{"verdict":"accepted","index":5,"members":[{"key":"k","value":"dé","properties":[{"key":"p","value":"1"},{"key":"q"}]}],"skipped":0},"#,
        r#""forward":[["a","1"],["b",null],["c",""],"#,
        r#"["traceparent","00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03"],["tracestate","rojo=00f067aa0ba902b7"],["baggage","k=d%C3%A9;p=%31;q"]],"#,
        r#""child":[["a","1"],["b",null],["c",""],"#,
        r#"["traceparent","00-0af7651916cd43dd8448eb211c80319c-53995c3f42cd8ad8-03"],["tracestate","rojo=00f067aa0ba902b7"],["baggage","k=d%C3%A9;p=%31;q"]],"#,
        r#""findings":[{"code":"connected","effect":"hint","header":3,"#,
        r#""text":"The traceparent is valid: a consumer that reads it continues the trace.","fix":"#,
    );
    assert!(run.output.starts_with(expected) && run.output.ends_with("\"}]}\n"), "{}", run.output);
    assert_eq!((run.output.lines().count(), run.errors.as_str(), run.exit_code), (1, "", Some(0)));
}

#[test]
fn a_refused_header_says_which_rule_it_breaks_and_where() {
    let headers = json!({"headers": [
        ["TraceParent", PARENT.to_uppercase()], ["tracestate", "a=1"], ["baggage", "k=v\n"],
    ]});
    let expected = json!({
        "line": 1,
        "traceparent": {"verdict": "refused", "index": 0, "rule": "trace_id", "offset": 4},
        "tracestate": {"verdict": "absent"},
        "baggage": {"verdict": "refused", "index": 2, "rule": "control_byte", "offset": 3},
        "forward": [],
        "child": null,
    });
    assert_eq!(explained(&[], headers.to_string()), expected);

    let headers =
        json!({"headers": ["traceparent", PARENT, "tracestate", "a=1,B=2", "baggage", "x y=1,k=v"]});
    let explained = explained(&[], headers.to_string());
    assert_eq!(
        explained["tracestate"],
        json!({"verdict": "refused", "index": 1, "rule": "key_start", "offset": 4})
    );
    assert_eq!(explained["baggage"]["skipped"], 1);
    assert_eq!(explained["baggage"]["members"], json!([{"key": "k", "value": "v", "properties": []}]));
    assert_eq!(explained["forward"], json!([["traceparent", PARENT], ["baggage", "x y=1,k=v"]]));
}

#[test]
fn the_child_has_a_fixed_span_id_unless_one_is_given() {
    let headers = json!({"headers": [["traceparent", PARENT]]}).to_string();
    for (arguments, span_id) in [
        (&[][..], "0123456789abcdef"),
        (&["--span-id", "00f067aa0ba902b7"], "00f067aa0ba902b7"),
        (&["--span-id=ffffffffffffffff"], "ffffffffffffffff"),
    ] {
        let child = format!("00-0af7651916cd43dd8448eb211c80319c-{span_id}-01");
        assert_eq!(explained(arguments, &headers)["child"], json!([["traceparent", child]]), "{arguments:?}");
    }
}

#[test]
fn records_without_headers() {
    for line in [
        "{}",
        r#"{"headers":null}"#,
        r#"{"headers":[]}"#,
        r#" { "headers" : [ ] } "#,
        "{}\r\n",
        r#"{"key":null,"payload":{"headers":["a","b"]}}"#,
    ] {
        assert_eq!(
            explained(&[], line),
            json!({
                "line": 1,
                "traceparent": {"verdict": "absent"},
                "tracestate": {"verdict": "absent"},
                "baggage": {"verdict": "absent"},
                "forward": [],
                "child": null,
            }),
            "{line}"
        );
    }
}

#[test]
fn names_and_values_in_every_form() {
    for (line, expected) in [
        (r#"{"headers":["a","b"]}"#, json!([["a", "b"]])),
        (r#"{"headers":[["a","b"]]}"#, json!([["a", "b"]])),
        (r#"{"headers":["a",null,"a",""]}"#, json!([["a", null], ["a", ""]])),
        (r#"{"headers":[["",null],["",""]]}"#, json!([["", null], ["", ""]])),
        (r#"{"headers":[["a",{"hex":"00ff"}]]}"#, json!([["a", {"hex": "00ff"}]])),
        (r#"{"headers":[["a",{"hex":"00FF"}]]}"#, json!([["a", {"hex": "00ff"}]])),
        (r#"{"headers":[[{"hex":"ff"},{"hex":""}]]}"#, json!([[{"hex": "ff"}, ""]])),
        (r#"{"headers":[[{"hex":"61"},{"hex":"c3a9"}]]}"#, json!([["a", "é"]])),
        (r#"{"headers":["a",{"hex":"00ff"}]}"#, json!([["a", {"hex": "00ff"}]])),
        (
            r#"{"headers":["\u0061\u0000","\u0000\u001b\ud83d\ude00\"\\\/\b\f\n\r\t"]}"#,
            json!([["a\0", "\0\u{1b}\u{1f600}\"\\/\u{8}\u{c}\n\r\t"]]),
        ),
        (r#"{"he\u0061ders":["a","b"]}"#, json!([["a", "b"]])),
        (r#"{"headers":{}}"#, json!([])),
        (
            r#"{"headers":{"a":"b","a":null,"":"","\u0061\n":"c"}}"#,
            json!([["a", "b"], ["a", null], ["", ""], ["a\n", "c"]]),
        ),
        (r#"{"headers":{"a":{"hex":"00ff"},"hex":"00"}}"#, json!([["a", {"hex": "00ff"}], ["hex", "00"]])),
        (r#"{"HEADERS":["a","b"],"header":1}"#, json!([["a", "b"]])),
        (
            r#"{"Headers":[{"Key":"a","Value":"Yg=="},{"key":"c","value":null}]}"#,
            json!([["a", "Yg=="], ["c", null]]),
        ),
        (
            r#"{"Headers":[{"Key":"a","Value":"Yg=="},{"Key":"c","Value":null}]}"#,
            json!([["a", "b"], ["c", null]]),
        ),
        (r#"{"headers":[{"key":"a","value":"Yg=="}]}"#, json!([["a", "Yg=="]])),
        (r#"{"headers":[{"name":"a","value":"b"}]}"#, json!([["a", "b"]])),
        (r#"{"headers":[{"a":[98,-61,-87]},{"c":[]}]}"#, json!([["a", "b\u{e9}"], ["c", ""]])),
        (r#"{"headers":{"a":{"type":"Buffer","data":[98]},"c":{"0":100}}}"#, json!([["a", "b"], ["c", "d"]])),
        (
            r#"{"headers":{"a":["b","c"],"d":7,"e":true,"f":{"g":[1.5]}}}"#,
            json!([["a", "b"], ["a", "c"], ["d", "7"], ["e", "true"], ["f", r#"{"g":[1.5]}"#]]),
        ),
        (r#"{"headers":{"a":{"string":"b"},"c":{"base64":"ZA=="}}}"#, json!([["a", "b"], ["c", "d"]])),
        (r#"{"headers":"{\"a\":\"b\"}"}"#, json!([["a", "b"]])),
        (r#"{"headers":"b3:0,a:b"}"#, json!([["b3", "0"], ["a", "b"]])),
        (r#"{"headers":["b3: 0"]}"#, json!([["b3", "0"]])),
        (r#"{"message":{"headers":["a","b"]}}"#, json!([["a", "b"]])),
        (r#"[["a","b"]]"#, json!([["a", "b"]])),
        (r#"["a","b"]"#, json!([["a", "b"]])),
        (r#"{"b3":"0","a":"b"}"#, json!([["b3", "0"], ["a", "b"]])),
        ("b3: 0", json!([["b3", "0"]])),
        (
            r#"{"payload":[[[[{"deep":1e999}]]]],"headers":["a","b"],"ts":-1.5e-3,"x":true}"#,
            json!([["a", "b"]]),
        ),
        (r#"{"topic":1,"topic":[],"partition":"x","headers":["a","b"]}"#, json!([["a", "b"]])),
    ] {
        assert_eq!(headers_of(line), expected, "{line}");
    }
}

#[test]
fn bytes_as_kcat_prints_them() {
    for (line, expected) in [
        (&b"{\"headers\":[\"a\",\"\xff\\u0000\xfe\"]}"[..], json!([["a", {"hex": "ff00fe"}]])),
        (b"{\"headers\":[\"caf\xe9\",null]}", json!([[{"hex": "636166e9"}, null]])),
        (b"{\"headers\":[\"\xed\xa0\x80\",\"\xc3\xa9\"]}", json!([[{"hex": "eda080"}, "é"]])),
        (
            b"{\"headers\":{\"a\xff\":\"\xff\\u0000\",\"b\":null}}",
            json!([[{"hex": "61ff"}, {"hex": "ff00"}], ["b", null]]),
        ),
        (b"{\"headers\":[[\"a\",\"\xff\"],[\"b\",null]]}", json!([["a", {"hex": "ff"}], ["b", null]])),
        (b"{\"headers\":[\"a\",\"b\"],\"key\":\"\xff\",\"payload\":\"\x80\\u0001\"}", json!([["a", "b"]])),
        (b"{\"key\":\"\xff\",\"headers\":[[\"a\",{\"hex\":\"00ff\"}]]}", json!([["a", {"hex": "00ff"}]])),
    ] {
        assert_eq!(headers_of(line), expected, "{}", line.escape_ascii());
    }
}

#[test]
fn the_output_says_which_record_it_was() {
    let lines = [
        r#"{"topic":"t","partition":3,"offset":9007199254740993,"headers":[]}"#,
        "",
        r#"{"offset":4}"#,
        r#"{"topic":"\u001b\u00e9","partition":null}"#,
        r#"{"topic":7,"partition":1,"offset":2}"#,
    ];
    let run = run(&[], lines.join("\n"));
    let places = [
        r#"{"line":1,"topic":"t","partition":3,"offset":9007199254740993,"#,
        r#"{"line":3,"offset":4,"#,
        r#"{"line":4,"topic":"\u001bé","#,
        r#"{"line":5,"#,
    ];
    assert_eq!(run.lines().len(), places.len());
    for (line, place) in run.lines().into_iter().zip(places) {
        let rest = line.strip_prefix(place).unwrap_or_else(|| panic!("{place}: {line}"));
        assert!(rest.starts_with(r#""traceparent":"#), "{line}");
    }
}

#[test]
fn an_object_of_headers_is_a_record_like_any() {
    let [object, list] = [json!({"traceparent": PARENT}), json!([["traceparent", PARENT]])]
        .map(|headers| explained(&[], json!({ "headers": headers }).to_string()));
    assert_eq!(object["traceparent"]["verdict"], "accepted");
    assert_eq!(object, list);
}

#[test]
fn empty_lines_are_skipped_and_the_last_needs_no_line_feed() {
    for input in ["{}\n\n \t\r\n{}\n", "{}\n{}", "\n{}\r\n{}\r\n\n"] {
        let run = run(&[], input);
        assert_eq!(
            (run.lines().len(), run.errors.as_str(), run.exit_code),
            (2, "", Some(0)),
            "{}",
            input.escape_debug()
        );
    }
    let run = run(&[], "");
    assert_eq!((run.output.as_str(), run.errors.as_str(), run.exit_code), ("", "", Some(0)));
}

#[test]
fn a_record_of_100_000_headers() {
    let mut headers: Vec<Value> = (0..100_000).map(|index| json!([format!("h{index}"), "v"])).collect();
    headers[99_998] = json!(["TRACEPARENT", PARENT]);
    headers[99_999] = json!(["tracestate", null]);
    let explained = explained(&[], json!({ "headers": headers }).to_string());
    assert_eq!(explained["traceparent"]["index"], 99_998);
    headers.truncate(99_998);
    headers.push(json!(["traceparent", PARENT]));
    assert_eq!(explained["forward"], Value::Array(headers));

    let ours = vec![json!(["traceparent", PARENT]); 100_000];
    let explained = self::explained(&[], json!({ "headers": ours }).to_string());
    assert_eq!(explained["traceparent"]["index"], 99_999);
    assert_eq!(explained["forward"], json!([["traceparent", PARENT]]));
}

#[test]
fn nothing_in_the_json_steers_a_terminal() {
    let bad = ('\u{7f}'..='\u{9f}')
        .chain('\u{200b}'..='\u{200f}')
        .chain('\u{2028}'..='\u{202e}')
        .chain('\u{2066}'..='\u{2069}');
    let hostile: String = bad.chain("\u{feff}\u{61c}\u{ad}\u{e0041}\u{1b}".chars()).collect();
    let line = json!({"topic": hostile, "headers": [
        [hostile, hostile], ["traceparent", PARENT], ["tracestate", hostile], ["baggage", "k=%C2%9B%E2%80%AE,\u{202e}=1"],
        [format!("b3{hostile}"), hostile], [format!("trace-parent{hostile}"), hostile],
    ]});
    let run = run(&[], line.to_string());
    let found = run.output.trim_end().chars().find(|character| hostile.contains(*character));
    assert_eq!(found, None, "{}", run.output.escape_debug());
    let explained: Value = serde_json::from_str(&run.output).unwrap();
    assert_eq!(explained["topic"], hostile);
    assert_eq!(explained["forward"][0][1], hostile);
    assert_eq!(explained["baggage"]["members"][0]["value"], "\u{9b}\u{202e}");
}
