//! The trace headers made with the Rust API alone.

use crate::Field;
use std::io;
use tracebaton::{Context, Header, SpanId, TraceFlags, TraceId, extract};

/// The Rust form of a [`Codec`](crate::Codec).
///
/// # Errors
///
/// If the system has no random bytes.
pub fn callbacks(received: &[Field], count: usize) -> io::Result<Vec<Vec<Field>>> {
    let context = extract(received.iter().map(|field| Header::new(&field.name, &field.value))).context();
    let flags = TraceFlags::SAMPLED | TraceFlags::RANDOM;
    let span = context.child_or_root(new_trace_id()?, new_span_id()?, flags);
    let headers = |child: Context<'_>| child.injection().headers().map(field).collect();
    (0..count).map(|_| Ok(span.child(new_span_id()?).map(headers).unwrap_or_default())).collect()
}

fn field(header: Header<'_>) -> Field {
    Field { name: header.name.to_vec(), value: header.value.unwrap_or_default().to_vec() }
}

fn new_trace_id() -> io::Result<TraceId> {
    let random: [u8; TraceId::SIZE] = random()?;
    Ok(TraceId::generate(|bytes| bytes.copy_from_slice(&random)))
}

fn new_span_id() -> io::Result<SpanId> {
    let random: [u8; SpanId::SIZE] = random()?;
    Ok(SpanId::generate(|bytes| bytes.copy_from_slice(&random)))
}

fn random<const SIZE: usize>() -> io::Result<[u8; SIZE]> {
    let mut bytes = [0; SIZE];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
