//! The operations of the vectors on formats other than W3C's, and their arguments.

use crate::{ContextValues, Header, Text};
use serde::Deserialize;

/// An operation on other formats, as described in the README of the vectors.
#[allow(missing_docs, reason = "the README of the vectors describes the arguments")]
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
pub enum FormatOperation {
    Choose {
        formats: Vec<String>,
        #[serde(default)]
        if_deferred: bool,
        headers: Vec<Header>,
    },
    FormatOf {
        header: Text,
    },
    Strip {
        formats: Option<Vec<String>>,
        headers: Vec<Header>,
        #[serde(default)]
        read_only: bool,
    },
    InjectFormats {
        context: ContextValues,
        formats: Vec<String>,
        #[serde(default)]
        replaced: Vec<String>,
        sampling: Option<Sampling>,
        capacity: Option<usize>,
        #[serde(default)]
        read_only: bool,
        headers: Vec<Header>,
    },
    RawHeaders {
        block: Text,
    },
}

/// A sampling decision that the sampled flag cannot express (F3).
#[allow(missing_docs, reason = "the names are the rule's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    Accept,
    Deny,
    Defer,
    Debug,
}
