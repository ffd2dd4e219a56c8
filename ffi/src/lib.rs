//! The C surface of [`tracebaton`]: every function of `include/tracebaton.h`, and the types of its structs.
//!
//! The comments on the items are the manual of the C library and address C programmers; cbindgen turns them into the
//! header. All `unsafe` code of the C library is here: one block in each function, which calls the few helpers of
//! `memory`.
//!
//! # Safety
//!
//! Every function has the same contract, the laws at the top of the header. A pointer is NULL where that is allowed,
//! or it points to as many valid elements as its count says. They are aligned, alive during the call, and not changed
//! by another thread meanwhile. NULL, a misaligned pointer and a count beyond the address space are detected and
//! refused.
#![no_std]
#![allow(clippy::missing_safety_doc, reason = "one contract for all functions, stated above")]
#![allow(non_camel_case_types, reason = "a type has one name in both languages")]

mod admit;
mod baggage;
mod baggage_change;
mod change;
mod choice;
mod choice_reader;
mod context;
mod cursor;
mod extract;
mod format_injection;
mod formats;
mod header;
mod id;
mod inject;
mod injection;
mod layout;
mod links;
mod mark;
mod memory;
mod owned;
mod queue_time;
mod raw;
mod rules;
mod status;
mod traceparent;
mod tracestate;
mod version;

pub use admit::*;
pub use baggage::*;
pub use baggage_change::*;
pub use choice::*;
pub use choice_reader::*;
pub use context::*;
pub use cursor::*;
pub use extract::*;
pub use format_injection::*;
pub use formats::*;
pub use header::*;
pub use id::*;
pub use inject::*;
pub use injection::*;
pub use links::*;
pub use owned::*;
pub use queue_time::*;
pub use raw::*;
pub use rules::*;
pub use status::*;
pub use traceparent::*;
pub use tracestate::*;
pub use version::*;

pub use tracebaton_format::*;
pub use tracebaton_header_name::*;
pub use tracebaton_outcome::*;
pub use tracebaton_sampling::*;
pub use tracebaton_status::*;
pub use tracebaton_timestamp_kind::*;
pub use tracebaton_trust_policy::*;
