//! Guides: one page for each task, with the calls, their results and common mistakes.
//!
//! | | |
//! | --- | --- |
//! | [`kafka_in_rust`] | with rust-rdkafka, and without |
//! | [`kafka_in_c`], [`kafka_in_cpp`] | with librdkafka |
//! | [`batches_and_links`] | one span for many records |
//! | [`retries`] | and dead-letter topics |
//! | [`trust`] | at boundaries: whose trace goes on |
//! | [`closing_a_boundary`] | nothing of a trace leaves or enters |
//! | [`firmware`] | without a heap |
//! | [`other_tracers`] | without OpenTelemetry: the ids of fastrace and emit |
//! | [`from_b3`], [`from_datadog`], [`from_jaeger`] | migrating from other formats, hop by hop |
//! | [`from_kafka_tracing_py`] | migrating from a Python module of two functions |
//! | [`profile`] | the rules: what is read and written, byte by byte |
//! | [`from_carriers`] | migrating from OpenTelemetry's `Injector`, `Extractor` and `TextMapCarrier` |
//!
//! These modules exist in the documentation only. Examples in Rust run as tests. Examples in C and C++ are compiled,
//! or are parts of programs in `ffi/examples` that are compiled. R, W, C and F with a number are the rules of
//! [`profile`].

// Makes the links of the pages resolve.
#[allow(unused_imports)]
use crate::*;

macro_rules! guides {
    ($($(#[$attribute:meta])* $name:ident: $page:literal;)*) => {
        $($(#[$attribute])* #[doc = include_str!($page)] pub mod $name {})*
    };
}

guides! {
    kafka_in_c: "guides/kafka_in_c.md";
    kafka_in_cpp: "guides/kafka_in_cpp.md";
    batches_and_links: "guides/batches_and_links.md";
    trust: "guides/trust.md";
    profile: "../PROFILE.md";
}

// The examples use the ready carriers.
#[cfg(any(not(doctest), all(feature = "arrayvec", feature = "heapless")))]
guides! {
    retries: "guides/retries.md";
    closing_a_boundary: "guides/closing_a_boundary.md";
    firmware: "guides/firmware.md";
    from_b3: "guides/from_b3.md";
    from_datadog: "guides/from_datadog.md";
    from_jaeger: "guides/from_jaeger.md";
}

// The crates that these guides describe run their examples.
#[cfg(not(doctest))]
guides! {
    kafka_in_rust: "guides/kafka_in_rust.md";
    other_tracers: "guides/other_tracers.md";
    from_kafka_tracing_py: "guides/from_kafka_tracing_py.md";
    from_carriers: "guides/from_carriers.md";
}
