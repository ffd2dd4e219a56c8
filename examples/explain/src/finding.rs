//! Findings in a record: a stable code, the effect on the trace, a sentence, and advice.

use std::borrow::Cow;

/// A text that is either fixed or made for one record.
pub type Text = Cow<'static, str>;

/// Effect of a finding on the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Effect {
    /// The trace, its baggage or its tracestate is lost.
    Breaks,
    /// Consumers read different things.
    Differs,
    /// Nothing is lost.
    Hint,
}

impl Effect {
    /// Name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Breaks => "breaks",
            Self::Differs => "differs",
            Self::Hint => "hint",
        }
    }
}

/// Declares the codes: name in Rust, name in JSON, meaning.
macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal,)*) => {
        /// The kinds of findings. The names are stable; new ones may be added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[doc = $doc])* $variant,)* }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Name in JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Meaning, in one sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),*).trim_ascii(),)* }
            }
        }
    };
}

codes! {
    /// The value is valid under one or more layers, such as quotes or base64; `layers` names them from outside in.
    Encoded = "encoded",
    /// A header with another name holds a valid value, or its name nearly matches one of the three.
    OtherName = "other_name",
    /// A header belongs to another format, named in `format`.
    OtherFormat = "other_format",
    /// The traceparent is accepted, and another format names another trace.
    Conflict = "conflict",
    /// The record has headers or members that are not read.
    NotRead = "not_read",
    /// An id is written in decimal digits.
    DecimalIds = "decimal_ids",
    /// The value is an id alone.
    BareId = "bare_id",
    /// Several values are joined by a comma.
    Joined = "joined",
    /// The header is refused; `rule` names the broken rule.
    Refused = "refused",
    /// The traceparent is null.
    NullValue = "null_value",
    /// No header is named traceparent.
    NoTraceparent = "no_traceparent",
    /// The record has no headers.
    NoHeaders = "no_headers",
    /// The input has no member for headers.
    NoHeadersMember = "no_headers_member",
    /// The sampled flag is off.
    NotSampled = "not_sampled",
    /// The name has upper-case letters.
    LetterCase = "letter_case",
    /// The version of the traceparent is higher than 00.
    Version = "version",
    /// Members of the baggage are malformed and skipped.
    SkippedMembers = "skipped_members",
    /// A tracestate has no accepted traceparent beside it.
    WithoutTraceparent = "without_traceparent",
    /// A baggage value has a plus sign, which some readers decode as a space.
    PlusSign = "plus_sign",
    /// A baggage value is percent-encoded twice.
    DoubleEncoded = "double_encoded",
    /// Properties of a baggage member are percent-encoded with its value.
    EncodedProperties = "encoded_properties",
    /// A context is in the payload.
    PayloadContext = "payload_context",
    /// Several records have the same parent span.
    RepeatedParent = "repeated_parent",
    /// Several records in a row belong to the same trace, with different parents.
    RepeatedTrace = "repeated_trace",
    /// The headers are valid: the cause is elsewhere.
    Connected = "connected",
}

/// One problem or remark about a record.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Kind of the finding.
    pub code: Code,
    /// Effect on the trace.
    pub effect: Effect,
    /// Index of the header, from 0.
    pub header: Option<usize>,
    /// Layers around the value, from outside in.
    pub layers: Vec<&'static str>,
    /// The broken rule.
    pub rule: Option<&'static str>,
    /// The value without its layers and mistakes, and with its ids in hexadecimal.
    pub value: Option<String>,
    /// The other format and its content.
    pub other: Option<Other>,
    /// What was found, as a sentence.
    pub text: Text,
    /// Advice; may be empty.
    pub fix: Text,
}

/// Content of a header of another format.
#[derive(Clone, Debug, Default)]
pub struct Other {
    /// Name of the format.
    pub format: &'static str,
    /// Verdict on the header.
    pub verdict: OtherVerdict,
    /// Trace id: 32 digits, padded on the left.
    pub trace_id: Option<String>,
    /// Span id: 16 digits.
    pub span_id: Option<String>,
    /// Sampling decision: `accept`, `deny`, `defer` or `debug`.
    pub sampling: Option<&'static str>,
}

/// Verdict on a header of another format.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum OtherVerdict {
    /// Only the name of the format is known.
    #[default]
    Named,
    Accepted,
    Refused,
}

impl OtherVerdict {
    /// Name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }
}

impl Finding {
    /// A finding about the record as a whole.
    pub fn new(code: Code, effect: Effect, text: impl Into<Text>, fix: impl Into<Text>) -> Self {
        let (text, fix) = (text.into(), fix.into());
        Self {
            code,
            effect,
            text,
            fix,
            header: None,
            layers: Vec::new(),
            rule: None,
            value: None,
            other: None,
        }
    }

    /// Sets the value that would be accepted in place of the received one.
    pub fn accepted(&self) -> Option<&str> {
        let is_value = matches!(self.code, Code::Encoded | Code::Refused | Code::Joined);
        self.value.as_deref().filter(|_| is_value)
    }

    /// Sets the header.
    pub fn at(mut self, header: usize) -> Self {
        self.header = Some(header);
        self
    }

    /// Sets the layers around the value, and the value under them.
    pub fn under(mut self, layers: Vec<&'static str>, value: impl Into<Option<String>>) -> Self {
        (self.layers, self.value) = (layers, value.into());
        self
    }

    /// Sets the broken rule.
    pub fn by(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    /// Sets the content of the other format.
    pub fn of(mut self, other: Other) -> Self {
        self.other = Some(other);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peel::Layer;

    const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

    /// Compares the table after a mark with the expected one, or writes it if `TRACEBATON_BLESS=1`.
    fn is_table(mark: &str, rows: &[(&str, &str)]) {
        let rows: Vec<_> = rows.iter().map(|(name, meaning)| format!("| `{name}` | {meaning} |\n")).collect();
        let table = format!("| {} | |\n| --- | --- |\n{}", mark.trim_end_matches('s'), rows.concat());
        let text = std::fs::read_to_string(README).unwrap();
        let (before, rest) = text.split_once(&format!("<!-- {mark} -->\n\n")).unwrap();
        let end = if rest.starts_with('|') { rest.find("\n\n").unwrap() + 1 } else { 0 };
        if std::env::var_os("TRACEBATON_BLESS").is_some() {
            let gap = if end == 0 { "\n" } else { "" };
            std::fs::write(README, format!("{before}<!-- {mark} -->\n\n{table}{gap}{}", &rest[end..]))
                .unwrap();
        } else {
            assert_eq!(&rest[..end], table, "TRACEBATON_BLESS=1 writes it");
        }
    }

    // One test, so that no two tests write the file at the same time.
    #[test]
    fn the_readme_has_every_code_and_every_layer() {
        let codes: Vec<_> = Code::ALL.iter().map(|code| (code.name(), code.meaning())).collect();
        is_table("codes", &codes);
        let layers: Vec<_> = Layer::ALL.iter().map(|layer| (layer.name(), layer.meaning())).collect();
        is_table("layers", &layers);
    }
}
