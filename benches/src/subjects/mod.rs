//! Subjects: the implementations that do the works.

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
    /// Name of the subject and of its API.
    pub name: &'static str,
    pub kind: Kind,
    /// Parts of the works that it leaves out or does differently; may be empty.
    pub remark: &'static str,
    /// Works, and works whose names begin so, of which it does only a part.
    pub partly: &'static [&'static str],
    /// The cell for this work; `None` if the subject cannot do it.
    pub cell: fn(&Task) -> Option<Cell>,
}

impl Subject {
    /// Whether it leaves out a part of this work; see the remark.
    pub fn does_in_part(&self, work: &str) -> bool {
        self.partly.iter().any(|name| work.split(' ').next() == Some(name))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The codec, through one of its APIs.
    Ours,
    Peer,
    /// The limit: no codec that reads every byte can be faster.
    Limit,
}

/// All subjects, in the order of the tables. Add another API of the codec here.
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

/// The last value with exactly this name, if it is text: a peer's carrier finds headers this way.
fn find<'a>(headers: &[Header<'a>], name: &str) -> Option<&'a str> {
    let header = headers.iter().rev().find(|header| header.name == name.as_bytes())?;
    std::str::from_utf8(header.value?).ok()
}
