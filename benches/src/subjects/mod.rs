//! Who does the works.

mod c;
mod c_data;
mod c_from_rust;
mod emit;
mod fastrace;
mod memcpy;
mod opentelemetry;
#[cfg(feature = "trace-context")]
mod trace_context;
mod tracebaton;
mod traceparent;

use crate::cell::Cell;
use crate::works::Task;
use ::tracebaton::Header;

/// The codec, one of its peers, or the limit.
pub struct Subject {
    /// Its name, and the way it is called.
    pub name: &'static str,
    pub kind: Kind,
    /// What it leaves out of the works, or does otherwise; empty if nothing.
    pub remark: &'static str,
    /// The works, and those named after them, of which it does a part.
    pub partly: &'static [&'static str],
    /// The cell of this work; none if it cannot do it.
    pub cell: fn(&Task) -> Option<Cell>,
}

impl Subject {
    /// Whether it leaves out a part of this work, as the remark tells.
    pub fn does_in_part(&self, work: &str) -> bool {
        self.partly.iter().any(|name| work.split(' ').next() == Some(name))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The codec, called one way or another.
    Ours,
    Peer,
    /// What no codec can be faster than that touches every byte.
    Limit,
}

/// All subjects, in the order of the tables. Whoever has another way into the codec adds it here.
pub const ALL: &[Subject] = &[
    tracebaton::SUBJECT,
    c_from_rust::SUBJECT,
    c::SUBJECT,
    opentelemetry::SUBJECT,
    emit::SUBJECT,
    fastrace::SUBJECT,
    traceparent::SUBJECT,
    #[cfg(feature = "trace-context")]
    trace_context::SUBJECT,
    memcpy::SUBJECT,
];

/// The last value with exactly this name, if it is text: how a peer's carrier looks it up.
fn find<'a>(headers: &[Header<'a>], name: &str) -> Option<&'a str> {
    let header = headers.iter().rev().find(|header| header.name == name.as_bytes())?;
    std::str::from_utf8(header.value?).ok()
}
