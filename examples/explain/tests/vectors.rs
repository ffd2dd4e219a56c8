//! Every conformance vector that has headers, in each of the forms in which headers may be written.

mod run;

use run::run;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tracebaton_rows::{Case, Header, Row, Tally, header_list, rows};

/// The rows, by the span id of their child.
fn rows_by_span_id() -> BTreeMap<String, Vec<Row>> {
    let mut by_span_id = BTreeMap::<_, Vec<_>>::new();
    for row in rows().unwrap() {
        if let Case::Extract { child_span_id, .. } = &row.case {
            by_span_id.entry(child_span_id.clone()).or_default().push(row);
        }
    }
    by_span_id
}

fn check(form: &str, line_of: impl Fn(&[Header]) -> Option<Vec<u8>>) -> usize {
    let mut tally = Tally::default();
    for (span_id, rows) in rows_by_span_id() {
        let written = rows.iter().filter_map(|row| match &row.case {
            Case::Extract { headers, .. } => Some((row, line_of(headers)?)),
            Case::Change(_) => None,
        });
        let (rows, lines): (Vec<_>, Vec<_>) = written.unzip();
        let run = run(&["--span-id", &span_id], lines.join(&b'\n'));
        assert_eq!((run.errors.as_str(), run.exit_code), ("", Some(0)));
        assert_eq!(run.lines().len(), rows.len());
        for (row, line) in rows.into_iter().zip(run.lines()) {
            let mut explained: Value = serde_json::from_str(line).unwrap();
            let members = explained.as_object_mut().unwrap();
            members.retain(|name, _| !["line", "topic", "findings"].contains(&&**name));
            tally.compare(row, &explained);
        }
    }
    tally.announce(&format!("explain, {form}"));
    assert!(tally.failures().is_empty(), "{}", tally.failures().join("\n"));
    tally.ran()
}

#[test]
fn as_pairs() {
    let pairs = |headers: &[Header]| {
        let headers = header_list(headers.iter().map(|(name, value)| (&**name, value.as_deref())));
        Some(json!({ "headers": headers }).to_string().into_bytes())
    };
    let ran = check("headers as pairs", pairs);
    assert!(ran > 500, "{ran} rows");
}

#[test]
fn as_a_flat_list_of_text() {
    let flat = |headers: &[Header]| {
        let mut list = Vec::new();
        for (name, value) in headers {
            list.push(Value::from(str::from_utf8(name).ok()?));
            list.push(match value {
                Some(value) => Value::from(str::from_utf8(value).ok()?),
                None => Value::Null,
            });
        }
        Some(json!({ "topic": "t", "headers": list, "payload": null }).to_string().into_bytes())
    };
    let ran = check("headers as a flat list", flat);
    assert!(ran > 500, "{ran} rows");
}

#[test]
fn as_kcat_prints_bytes() {
    let raw = |headers: &[Header]| {
        let mut line = b"{\"headers\":[".to_vec();
        for (place, (name, value)) in headers.iter().enumerate() {
            line.extend_from_slice(if place == 0 { b"" } else { b"," });
            string(&mut line, name);
            line.push(b',');
            match value {
                Some(value) => string(&mut line, value),
                None => line.extend_from_slice(b"null"),
            }
        }
        line.extend_from_slice(b"],\"payload\":\"\xff\"}");
        Some(line)
    };
    let ran = check("headers as kcat writes them", raw);
    assert!(ran > 500, "{ran} rows");
}

/// Bytes as a JSON string, of which only those are escaped that must be.
fn string(line: &mut Vec<u8>, bytes: &[u8]) {
    line.push(b'"');
    for byte in bytes {
        match byte {
            b'"' | b'\\' => line.extend_from_slice(&[b'\\', *byte]),
            0..=0x1f => line.extend_from_slice(format!("\\u{byte:04X}").as_bytes()),
            _ => line.push(*byte),
        }
    }
    line.push(b'"');
}
