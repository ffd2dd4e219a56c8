//! The cases of the matrix: the contexts of the sent records.

use crate::protocol::{BaggageMember, Context, Record};
use std::hash::{DefaultHasher, Hash, Hasher};

const TRACESTATE: &str = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";

/// One context. Its name is the key of its record.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// The context that is sent.
    pub context: Context,
}

impl Case {
    /// The record that is sent.
    pub fn record(&self) -> Record {
        Record {
            key: self.name.to_owned(),
            value: format!("the context is {}", self.name),
            context: self.context.clone(),
        }
    }
}

/// All cases, with ids that are unique to this program.
pub fn all(program: &str) -> Vec<Case> {
    let span = |name, flags, tracestate: &str, baggage: &[_]| Case {
        name,
        context: Context {
            trace_id: Some(hex(&(program, name, "trace", 1)) + &hex(&(program, name, "trace", 2))),
            span_id: Some(hex(&(program, name, "span"))),
            trace_flags: Some(format!("{flags:02x}")),
            tracestate: tracestate.to_owned(),
            baggage: baggage.to_vec(),
        },
    };
    let plain = [member("user", "alice", ""), member("region", "eu", "")];
    let properties = [member("tenant", "7", "ttl=30;tier"), member("region", "eu", "")];
    let non_ascii = [member("user", "Amélie", ""), member("place", "東京 🚲", "")];
    let spaces = [member("note", "a b + c", ""), member("sum", "1+1=2", "")];
    let everything = [member("user", "Amélie + Zoë", "ttl=30;tier"), member("region", "eu", "")];
    let thirty_two: Vec<String> = (1..=32).map(|number| format!("v{number}={number}")).collect();
    let long: Vec<String> = (1..=32).map(|number| format!("vendor{number}=value{number}")).collect();
    vec![
        span("sampled", 1, "", &[]),
        span("not-sampled", 0, "", &[]),
        span("sampled-random", 3, "", &[]),
        span("not-sampled-random", 2, "", &[]),
        span("tracestate-2", 1, TRACESTATE, &[]),
        span("tracestate-32", 1, &thirty_two.join(","), &[]),
        // More than the 512 bytes that W3C requires everyone to forward.
        span("tracestate-long", 1, &long.join(","), &[]),
        span("baggage", 1, "", &plain),
        span("baggage-properties", 1, "", &properties),
        span("baggage-non-ascii", 1, "", &non_ascii),
        span("baggage-spaces", 1, "", &spaces),
        span("everything", 3, TRACESTATE, &everything),
        Case { name: "nothing", context: Context::default() },
    ]
}

fn member(key: &str, value: &str, metadata: &str) -> BaggageMember {
    BaggageMember { key: key.to_owned(), value: value.to_owned(), metadata: metadata.to_owned() }
}

fn hex(of: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
