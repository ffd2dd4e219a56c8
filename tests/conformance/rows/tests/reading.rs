//! The forms in which the vectors are written.

use serde_json::{Value, json};
use tracebaton_rows::{
    Case, Tally, Text, check, difference, format_rows, header_list, out_of_scope, requirements, rows,
    text_value,
};

fn bytes(value: Value) -> Result<Vec<u8>, String> {
    Text::try_from(value).map(|text| text.0)
}

#[test]
fn a_text_has_four_forms() {
    assert_eq!(bytes(json!("a\u{e9}\0")).unwrap(), [b'a', 0xc3, 0xa9, 0]);
    assert_eq!(bytes(json!({"hex": "00ff"})).unwrap(), [0, 0xff]);
    assert_eq!(bytes(json!({"repeat": "ab", "times": 3})).unwrap(), b"ababab");
    assert_eq!(bytes(json!({"repeat": {"hex": "ff"}, "times": 0})).unwrap(), b"");
    let nested = json!({"join": ["k=", {"repeat": {"join": ["x", {"hex": "80"}]}, "times": 2}, ""]});
    assert_eq!(bytes(nested).unwrap(), b"k=x\x80x\x80");
}

#[test]
fn values_that_are_not_texts_are_errors() {
    let others = [
        json!(1),
        json!(null),
        json!(["a"]),
        json!({"hex": "0"}),
        json!({"hex": "+1"}),
        json!({"hex": "0g"}),
        json!({"repeat": "a"}),
        json!({"repeat": "a", "times": -1}),
        json!({"join": "a"}),
        json!({"join": [1]}),
    ];
    for other in others {
        assert!(bytes(other.clone()).is_err(), "{other}");
    }
}

#[test]
fn bytes_are_shown_as_text_if_they_are_text() {
    assert_eq!(text_value(b"a\0"), json!("a\0"));
    assert_eq!(text_value(b"a\xff"), json!({"hex": "61ff"}));
    let headers: [(&[u8], Option<&[u8]>); 2] = [(b"n", None), (b"\x80", Some(b""))];
    assert_eq!(header_list(headers), json!([["n", null], [{"hex": "80"}, ""]]));
}

#[test]
fn only_expected_members_are_compared() {
    let actual = json!({"a": {"b": 1, "c": [1, {"d": 2}]}, "e": null});
    for same in [json!({}), json!({"a": {"b": 1}}), json!({"e": null}), json!({"a": {"c": [1, {"d": 2}]}})] {
        assert_eq!(difference(&same, &actual), None, "{same}");
    }
    let others = [
        (json!({"a": {"b": 2}}), "a.b should be 2, is 1"),
        (json!({"f": 1}), "f should be 1, is missing"),
        (json!({"e": 0}), "e should be 0, is null"),
        (json!({"a": {"c": [1]}}), r#"a.c should be [1], is [1,{"d":2}]"#),
        (json!({"a": {"c": [1, {}]}}), r#"a.c[1] should be {}, is {"d":2}"#),
    ];
    for (expected, message) in others {
        assert_eq!(difference(&expected, &actual).unwrap().to_string(), message);
    }
}

#[test]
fn a_tally_counts_and_names_what_failed() {
    let rows = rows().unwrap();
    let row = rows.iter().find(|row| row.id == "traceparent-v00-dash").unwrap();
    let mut tally = Tally::default();
    tally.compare(row, &row.expect);
    tally.skip(row);
    assert_eq!((tally.ran(), tally.skipped(), tally.failures().len()), (1, 1, 0));
    tally.compare(row, &json!({"traceparent": {"verdict": "accepted"}}));
    assert!(tally.failures()[0].starts_with("traceparent-v00-dash: "), "{tally}");
    assert!(tally.to_string().contains("rows for each TC: 23: 2,"), "{tally}");
}

#[test]
fn an_error_that_is_not_expected_fails_a_row() {
    let rows = rows().unwrap();
    let row = rows.iter().find(|row| row.id == "inject-no-span-read-only").unwrap();
    let mut outcome = row.expect.clone();
    outcome["error"] = json!("carrier_read_only");
    let mut tally = Tally::default();
    tally.compare(row, &outcome);
    assert_eq!(tally.failures().len(), 1);
    assert!(tally.failures()[0].contains(r#"the error "carrier_read_only" is not expected"#), "{tally}");
}

#[test]
fn headers_come_with_the_span_id_of_the_child() {
    let rows = rows().unwrap();
    let row = rows.iter().find(|row| row.id == "traceparent-valid").unwrap();
    let Case::Extract { headers, child_span_id } = &row.case else { panic!("{:?}", row.case) };
    assert_eq!(&*headers[0].0, b"traceparent");
    assert!(row.expect["child"][0][1].as_str().unwrap().contains(child_span_id));
}

#[test]
fn no_rows_are_lost() {
    assert!(rows().unwrap().len() > 800);
}

#[test]
#[should_panic(expected = "traceparent-v00-dash: ")]
fn a_row_that_fails_is_named() {
    check("a runner with one wrong outcome", 0, |row| match &*row.id {
        "traceparent-v00-dash" => Some(json!({})),
        _ => Some(row.expect.clone()),
    });
}

#[test]
#[should_panic(expected = "1 rows were skipped")]
fn a_row_that_is_skipped_is_noticed() {
    check("a runner that skips", 0, |row| (row.id != "traceparent-v00-dash").then(|| row.expect.clone()));
}

#[test]
fn every_requirement_has_a_row_or_a_reason() {
    let requirements = requirements().unwrap();
    let of_w3c = rows().unwrap().into_iter().map(|row| (row.id, row.requirement));
    let of_formats = format_rows().unwrap().into_iter().map(|row| (row.id, row.requirement));
    let rows: Vec<_> = of_w3c.chain(of_formats).collect();
    let covered = |id: &str| rows.iter().any(|(_, requirement)| requirement.iter().any(|of| of == id));
    let without = out_of_scope().unwrap();
    for id in requirements.keys() {
        let excused = without.iter().any(|other| other.requirement == *id);
        assert_ne!(covered(id), excused, "{id} needs a row or else a reason in out_of_scope.json");
    }
    for (row, requirement) in &rows {
        assert_eq!(rows.iter().filter(|(id, _)| id == row).count(), 1, "the id {row} occurs twice");
        for id in requirement {
            assert!(requirements.contains_key(id), "{row} names {id}, which requirements.json does not have");
        }
    }
    for other in &without {
        assert!(requirements.contains_key(&other.requirement), "{}", other.requirement);
        assert!(!other.reason.is_empty(), "{}", other.requirement);
    }
}
