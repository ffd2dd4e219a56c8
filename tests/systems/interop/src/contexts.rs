//! Converts contexts between the protocol and the codec.

use crate::protocol::{BaggageMember, Context};
use anyhow::{Context as _, Result};
use tracebaton::{Baggage, BaggageBuilder, SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// Calls `with` with the codec's form of this context.
pub fn with_codec<T>(context: &Context, with: impl FnOnce(&tracebaton::Context<'_>) -> T) -> Result<T> {
    let mut buffer = [0; Baggage::MAX_LENGTH];
    let baggage = baggage(&context.baggage, &mut buffer)?;
    Ok(with(&tracebaton::Context::new(span_context(context)?, baggage)))
}

fn span_context(context: &Context) -> Result<Option<SpanContext<'_>>> {
    let (Some(trace_id), Some(span_id)) = (&context.trace_id, &context.span_id) else { return Ok(None) };
    let flags = context.trace_flags.as_deref().unwrap_or("00");
    let trace_id = TraceId::from_hex(trace_id.as_bytes()).context("trace_id")?;
    let span_id = SpanId::from_hex(span_id.as_bytes()).context("span_id")?;
    let trace_flags = TraceFlags::from_byte(u8::from_str_radix(flags, 16).context("trace_flags")?);
    let trace_state = TraceState::parse(context.tracestate.as_bytes()).context("tracestate")?;
    Ok(Some(SpanContext::root(trace_id, span_id, trace_flags).with_trace_state(trace_state)))
}

fn baggage<'b>(members: &[BaggageMember], buffer: &'b mut [u8]) -> Result<Baggage<'b>> {
    let mut builder = BaggageBuilder::new(buffer);
    for member in members {
        builder.add(&member.key, &member.value).with_context(|| format!("baggage {}", member.key))?;
        for property in member.metadata.split(';').filter(|property| !property.is_empty()) {
            let (key, value) = match property.split_once('=') {
                Some((key, value)) => (key, Some(value)),
                None => (property, None),
            };
            builder.add_property(key, value).with_context(|| format!("metadata {property}"))?;
        }
    }
    Ok(builder.finish())
}

/// The codec's context in the form of the protocol.
pub fn answer(context: &tracebaton::Context<'_>) -> Result<Context> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec());
    let mut answer = Context::default();
    if let Some(span) = &context.span_context {
        answer.trace_id = Some(span.trace_id.to_string());
        answer.span_id = Some(span.span_id.to_string());
        answer.trace_flags = Some(format!("{:02x}", span.trace_flags.to_byte()));
        answer.tracestate = text(span.trace_state.as_bytes())?;
    }
    for member in context.baggage.members() {
        answer.baggage.push(BaggageMember {
            key: text(member.key())?,
            value: member.value().to_string(),
            metadata: text(member.metadata())?,
        });
    }
    Ok(answer)
}
