//! Guides: one page per task, with the code for it and what to avoid.
//!
//! | guide | task |
//! | --- | --- |
//! | [`kafka_in_rust`] | carry a trace through a Rust service, with rust-rdkafka or another client |
//! | [`kafka_in_c`], [`kafka_in_cpp`] | carry a trace through a C or C++ service, with librdkafka |
//! | [`batches_and_links`] | link one span to many records |
//! | [`retries`], [`retries_in_c`] | keep one trace through retries and dead-letter topics |
//! | [`trust`] | choose whose trace continues at a boundary |
//! | [`closing_a_boundary`] | remove the tracing headers of all formats |
//! | [`firmware`] | use the codec without a heap |
//! | [`other_tracers`] | convert to and from the ids of fastrace and emit |
//! | [`other_clients`] | meet records of other libraries |
//! | [`from_b3`], [`from_datadog`], [`from_jaeger`] | migrate from another format |
//! | [`from_kafka_tracing_py`] | migrate from a Python module of two functions |
//! | [`from_carriers`] | migrate from OpenTelemetry's `Injector`, `Extractor` and `TextMapCarrier` |
//! | [`profile_summary`] | review the rules on one page |
//! | [`profile_reasons`] | learn why a rule is as it is, and which vectors test it |
//! | [`profile`] | look up a rule: what is read and written, byte by byte |
//! | [`profile_formats`] | look up a rule for B3, Datadog and other formats |
//!
//! These modules exist only in the documentation. Their Rust examples run as tests. Their C and C++ examples are compiled,
//! or are excerpts of programs in `ffi/examples`. R, W and C with a number name the rules of the [`profile`],
//! F with a number those of [`profile_formats`].

// Makes the links of the pages resolve.
#[allow(unused_imports)]
use crate::*;

// A page ends with definitions of its links, for readers of the repository and the site. Markdown uses the first
// definition of a link, so in the documentation these lead to items.
macro_rules! guides {
    ($($(#[$attribute:meta])* $name:ident: $page:literal;)*) => {
        $(
            $(#[$attribute])*
            #[doc = "[`Choice::arrived_as`]: crate::formats::Choice::arrived_as"]
            #[doc = "[`Choice::context`]: crate::formats::Choice::context"]
            #[doc = "[`Choice::others`]: crate::formats::Choice::others"]
            #[doc = "[`Choice::sampling`]: crate::formats::Choice::sampling"]
            #[doc = "[`Context::admit`]: crate::Context::admit"]
            #[doc = "[`FormatContext::ignored`]: crate::formats::FormatContext::ignored"]
            #[doc = "[`Formats::ALL`]: crate::formats::Formats::ALL"]
            #[doc = "[`KNOWN_NAMES`]: crate::formats::KNOWN_NAMES"]
            #[doc = "[`OtherTrace`]: crate::formats::Outcome::OtherTrace"]
            #[doc = "[`Outcome::OtherTrace`]: crate::formats::Outcome::OtherTrace"]
            #[doc = "[B3]: crate::guides::from_b3"]
            #[doc = "[batches]: crate::guides::batches_and_links"]
            #[doc = "[closing a boundary]: crate::guides::closing_a_boundary"]
            #[doc = "[trust]: crate::guides::trust"]
            #[doc = "[other formats]: crate::guides::profile_formats"]
            #[doc = "[profile]: crate::guides::profile"]
            #[doc = "[reasons]: crate::guides::profile_reasons"]
            #[doc = "[retries]: crate::guides::retries"]
            #[doc = "[retries in C]: crate::guides::retries_in_c"]
            #[doc = "[`TraceState::truncate`]: crate::TraceState::truncate"]
            #[doc = "[`extract_joined`]: crate::extract_joined"]
            ///
            #[doc = include_str!($page)]
            pub mod $name {}
        )*
    };
}

guides! {
    kafka_in_c: "guides/kafka_in_c.md";
    kafka_in_cpp: "guides/kafka_in_cpp.md";
    retries_in_c: "guides/retries_in_c.md";
    batches_and_links: "guides/batches_and_links.md";
    trust: "guides/trust.md";
    other_clients: "guides/other_clients.md";
    profile_summary: "guides/profile_summary.md";
    profile_reasons: "guides/profile_reasons.md";
    profile: "../PROFILE.md";
    profile_formats: "../FORMATS.md";
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
