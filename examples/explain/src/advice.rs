//! Advice: what to do about each layer, each format and each broken rule.

use crate::peel::Layer;
use tracebaton::TraceParentRule as Rule;

/// Advice about a layer, with the tools that usually add it.
pub const fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::JsonString => {
            "Write header values as text, not through a JSON serialiser. Spring Kafka: \
             setMapAllStringsOut(true) on the header \
             mapper. Kafka Connect: header.converter=org.apache.kafka.connect.storage.StringConverter."
        }
        Layer::Base64 => {
            "Write the bytes themselves. Kafka Connect and MirrorMaker 2 encode bytes unless \
             header.converter=org.apache.kafka.connect.converters.ByteArrayConverter. If the tool that printed the record \
             encodes them, decode its output first."
        }
        Layer::Hex => "Write the text itself, not the hexadecimal of its bytes.",
        Layer::Utf16 => "Encode header values as UTF-8.",
        Layer::ByteList => {
            "The printed form of the bytes was sent: pass the byte array itself, or a string made from it."
        }
        Layer::JavaArray => {
            "The bytes are lost: something called toString() on them. Decode them with new String(bytes, \
             UTF_8), or pass them \
             on as they are."
        }
        Layer::JavaObject => "Write getBytes(UTF_8) of the string, not a serialized Java object.",
        Layer::PythonBytes => "Write the bytes, not str() of them; bytes.decode() gives their text.",
        Layer::Amqp => {
            "Azure Event Hubs keeps the AMQP encoding of properties that arrive by AMQP: send by the Kafka \
             protocol, or decode \
             AMQP's type and length first."
        }
        Layer::Avro => "An Avro serialiser wrote the header: write the UTF-8 bytes of the text alone.",
        Layer::Length => {
            "A serialiser wrote a length before the value: write the UTF-8 bytes of the text alone."
        }
        Layer::Protobuf => {
            "A Protocol Buffers message wraps the value: write the UTF-8 bytes of the text alone."
        }
        Layer::MsgPack => {
            "A MessagePack serialiser wrote the header: write the UTF-8 bytes of the text alone."
        }
        Layer::Cbor => "A CBOR serialiser wrote the header: write the UTF-8 bytes of the text alone.",
        Layer::SchemaId => {
            "A schema registry's serialiser wrote the header: use a plain string serialiser for headers."
        }
        Layer::W3cBinary => {
            "Write the 55 characters of the text form. OpenCensus and older Elastic APM agents write this \
             binary form."
        }
        Layer::Properties => {
            "Add Debezium's ActivateTracingSpan transformation, which reads this field and writes the headers."
        }
        Layer::JsonDocument => "Write the text alone, not a JSON document that holds it.",
        Layer::Percent => "Write the value without percent-encoding.",
    }
}

/// Name of a format for people.
pub fn format_name(format: &str) -> &str {
    match format {
        "b3" | "b3multi" => "B3 (Zipkin)",
        "jaeger" => "Jaeger",
        "datadog" => "Datadog",
        "datastreams" => "Datadog Data Streams",
        "elastic" => "Elastic APM",
        "instana" => "Instana",
        "xray" => "AWS X-Ray",
        "newrelic" => "New Relic",
        "skywalking" => "SkyWalking",
        "dynatrace" => "Dynatrace",
        "debezium" => "Debezium",
        "cloudevents" => "CloudEvents",
        "sentry" => "Sentry",
        "opencensus" => "OpenCensus",
        "google_cloud" => "Google Cloud Trace",
        "ottrace" => "OpenTracing",
        "aspnet" => ".NET before W3C (Request-Id)",
        "sleuth" => "Spring Cloud Sleuth",
        other => other,
    }
}

/// How to configure a producer of this format so that it writes W3C.
pub fn format(format: &str) -> &'static str {
    match format {
        "b3" | "b3multi" => {
            "Have the producer write W3C, alone or as well. OpenTelemetry: \
             OTEL_PROPAGATORS=tracecontext,baggage,b3. Spring Boot: \
             management.tracing.propagation.type=w3c."
        }
        "datadog" => {
            "Have the producer write W3C as well: DD_TRACE_PROPAGATION_STYLE=datadog,tracecontext,baggage."
        }
        "datastreams" => {
            "This header measures pipelines and names no span: have the producer inject traceparent."
        }
        "elastic" => "Update the producer's Elastic APM agent: current ones write traceparent as well.",
        "instana" => {
            "Instana's tracers write no traceparent on Kafka: have the producer inject it, or read \
             Instana's headers in the \
             consumer."
        }
        "newrelic" => {
            "Have the producer's agent write W3C as well: enable distributed tracing in a current New \
             Relic agent."
        }
        "skywalking" => {
            "SkyWalking's ids are not W3C ids: have the producer inject traceparent with OpenTelemetry as \
             well."
        }
        "dynatrace" => {
            "Turn on W3C Trace Context for Kafka in OneAgent, or have the producer inject traceparent."
        }
        "debezium" => {
            "Add Debezium's ActivateTracingSpan transformation, which reads this field and writes the \
             headers."
        }
        "cloudevents" => {
            "CloudEvents names the origin of an event, which is a link, not a parent: have the producer \
             inject traceparent as well."
        }
        "sentry" => "Set propagateTraceparent in the producer's Sentry SDK, or have it inject traceparent.",
        "aspnet" => {
            "Set Activity.DefaultIdFormat = ActivityIdFormat.W3C in the producer; it is the default since \
             .NET 5."
        }
        "sleuth" => {
            "Sleuth writes each baggage field into its own header: have the producer write W3C \
             (spring.sleuth.propagation.type=W3C, or \
             Micrometer Tracing)."
        }
        _ => {
            "Have the producer write W3C, alone or as well: OTEL_PROPAGATORS=tracecontext,baggage, or its \
             tracer's own setting."
        }
    }
}

/// Texts that languages print for a missing value or for an object.
const PLACEHOLDERS: [&str; 6] = ["undefined", "null", "None", "nil", "<nil>", "[object Object]"];

/// Advice about a traceparent that breaks this rule and has no known mistake.
pub fn refused_parent(value: &[u8], rule: Rule) -> &'static str {
    match rule {
        _ if value.is_empty() => "If there is no span, leave the header out: an empty one is malformed.",
        _ if PLACEHOLDERS.iter().any(|known| value == known.as_bytes()) => {
            "This is the text of a missing value or of an object: inject only if there is a \
             span, and write a string."
        }
        _ if !value.iter().all(|byte| matches!(byte, b' '..=b'~')) => {
            "The value is not text: write the 55 characters of a traceparent, not the bytes of its ids or \
             a serialized object."
        }
        Rule::TraceIdZero | Rule::ParentIdZero => {
            "Zeros are injected if no span is active: check that the producer's SDK is started and that its \
             span is current when \
             the record is sent. Inject nothing without a span."
        }
        Rule::TooShort if matches!(value.len(), 52 | 53) => {
            "The value ends before the trace-flags: have its writer add them, -01 if the span is sampled \
             and -00 if not."
        }
        Rule::TooShort => {
            "The value is cut off: look for a buffer, a column or a converter on the way that is too \
             small for 55 bytes."
        }
        Rule::VersionForbidden => "Write version 00.",
        _ => "Write 00-<32 hex digits>-<16 hex digits>-<2 hex digits>, lower case, 55 bytes and no more.",
    }
}

/// Advice if the headers are valid but the trace is broken.
pub const CONNECTED: &str = "If the trace is still broken, check the consumer. Does it link to \
    the producer instead of \
    continuing its trace (Java agent: otel.instrumentation.messaging.experimental.receive-telemetry.enabled; Python's \
    confluent-kafka instrumentation; batch listeners)? Does it read only another format (OTEL_PROPAGATORS, \
    DD_TRACE_PROPAGATION_STYLE_EXTRACT)? Does its sampler drop the span (use parentbased)? Does it start its span before it \
    extracts?";

/// Advice if there is no context.
pub const INJECT: &str = "Check that the producer injects the context before it sends the record, and that \
    every relay on the way \
    copies all headers.";

/// Advice if there are no headers.
pub const NO_HEADERS: &str = "Check that the producer injects the context, and that every relay on the way \
    copies headers; a topic \
    kept in a message format older than Kafka 0.11 loses them.";

/// Advice if the input has no member for headers.
pub const PRINT_HEADERS: &str = "Print them as well: kcat -J; rpk topic consume; kafkactl consume \
    --print-headers -o json; kaf consume \
    -o json; kafka-console-consumer --property print.headers=true. If the member has another name, rename \
    it to headers.";

/// Advice about a context in the payload.
pub const PAYLOAD: &str = "Consumers read headers, not the payload: have the producer inject the headers \
    as well, or extract from the \
    event in the consumer. In the structured mode of CloudEvents the context is inside the event.";
