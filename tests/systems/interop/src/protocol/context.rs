//! A trace context as each library can name it.

use serde::{Deserialize, Serialize};

/// A span context and a baggage, as a program makes them or has read them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// 32 hexadecimal digits; none without a span context.
    pub trace_id: Option<String>,
    /// 16 hexadecimal digits; none without a span context.
    pub span_id: Option<String>,
    /// Two hexadecimal digits; none without a span context.
    #[serde(default)]
    pub trace_flags: Option<String>,
    /// As in the header; empty without one.
    #[serde(default)]
    pub tracestate: String,
    /// The members in their order.
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
    /// Its properties as the library keeps them; empty without any.
    #[serde(default)]
    pub metadata: String,
}
