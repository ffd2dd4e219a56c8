//! A trace context in a form that every library can provide.

use serde::{Deserialize, Serialize};

/// A span context and a baggage that a program makes or has read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// 32 hexadecimal digits; `None` without a span context.
    pub trace_id: Option<String>,
    /// 16 hexadecimal digits; `None` without a span context.
    pub span_id: Option<String>,
    /// Two hexadecimal digits; `None` without a span context.
    #[serde(default)]
    pub trace_flags: Option<String>,
    /// As in the header; empty if there is none.
    #[serde(default)]
    pub tracestate: String,
    /// The members, in sequence.
    #[serde(default)]
    pub baggage: Vec<BaggageMember>,
}

/// One member of a baggage.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BaggageMember {
    /// Its name.
    pub key: String,
    /// Its value, decoded.
    pub value: String,
    /// Its properties in the library's form; empty if there are none.
    #[serde(default)]
    pub metadata: String,
}
