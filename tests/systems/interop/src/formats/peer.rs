//! The tracers, in the order of the table.

use tracebaton::formats::Format;

/// A tracer and its formats.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Where its program is.
    pub name: &'static str,
    /// What the table calls it.
    pub title: &'static str,
    /// The libraries whose versions the table tells.
    pub libraries: &'static [&'static str],
    /// What it reads and writes.
    pub formats: &'static [Format],
}

const OPENTELEMETRY: &[Format] = &[Format::B3, Format::B3Multi, Format::Jaeger];
const OPENTELEMETRY_AND_XRAY: &[Format] = &[Format::B3, Format::B3Multi, Format::Jaeger, Format::Xray];
const DATADOG: &[Format] = &[Format::Datadog, Format::B3, Format::B3Multi, Format::TraceContext];

/// All of them.
pub const ALL: [Peer; 9] = [
    Peer {
        name: "formats/java/opentelemetry",
        title: "OpenTelemetry, Java",
        libraries: &["opentelemetry-extension-trace-propagators"],
        formats: OPENTELEMETRY,
    },
    Peer {
        name: "formats/go/opentelemetry",
        title: "OpenTelemetry, Go",
        libraries: &["go.opentelemetry.io/contrib/propagators/b3"],
        formats: OPENTELEMETRY_AND_XRAY,
    },
    Peer {
        name: "formats/python/opentelemetry",
        title: "OpenTelemetry, Python",
        libraries: &["opentelemetry-propagator-b3"],
        formats: OPENTELEMETRY_AND_XRAY,
    },
    Peer {
        name: "formats/node/opentelemetry",
        title: "OpenTelemetry, JavaScript",
        libraries: &["@opentelemetry/propagator-b3"],
        formats: OPENTELEMETRY,
    },
    Peer {
        name: "formats/java/brave",
        title: "Brave",
        libraries: &["brave"],
        formats: &[Format::B3, Format::B3Multi],
    },
    Peer {
        name: "formats/python/ddtrace",
        title: "Datadog, Python",
        libraries: &["ddtrace"],
        formats: DATADOG,
    },
    Peer {
        name: "formats/go/dd-trace-go",
        title: "Datadog, Go",
        libraries: &["github.com/DataDog/dd-trace-go/v2"],
        formats: DATADOG,
    },
    Peer {
        name: "formats/python/elastic-apm",
        title: "Elastic, Python",
        libraries: &["elastic-apm"],
        formats: &[Format::Elastic, Format::TraceContext],
    },
    Peer {
        name: "formats/python/instana",
        title: "Instana, Python",
        libraries: &["instana"],
        formats: &[Format::Instana],
    },
];
