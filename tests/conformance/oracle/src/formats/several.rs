//! The formats of several headers: B3, Datadog, Instana (`FORMATS.md` F5, F7, F9).

use super::single::{EITHER, Walk};
use super::{FormatContext, FormatVerdict, Found, Ids, accept_if};
use crate::{Refusal, trim};

pub(super) fn b3_multi([trace, span, sampled, flags]: [Found; 4]) -> FormatVerdict {
    let id = |value: &[u8], digits, rule, zero| {
        let mut walk = Walk { value, place: 0 };
        let id = walk.id(digits, rule, zero)?;
        walk.end().map(|()| id)
    };
    let ids = match (&trace, &span) {
        (None, None) => None,
        (None, Some((index, _))) => return Some((*index, Err(("trace_id_missing", 0)))),
        (Some((index, trace)), span) => {
            let digits = if trace.len() == 16 { 16 } else { 32 };
            let trace = match id(trace, digits, "trace_id", "trace_id_zero") {
                Ok(trace) => trace,
                Err(refusal) => return Some((*index, Err(refusal))),
            };
            let Some((at, span)) = span else { return Some((*index, Err(("span_id_missing", 0)))) };
            match id(span, 16, "span_id", "span_id_zero") {
                Ok(span) => Some((*index, (trace, span as u64))),
                Err(refusal) => return Some((*at, Err(refusal))),
            }
        }
    };
    let decision = match (flags, sampled) {
        (Some((index, flags)), _) if flags == b"1" => Some((index, "debug")),
        (_, None) => None,
        (_, Some((index, value))) => match &*value {
            b"1" | b"true" => Some((index, "accept")),
            b"0" | b"false" => Some((index, "deny")),
            _ => return Some((index, Err(("sampling", 0)))),
        },
    };
    accepted(ids, decision, None)
}

/// The context of a format: its ids with their decision, or the decision alone. Each has the index of its header.
fn accepted(
    ids: Option<(usize, Ids)>,
    decision: Option<(usize, &'static str)>,
    ignored: Option<Refusal>,
) -> FormatVerdict {
    let sampling = decision.map_or("defer", |(_, sampling)| sampling);
    let index = ids.map(|(index, _)| index).or(decision.map(|(index, _)| index))?;
    Some((index, Ok(FormatContext { ids: ids.map(|(_, ids)| ids), sampling, ignored })))
}

/// All digits are a decimal number, at most 20 digits long and at most `most`.
fn decimal(digits: &[u8], most: u128, rule: &'static str) -> Result<u64, Refusal> {
    if digits.is_empty() {
        return Err(("too_short", 0));
    }
    let value = |digits: &[u8]| {
        let is_number = digits.len() <= 20 && digits.iter().all(u8::is_ascii_digit);
        let number = std::str::from_utf8(digits).ok().filter(|_| is_number)?.parse::<u128>().ok()?;
        (number <= most).then_some(number as u64)
    };
    let bad = (0..digits.len()).find(|last| value(&digits[..=*last]).is_none());
    bad.map_or_else(|| Ok(value(digits).unwrap()), |bad| Err((rule, bad)))
}

pub(super) fn datadog([trace, parent, priority, tags]: [Found; 4]) -> FormatVerdict {
    let not_zero = |id, zero| if id == 0 { Err((zero, 0)) } else { Ok(id) };
    let mut ids = None;
    match (&trace, &parent) {
        (None, None) => {}
        (None, Some((index, _))) => return Some((*index, Err(("trace_id_missing", 0)))),
        (Some((index, value)), parent) => {
            let low =
                decimal(value, u64::MAX.into(), "trace_id").and_then(|id| not_zero(id, "trace_id_zero"));
            let low = match low {
                Ok(low) => low,
                Err(refusal) => return Some((*index, Err(refusal))),
            };
            let Some((at, value)) = parent else { return Some((*index, Err(("span_id_missing", 0)))) };
            match decimal(value, u64::MAX.into(), "span_id").and_then(|id| not_zero(id, "span_id_zero")) {
                Ok(span) => ids = Some((*index, (u128::from(low), span))),
                Err(refusal) => return Some((*at, Err(refusal))),
            }
        }
    }
    let decision = match &priority {
        None => None,
        Some((index, value)) => {
            let negative = value.strip_prefix(b"-");
            let limit = if negative.is_some() { 1 << 31 } else { (1 << 31) - 1 };
            let start = usize::from(negative.is_some());
            match decimal(negative.unwrap_or(value), limit, "sampling") {
                Ok(number) => Some((*index, accept_if(negative.is_none() && number > 0))),
                Err((rule, offset)) => return Some((*index, Err((rule, offset + start)))),
            }
        }
    };
    let (mut high, mut ignored) = (0, None);
    if let (Some(_), Some((_, tags))) = (ids, &tags) {
        match datadog_tags(tags) {
            Ok(tid) => high = tid,
            Err(refusal) => ignored = Some(refusal),
        }
    }
    accepted(ids.map(|(index, (low, span))| (index, (high << 64 | low, span))), decision, ignored)
}

fn datadog_tags(tags: &[u8]) -> Result<u128, Refusal> {
    if tags.len() > 512 {
        return Err(("too_long", 512));
    }
    let (mut high, mut start) = (0, 0);
    if tags.is_empty() {
        return Ok(0);
    }
    for tag in tags.split(|byte| *byte == b',') {
        let equals = tag.iter().position(|byte| *byte == b'=').filter(|place| *place > 0);
        let equals = equals.ok_or(("tags", start))?;
        if &tag[..equals] == b"_dd.p.tid" {
            let value = &tag[equals + 1..];
            let mut walk = Walk { value, place: 0 };
            let tid = walk.number(EITHER, 16, "trace_id").and_then(|tid| walk.end().map(|()| tid));
            high = tid.map_err(|(rule, place)| (rule, start + equals + 1 + place))?;
        }
        start += tag.len() + 1;
    }
    Ok(high)
}

pub(super) fn instana([trace, span, level, binary, binary_level]: [Found; 5]) -> FormatVerdict {
    let level = match (level, binary_level) {
        (Some((index, level)), _) => Some((index, instana_level(&level))),
        (None, Some((index, level))) if level.len() == 1 => {
            Some((index, Ok((accept_if(level[0] != 0), false))))
        }
        (None, Some((index, _))) => Some((index, Err(("sampling", 0)))),
        (None, None) => None,
    };
    if let Some((index, Ok((sampling, true)))) = level {
        return accepted(None, Some((index, sampling)), None);
    }
    let id = |value: &[u8], digits: usize, rule, zero| {
        let mut walk = Walk { value, place: 0 };
        match walk.number(EITHER, digits, rule)? {
            0 => Err((zero, 0)),
            id => walk.end().map(|()| id),
        }
    };
    let ids = match (trace, span, binary) {
        (None, None, None) => None,
        (None, Some((index, _)), _) => return Some((index, Err(("trace_id_missing", 0)))),
        (Some((index, trace)), span, _) => {
            let digits = if trace.len() > 16 { 32 } else { 16 };
            let trace = match id(&trace, digits, "trace_id", "trace_id_zero") {
                Ok(trace) => trace,
                Err(refusal) => return Some((index, Err(refusal))),
            };
            let Some((at, span)) = span else { return Some((index, Err(("span_id_missing", 0)))) };
            match id(&span, 16, "span_id", "span_id_zero") {
                Ok(span) => Some((index, (trace, span as u64))),
                Err(refusal) => return Some((at, Err(refusal))),
            }
        }
        (None, None, Some((index, bytes))) => match binary_ids(&bytes) {
            Ok(ids) => Some((index, ids)),
            Err(refusal) => return Some((index, Err(refusal))),
        },
    };
    let Some((index, ids)) = ids else {
        return level.map(|(index, level)| (index, level.map(|(sampling, _)| super::decision(sampling))));
    };
    let (sampling, ignored) = match level {
        Some((_, Ok((sampling, _)))) => (sampling, None),
        Some((_, Err(refusal))) => ("accept", Some(refusal)),
        None => ("accept", None),
    };
    Some((index, Ok(FormatContext { ids: Some(ids), sampling, ignored })))
}

fn binary_ids(bytes: &[u8]) -> Result<Ids, Refusal> {
    let number = |start: usize, size: usize| {
        let bytes = bytes.get(start..start + size).ok_or(("too_short", bytes.len()))?;
        Ok(bytes.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte)))
    };
    let trace = number(0, 16)?;
    if trace == 0 {
        return Err(("trace_id_zero", 0));
    }
    match number(16, 8)? {
        0 => Err(("span_id_zero", 16)),
        _ if bytes.len() > 24 => Err(("trailing", 24)),
        span => Ok((trace, span as u64)),
    }
}

/// The decision, and whether a correlation replaces the ids.
fn instana_level(value: &[u8]) -> Result<(&'static str, bool), Refusal> {
    let level = value.first().filter(|level| b"01".contains(level)).ok_or(("sampling", 0))?;
    let sampling = accept_if(*level == b'1');
    if value.len() == 1 {
        return Ok((sampling, false));
    }
    let is_correlation = || {
        let rest = trim(&value[1..]).strip_prefix(b",")?;
        let rest = trim(rest).strip_prefix(b"correlationType=")?;
        let semicolon = rest.iter().position(|byte| *byte == b';')?;
        let id = trim(&rest[semicolon + 1..]).strip_prefix(b"correlationId=")?;
        (!id.is_empty()).then_some(())
    };
    is_correlation().map(|()| (sampling, *level == b'1')).ok_or(("sampling", 1))
}
