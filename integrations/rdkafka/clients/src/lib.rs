//! Runs the examples of the README and of the guides that need a Kafka client or a tracer. Tests call the functions of
//! the guide to Kafka in Rust with real records.

#[cfg(test)]
mod kafka_protocol;
#[cfg(test)]
mod rebalances;
#[cfg(test)]
mod rskafka;

/// The headers that the examples receive, and one more that is not about tracing.
#[cfg(test)]
const RECEIVED: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
#[cfg(test)]
const BAGGAGE: &str = "tenant=7";

/// The headers that they send, with [`span`] as the parent.
#[cfg(test)]
const SENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01";

#[cfg(test)]
fn span() -> tracebaton::SpanId {
    tracebaton::SpanId::from_hex(b"b9c7c989f97918e1").expect("an id")
}

#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../../../README.md")]
    struct Readme;

    #[doc = include_str!("../../../../src/guides/kafka_in_rust.md")]
    struct KafkaInRust;

    #[doc = include_str!("../../../../src/guides/other_tracers.md")]
    struct OtherTracers;

    #[doc = include_str!("../../../../src/guides/from_kafka_tracing_py.md")]
    struct FromKafkaTracingPy;

    #[doc = include_str!("../../../../src/guides/from_carriers.md")]
    struct FromCarriers;
}

/// A service with another version of OpenTelemetry does not compile. If it did, it would send no trace.
///
/// ```
/// let context = opentelemetry::Context::current();
/// tracebaton_opentelemetry::inject_trace_context(&context, &mut Vec::<(String, Vec<u8>)>::new());
/// ```
///
/// ```compile_fail,E0308
/// let context = opentelemetry_0_31::Context::current();
/// tracebaton_opentelemetry::inject_trace_context(&context, &mut Vec::<(String, Vec<u8>)>::new());
/// ```
///
/// ```compile_fail,E0308
/// let headers = Vec::<(String, Vec<u8>)>::new();
/// let received: opentelemetry_0_31::Context = tracebaton_opentelemetry::extract_trace_context(&headers);
/// ```
#[cfg(doctest)]
struct OtherVersion;
