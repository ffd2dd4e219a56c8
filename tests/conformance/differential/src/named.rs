//! The named differences in the values that the codec accepts, and in the baggage members that it skips.

use crate::differences::Difference;
use crate::malformed::{Fault, fault};
use crate::percent::{decoded, decoded_text};
use crate::readings::Header;
use tracebaton::{Baggage, BaggageMember};

/// A named difference.
pub struct Named {
    /// Its name.
    pub name: &'static str,
    /// The header.
    pub header: Header,
    /// The rule of PROFILE.md that the codec follows.
    pub rule: &'static str,
    /// A description of the value.
    pub what: &'static str,
    /// What the codec does; `None` if it skips the member (R8).
    pub here: Option<&'static str>,
    /// What the propagators do.
    pub there: &'static str,
    /// Whether a difference has this name.
    pub is: fn(&Difference<'_>) -> bool,
}

/// All names. A difference has the first name that matches it.
pub const NAMED: &[Named] = &[
    Named {
        name: "random-flag",
        header: Header::TraceParent,
        rule: "R6",
        what: "bit 1 of the flags is set",
        here: Some("kept"),
        there: "ids and sampled flag are read, the random flag is not",
        is: |of| {
            let [trace_id, parent_id, flags] = of.here else { return false };
            let sampled = if flags == "03" { "01" } else { "00" };
            of.there == [trace_id, parent_id, sampled]
        },
    },
    Named {
        name: "rest-not-text",
        header: Header::TraceParent,
        rule: "R5",
        what: "bytes after the flags of a higher version that are not UTF-8",
        here: Some("not read"),
        there: "not text, so its carriers cannot hold it",
        is: |of| of.is_not_text(),
    },
    Named {
        name: "at-sign",
        header: Header::TraceState,
        rule: "R7",
        what: "a key with a second `@`, more than 13 bytes after `@`, or no a-z 0-9 directly after it",
        here: Some("read: `@` is allowed like any byte of a key"),
        there: "the whole list is dropped",
        is: |of| of.there.is_empty() && of.here.iter().any(|member| has_at_sign(member)),
    },
    Named {
        name: "baggage-not-text",
        header: Header::Baggage,
        rule: "R8",
        what: "one member has bytes that are not UTF-8",
        here: Some("that member is skipped"),
        there: "not text, so its carriers cannot hold it",
        is: |of| of.is_not_text(),
    },
    Named {
        name: "percent-in-key",
        header: Header::Baggage,
        rule: "R8",
        what: "`%` and two digits in a key",
        here: Some("read as three bytes of the key"),
        there: "decoded; dropped if the result is not a token",
        is: |of| of.any_member(|member| decoded(member.key()).is_some()),
    },
    Named {
        name: "equals-in-value",
        header: Header::Baggage,
        rule: "R8",
        what: "`=` in a value",
        here: Some("part of the value"),
        there: "the value ends there",
        is: |of| of.any_member(|member| member.value().as_bytes().contains(&b'=')),
    },
    Named {
        name: "value-not-utf-8",
        header: Header::Baggage,
        rule: "R8",
        what: "a value that does not decode to UTF-8",
        here: Some("invalid bytes become U+FFFD"),
        there: "the member is dropped",
        is: |of| {
            of.there.is_empty() && of.any_member(|member| decoded_text(member.value().as_bytes()).is_none())
        },
    },
    Named {
        name: "encoded-white-space",
        header: Header::Baggage,
        rule: "R8",
        what: "percent-encoded white space around a value",
        here: Some("part of the value"),
        there: "removed",
        is: |of| {
            let text = |member: &BaggageMember<'_>| decoded_text(member.value().as_bytes());
            of.any_member(|member| text(member).is_some_and(|text| text.trim() != text))
        },
    },
    Named {
        name: "percent-in-property",
        header: Header::Baggage,
        rule: "R8",
        what: "`%` and two digits in a property",
        here: Some("decoded only in the property's value"),
        there: "decoded everywhere; dropped if the result is not UTF-8",
        is: |of| of.any_member(|member| decoded(member.metadata()).is_some()),
    },
    Named {
        name: "empty-property",
        header: Header::Baggage,
        rule: "R8",
        what: "`;` with nothing after it",
        here: Some("no property"),
        there: "a property without a key",
        is: |of| of.any_member(|member| has_empty_property(member.as_bytes())),
    },
    Named {
        name: "position-65",
        header: Header::Baggage,
        rule: "R8",
        what: "a member after 64 others, some of them empty or malformed",
        here: Some("read: only well-formed members count"),
        there: "dropped: all members count",
        is: |of| of.positions() > Baggage::MAX_MEMBERS && of.there.len() < of.here.len(),
    },
    Named {
        name: "malformed-key",
        header: Header::Baggage,
        rule: "R8",
        what: "a key that is a token only after it is decoded and trimmed",
        here: None,
        there: "read, decoded and trimmed",
        is: |of| of.is_fault(Fault::Key),
    },
    Named {
        name: "malformed-value",
        header: Header::Baggage,
        rule: "R8",
        what: "a byte in a value that must be encoded",
        here: None,
        there: "read, without white space around it",
        is: |of| of.is_fault(Fault::Value),
    },
    Named {
        name: "malformed-property",
        header: Header::Baggage,
        rule: "R8",
        what: "a property outside the grammar",
        here: None,
        there: "read, with or without the property",
        is: |of| of.is_fault(Fault::Property),
    },
];

impl Difference<'_> {
    fn is_not_text(&self) -> bool {
        self.there.is_empty() && std::str::from_utf8(self.value).is_err()
    }

    /// The count of members, including empty and malformed ones.
    fn positions(&self) -> usize {
        self.value.split(|byte| *byte == b',').count()
    }

    fn any_member(&self, test: impl Fn(&BaggageMember<'_>) -> bool) -> bool {
        Baggage::parse(self.value).unwrap_or_default().members().any(|member| test(&member))
    }

    fn is_fault(&self, of: Fault) -> bool {
        self.here.is_empty() && fault(self.value) == Some(of)
    }
}

fn has_empty_property(member: &[u8]) -> bool {
    member.split(|byte| *byte == b';').skip(1).any(|property| property.trim_ascii().is_empty())
}

fn has_at_sign(member: &str) -> bool {
    member.split_once('=').is_some_and(|(key, _)| key.contains('@'))
}
