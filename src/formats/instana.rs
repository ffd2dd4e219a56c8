//! Instana: text headers, and the older binary headers (F9).

use super::context::{FormatContext, FormatError, FormatRule as Rule, Sampling};
use super::number::{any_hex, span_id, trace_id};
use super::slot::{Fault, Slot};
use crate::comma_list::trim;
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
pub(super) fn parse(values: &Values<'_>) -> Result<FormatContext, Fault> {
    let (sampling, is_correlated, ignored) = match (values.level, values.binary_level) {
        (Some(level), _) => level_of(level),
        (None, Some(level)) => binary_level_of(level),
        (None, None) => (Sampling::Accept, false, None),
    };
    if is_correlated {
        return Ok(FormatContext { ignored, ..FormatContext::decision(sampling) });
    }
    let ids = match (values.trace_id, values.span_id, values.context) {
        (None, None, None) => None,
        (None, None, Some(context)) => {
            Some(binary_ids(context).map_err(|error| (Slot::InstanaContext, error))?)
        }
        (None, Some(_), _) => return Err((Slot::InstanaSpanId, FormatError::new(Rule::TraceIdMissing, 0))),
        (Some(trace), span, _) => {
            let trace_id = trace_id_of(trace).map_err(|error| (Slot::InstanaTraceId, error))?;
            let missing = (Slot::InstanaTraceId, FormatError::new(Rule::SpanIdMissing, 0));
            let span_id = span_id_of(span.ok_or(missing)?).map_err(|error| (Slot::InstanaSpanId, error))?;
            Some((trace_id, span_id))
        }
    };
    Ok(FormatContext { ids, sampling, ignored })
}

fn trace_id_of(value: &[u8]) -> Result<TraceId, FormatError> {
    let most = if value.len() <= 16 { 16 } else { 32 };
    trace_id(digits(value, most, Rule::TraceId)?.to_be_bytes(), 0)
}

fn span_id_of(value: &[u8]) -> Result<SpanId, FormatError> {
    span_id((digits(value, 16, Rule::SpanId)? as u64).to_be_bytes(), 0)
}

/// Parses a value of exactly this many hexadecimal digits, in either letter case.
fn digits(value: &[u8], count: usize, rule: Rule) -> Result<u128, FormatError> {
    let number = any_hex(value.get(..count).unwrap_or(value), 0, rule)?;
    match value.len() {
        length if length < count => Err(FormatError::new(Rule::TooShort, length)),
        length if length > count => Err(FormatError::new(Rule::Trailing, count)),
        _ => Ok(number),
    }
}

fn binary_ids(value: &[u8]) -> Result<(TraceId, SpanId), FormatError> {
    let too_short = FormatError::new(Rule::TooShort, value.len());
    let (trace, rest) = value.split_first_chunk().ok_or(too_short)?;
    let (span, rest) = rest.split_first_chunk().ok_or(too_short)?;
    let ids = (trace_id(*trace, 0)?, span_id(*span, 16)?);
    if rest.is_empty() { Ok(ids) } else { Err(FormatError::new(Rule::Trailing, 24)) }
}

/// The sampling decision, whether a correlation replaces the ids, and the ignored header. A malformed level counts as
/// absent.
type Level = (Sampling, bool, Option<FormatError>);

fn level_of(value: &[u8]) -> Level {
    let malformed = |offset| (Sampling::Accept, false, Some(FormatError::new(Rule::Sampling, offset)));
    let Some((level @ (b'0' | b'1'), rest)) = value.split_first() else { return malformed(0) };
    let sampling = Sampling::decided(*level == b'1');
    match trim(rest) {
        b"" if rest.is_empty() => (sampling, false, None),
        [b',', correlation @ ..] if is_correlation(correlation) => (sampling, *level == b'1', None),
        _ => malformed(1),
    }
}

/// Whether the rest of the level is a correlation: `correlationType=`, a type, `;`, `correlationId=` and a non-empty
/// id, with white space between them.
fn is_correlation(text: &[u8]) -> bool {
    let after = |text, prefix: &[u8]| trim(text).strip_prefix(prefix);
    let Some(rest) = after(text, b"correlationType=") else { return false };
    let (_, id) = crate::comma_list::split_once(rest, b';');
    id.and_then(|id| after(id, b"correlationId=")).is_some_and(|id| !id.is_empty())
}

fn binary_level_of(value: &[u8]) -> Level {
    match value {
        [level] => (Sampling::decided(*level != 0), false, None),
        _ => (Sampling::Accept, false, Some(FormatError::new(Rule::Sampling, 0))),
    }
}
