//! Instana: text headers, and the older binary headers (F9).

use super::context::{FormatContext, FormatError, FormatRule as Rule, Sampling};
use super::number::{exact_hex, nothing_after, span_id, trace_id};
use super::slot::{Fault, Read, Slot};
use crate::comma_list::{split_once, trim};
use crate::id::{SpanId, TraceId};

/// Values of the headers of this format, `None` for each absent header.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub trace_id: Option<&'a [u8]>,
    pub span_id: Option<&'a [u8]>,
    pub level: Option<&'a [u8]>,
    /// Binary header: both ids in 24 bytes.
    pub context: Option<&'a [u8]>,
    /// Binary header: the level in one byte.
    pub binary_level: Option<&'a [u8]>,
}

/// Parses the values of `X_INSTANA_T` and the other Instana headers. Text headers win over binary headers.
///
/// A malformed level is ignored beside ids, and refused without them.
pub(super) fn parse(values: &Values<'_>) -> Read {
    let (slot, level) = match (values.level, values.binary_level) {
        (None, Some(level)) => (Slot::InstanaBinaryLevel, binary_level_of(level)),
        (level, _) => (Slot::InstanaLevel, level.map_or(Ok(Level::ABSENT), level_of)),
    };
    let level = level.map_err(|error| (slot, error));
    if let Ok(Level { sampling, is_correlated: true }) = level {
        return Ok((slot, FormatContext::decision(sampling)));
    }
    let Some((id_slot, trace_id, span_id)) = ids(values)? else {
        return level.map(|level| (slot, FormatContext::decision(level.sampling)));
    };
    let (level, ignored) = match level {
        Ok(level) => (level, None),
        Err((_, error)) => (Level::ABSENT, Some(error)),
    };
    Ok((id_slot, FormatContext { ignored, ..FormatContext::of(trace_id, span_id, level.sampling) }))
}

/// The ids, and the slot of the trace id; `None` if no header has an id.
fn ids(values: &Values<'_>) -> Result<Option<(Slot, TraceId, SpanId)>, Fault> {
    let (trace, span, binary) = (Slot::InstanaTraceId, Slot::InstanaSpanId, Slot::InstanaContext);
    match (values.trace_id, values.span_id, values.context) {
        (None, None, None) => Ok(None),
        (None, None, Some(context)) => {
            let (trace_id, span_id) = binary_ids(context).map_err(|error| (binary, error))?;
            Ok(Some((binary, trace_id, span_id)))
        }
        (None, Some(_), _) => Err((span, FormatError::new(Rule::TraceIdMissing, 0))),
        (Some(trace_id), span_id, _) => {
            let trace_id = trace_id_of(trace_id).map_err(|error| (trace, error))?;
            let span_id = span_id.ok_or((trace, FormatError::new(Rule::SpanIdMissing, 0)))?;
            let span_id = span_id_of(span_id).map_err(|error| (span, error))?;
            Ok(Some((trace, trace_id, span_id)))
        }
    }
}

fn trace_id_of(value: &[u8]) -> Result<TraceId, FormatError> {
    let count = if value.len() <= 16 { 16 } else { 32 };
    let id = trace_id(exact_hex(value, count, Rule::TraceId)?.to_be_bytes(), 0)?;
    nothing_after(value, count).map(|()| id)
}

fn span_id_of(value: &[u8]) -> Result<SpanId, FormatError> {
    let id = span_id((exact_hex(value, 16, Rule::SpanId)? as u64).to_be_bytes(), 0)?;
    nothing_after(value, 16).map(|()| id)
}

fn binary_ids(value: &[u8]) -> Result<(TraceId, SpanId), FormatError> {
    let too_short = FormatError::new(Rule::TooShort, value.len());
    let (trace, rest) = value.split_first_chunk().ok_or(too_short)?;
    let trace_id = trace_id(*trace, 0)?;
    let span_id = span_id(*rest.first_chunk().ok_or(too_short)?, 16)?;
    nothing_after(value, 24).map(|()| (trace_id, span_id))
}

#[derive(Clone, Copy)]
struct Level {
    sampling: Sampling,
    /// Whether a correlation replaces the ids.
    is_correlated: bool,
}

impl Level {
    /// A record without a level is sampled.
    const ABSENT: Self = Self { sampling: Sampling::Accept, is_correlated: false };
}

fn level_of(value: &[u8]) -> Result<Level, FormatError> {
    let malformed = |offset| Err(FormatError::new(Rule::Sampling, offset));
    let Some((level @ (b'0' | b'1'), rest)) = value.split_first() else { return malformed(0) };
    let sampling = Sampling::decided(*level == b'1');
    match trim(rest) {
        b"" if rest.is_empty() => Ok(Level { sampling, is_correlated: false }),
        [b',', correlation @ ..] if is_correlation(correlation) => {
            Ok(Level { sampling, is_correlated: *level == b'1' })
        }
        _ => malformed(1),
    }
}

/// Whether the rest of the level is a correlation: `correlationType=`, a type, `;`, `correlationId=` and a non-empty
/// id, with white space between them.
fn is_correlation(text: &[u8]) -> bool {
    let after = |text, prefix: &[u8]| trim(text).strip_prefix(prefix);
    let Some(rest) = after(text, b"correlationType=") else { return false };
    let (_, id) = split_once(rest, b';');
    id.and_then(|id| after(id, b"correlationId=")).is_some_and(|id| !id.is_empty())
}

fn binary_level_of(value: &[u8]) -> Result<Level, FormatError> {
    match value {
        [level] => Ok(Level { sampling: Sampling::decided(*level != 0), is_correlated: false }),
        _ => Err(FormatError::new(Rule::Sampling, 0)),
    }
}
