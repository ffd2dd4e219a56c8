//! The driver's contexts as OpenTelemetry's, and back.

use anyhow::{Context as _, Result};
use opentelemetry::baggage::{BaggageExt, KeyValueMetadata};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use opentelemetry::{Context, StringValue};
use std::str::FromStr;
use tracebaton_interop::protocol;

/// A remote parent and a baggage.
pub fn from_protocol(wire: &protocol::Context) -> Result<Context> {
    let members = wire.baggage.iter().map(|member| {
        KeyValueMetadata::new(
            member.key.clone(),
            StringValue::from(member.value.clone()),
            member.metadata.as_str(),
        )
    });
    let context = Context::new().with_baggage(members);
    let Some(trace_id) = &wire.trace_id else { return Ok(context) };
    let span_id = wire.span_id.as_ref().context("a trace without a span")?;
    let flags = wire.trace_flags.as_ref().context("a trace without flags")?;
    Ok(context.with_remote_span_context(SpanContext::new(
        TraceId::from_hex(trace_id).context("trace_id")?,
        SpanId::from_hex(span_id).context("span_id")?,
        TraceFlags::new(u8::from_str_radix(flags, 16).context("trace_flags")?),
        true,
        TraceState::from_str(&wire.tracestate).context("tracestate")?,
    )))
}

/// A context's span and baggage, whose members have no order: by key.
pub fn to_protocol(context: &Context) -> protocol::Context {
    let mut baggage: Vec<_> = context
        .baggage()
        .iter()
        .map(|(key, (value, metadata))| protocol::BaggageMember {
            key: key.to_string(),
            value: value.to_string(),
            metadata: metadata.as_str().to_owned(),
        })
        .collect();
    baggage.sort();
    let span = context.span().span_context().clone();
    let valid = span.is_valid();
    protocol::Context {
        trace_id: valid.then(|| span.trace_id().to_string()),
        span_id: valid.then(|| span.span_id().to_string()),
        trace_flags: valid.then(|| format!("{:02x}", span.trace_flags())),
        tracestate: span.trace_state().header(),
        baggage,
    }
}
