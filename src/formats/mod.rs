//! Tracing formats other than W3C: their names, and how to read, choose, write and remove them (F1 to F14).
//!
//! A program that uses W3C alone needs nothing from this module; [`extract`](crate::extract) and
//! [`inject`](crate::inject) do not use it. It is for topics whose producers or consumers use B3, Datadog, Jaeger,
//! Elastic, Instana or X-Ray, and for boundaries that no tracing header may cross.
//!
//! | to | call |
//! | --- | --- |
//! | know what a header is | [`format_of`], [`KNOWN_NAMES`] |
//! | find the parent of a record | [`choose`], with the formats to read in their order; it gives a [`Choice`] |
//! | write other formats beside W3C | [`FormatInjection`], [`inject`] |
//! | remove the headers of some formats, or of all | [`strip`], with [`Formats`] |
//!
//! ```
//! use tracebaton::Header;
//! use tracebaton::formats::{Format, choose};
//!
//! let headers = [Header::new("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1")];
//! let choice = choose(headers, &[Format::TraceContext, Format::B3]);
//! assert_eq!(choice.arrived_as(), Some(Format::B3));
//! let parent = choice.span_context(false).unwrap();
//! assert_eq!(parent.traceparent().format(), *b"00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-01");
//! ```

mod b3;
mod choice;
mod context;
mod datadog;
mod elastic;
mod format;
mod instana;
mod jaeger;
mod known;
mod number;
mod reader;
mod slot;
mod write;
mod xray;

pub use choice::{Choice, Other, Outcome, choose};
pub use context::{FormatContext, FormatError, FormatRule, Sampling};
pub use format::{Format, Formats};
pub use known::{KNOWN_NAMES, KnownName, format_of, strip};
pub use reader::ChoiceReader;
pub use write::{FormatInjection, inject};
