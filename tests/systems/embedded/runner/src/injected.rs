//! The headers that are written into a record.

use crate::Watch;
use crate::record::{Full, Record, extract_record, inject_record};
use tracebaton::{Context, HeaderName, Injected, Injection, inject_if_absent};
use tracebaton_test_embedded_rows::{Atom, Atoms, Comparison};

pub(crate) fn inject(
    arguments: &mut Atoms<'_>,
    watch: &mut impl Watch,
    outcome: &mut Comparison<'_>,
) -> Option<()> {
    let values = [arguments.optional_bytes()?, arguments.optional_bytes()?, arguments.optional_bytes()?];
    let injection = carrying(context(values)?, arguments.optional_bytes()?)?;
    let keep = arguments.optional_bool()??;
    let (capacity, read_only) = (arguments.optional_size()?, arguments.optional_bool()??);
    let mut record = Record::read(arguments)?.limited(capacity, read_only);
    let result = match keep {
        true => inject_if_absent(&injection, &mut record),
        false => watch.inject(|| inject_record(&injection, &mut record)),
    };
    match result {
        Ok(injected) => outcome.field("outcome").is(Atom::Bytes(name(injected))),
        Err(Full(name)) => outcome.field("error").is(Atom::Bytes(name.as_bytes())),
    };
    record.compare("value", outcome);
    Some(())
}

pub(crate) fn name(injected: Injected) -> &'static [u8] {
    match injected {
        Injected::Parent => b"parent",
        Injected::NoParent => b"no_parent",
        Injected::Kept => b"kept",
        _ => b"unknown",
    }
}

pub(crate) fn strip(arguments: &mut Atoms<'_>, outcome: &mut Comparison<'_>) -> Option<()> {
    let read_only = arguments.optional_bool()??;
    let mut record = Record::read(arguments)?.limited(None, read_only);
    if let Err(Full(name)) = tracebaton::strip(&mut record) {
        outcome.field("error").is(Atom::Bytes(name.as_bytes()));
    }
    record.compare("value", outcome);
    Some(())
}

/// The context of these values, as extracting them gives it.
pub(crate) fn context([traceparent, tracestate, baggage]: [Option<&[u8]>; 3]) -> Option<Context<'_>> {
    let mut record = Record::default();
    record.push(HeaderName::TraceParent.as_bytes(), traceparent)?;
    record.push(HeaderName::TraceState.as_bytes(), tracestate)?;
    record.push(HeaderName::Baggage.as_bytes(), baggage)?;
    Some(extract_record(record.as_slice()).context())
}

fn carrying<'a>(context: Context<'a>, carries: Option<&[u8]>) -> Option<Injection<'a>> {
    match carries {
        None => Some(context.injection()),
        Some(b"trace_context") => Some(context.injection().trace_context_only()),
        Some(b"baggage") => Some(context.injection().baggage_only()),
        Some(_) => None,
    }
}
