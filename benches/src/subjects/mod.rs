//! The subjects that do the works.

mod c;
mod c_data;
mod c_from_rust;
#[cfg(feature = "peers")]
mod emit;
#[cfg(feature = "peers")]
mod fastrace;
mod memcpy;
#[cfg(feature = "peers")]
mod opentelemetry;
#[cfg(opentelemetry_cpp)]
pub mod opentelemetry_cpp;
#[cfg(feature = "trace-context")]
mod trace_context;
mod tracebaton;
#[cfg(feature = "peers")]
mod traceparent;

use crate::cell::Cell;
use crate::works::Task;
#[cfg(feature = "peers")]
use ::tracebaton::Header;

/// The codec, one of its peers, or the limit.
pub struct Subject {
    /// Its name, and the language of the caller.
    pub name: &'static str,
    pub kind: Kind,
    /// The parts of the works that it leaves out or does differently; empty if there are none.
    pub remark: &'static str,
    /// The works of which it does only a part, by id or by the beginning of their ids.
    pub partly: &'static [&'static str],
    /// The cell of this work; `None` if it cannot do it.
    pub cell: fn(&Task) -> Option<Cell>,
}

impl Subject {
    /// Whether it does only a part of this work, as explained in the remark.
    pub fn does_in_part(&self, work: &str) -> bool {
        self.partly.iter().any(|name| work == *name || work.split(' ').next() == Some(name))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The codec, from one language.
    Ours,
    Peer,
    /// The lower limit of any codec that touches every byte.
    Limit,
}

/// All subjects, in the sequence of the tables. A new language for the codec is added here.
pub const ALL: &[Subject] = &[
    tracebaton::SUBJECT,
    c_from_rust::SUBJECT,
    c::SUBJECT,
    #[cfg(feature = "peers")]
    opentelemetry::SUBJECT,
    #[cfg(opentelemetry_cpp)]
    opentelemetry_cpp::SUBJECT,
    #[cfg(feature = "peers")]
    emit::SUBJECT,
    #[cfg(feature = "peers")]
    fastrace::SUBJECT,
    #[cfg(feature = "peers")]
    traceparent::SUBJECT,
    #[cfg(feature = "trace-context")]
    trace_context::SUBJECT,
    memcpy::SUBJECT,
];

/// The last value with exactly this name, if it is text, as a peer's carrier looks it up.
#[cfg(feature = "peers")]
fn find<'a>(headers: &[Header<'a>], name: &str) -> Option<&'a str> {
    let header = headers.iter().rev().find(|header| header.name == name.as_bytes())?;
    std::str::from_utf8(header.value?).ok()
}
