//! The instructions in the body of a request.

use hyper::Uri;
use serde_json::{Value, json};

/// One call to make.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    /// The URL to post to.
    pub url: Uri,
    /// The body to post, as JSON: the instructions for the called service.
    pub arguments: String,
}

/// The calls to make, in sequence; `None` if the body has another form.
pub(crate) fn instructions(body: &[u8]) -> Option<Vec<Instruction>> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body.as_array()?.iter().map(instruction).collect()
}

fn instruction(value: &Value) -> Option<Instruction> {
    let url = value.get("url")?.as_str()?.parse().ok()?;
    let arguments = value.get("arguments").unwrap_or(&json!([])).to_string();
    Some(Instruction { url, arguments })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_arguments_are_passed_on() {
        let body = br#"[{"url":"http://h:1/a.0","arguments":[{"url":"http://h:1/b","arguments":[]}]},{"url":"http://h:1/a.1"}]"#;
        let nested = r#"[{"arguments":[],"url":"http://h:1/b"}]"#;
        let expected = [("http://h:1/a.0", nested), ("http://h:1/a.1", "[]")].map(|(url, arguments)| {
            Instruction { url: Uri::from_static(url), arguments: arguments.to_owned() }
        });
        assert_eq!(instructions(body), Some(expected.into()));
    }

    #[test]
    fn other_bodies_are_not_instructions() {
        for body in ["", "null", "{}", "[1]", "[{}]", r#"[{"url":7}]"#, r#"[{"url":"a b"}]"#, "[]]"] {
            assert_eq!(instructions(body.as_bytes()), None, "{body}");
        }
        assert_eq!(instructions(b"[]"), Some(Vec::new()));
    }
}
