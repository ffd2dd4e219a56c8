//! The formats of several headers: B3, Datadog, Instana (`FORMATS.md` F5, F7, F9).

use super::single::{EITHER, Walk};
use super::{FormatContext, FormatVerdict, Found, accept_if};
use crate::{Refusal, trim};

pub(super) fn b3_multi([trace, span, sampled, flags]: [Found; 4]) -> FormatVerdict {
    let first = [&trace, &span, &sampled, &flags].into_iter().flatten().map(|(index, _)| *index).next()?;
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
                Ok(span) => Some((trace, span as u64)),
                Err(refusal) => return Some((*at, Err(refusal))),
            }
        }
    };
    let is_debug = flags.is_some_and(|(_, flags)| flags == b"1");
    let sampling = match sampled {
        _ if is_debug => "debug",
        None => "defer",
        Some((index, value)) => match &*value {
            b"1" | b"true" => "accept",
            b"0" | b"false" => "deny",
            _ => return Some((index, Err(("sampling", 0)))),
        },
    };
    Some((first, Ok(FormatContext { ids, sampling, ignored: None })))
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
    let first = [&trace, &parent, &priority, &tags].into_iter().flatten().map(|(index, _)| *index).next()?;
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
                Ok(span) => ids = Some((u128::from(low), span)),
                Err(refusal) => return Some((*at, Err(refusal))),
            }
        }
    }
    let sampling = match &priority {
        None => "defer",
        Some((index, value)) => {
            let negative = value.strip_prefix(b"-");
            let limit = if negative.is_some() { 1 << 31 } else { (1 << 31) - 1 };
            let start = usize::from(negative.is_some());
            match decimal(negative.unwrap_or(value), limit, "sampling") {
                Ok(number) => accept_if(negative.is_none() && number > 0),
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
    let ids = ids.map(|(low, span)| (high << 64 | low, span));
    Some((first, Ok(FormatContext { ids, sampling, ignored })))
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
            let good = value.iter().take(16).take_while(|digit| EITHER.contains(digit)).count();
            if good < 16 || value.len() > 16 {
                return Err(("trace_id", start + equals + 1 + good));
            }
            high = u128::from_str_radix(std::str::from_utf8(value).unwrap(), 16).unwrap();
        }
        start += tag.len() + 1;
    }
    Ok(high)
}

pub(super) fn instana([trace, span, level, binary, binary_level]: [Found; 5]) -> FormatVerdict {
    let all = [&trace, &span, &binary, &level, &binary_level];
    let first = all.into_iter().flatten().map(|(index, _)| *index).next()?;
    let (sampling, correlated, ignored) = match (&level, &binary_level) {
        (Some((_, level)), _) => instana_level(level),
        (None, Some((_, level))) if level.len() == 1 => (accept_if(level[0] != 0), false, None),
        (None, Some(_)) => ("accept", false, Some(("sampling", 0))),
        (None, None) => ("accept", false, None),
    };
    let good = |ids| Some((first, Ok(FormatContext { ids, sampling, ignored })));
    if correlated {
        return good(None);
    }
    let id = |value: &[u8], digits: usize, rule, zero| {
        let mut walk = Walk { value, place: 0 };
        let id = walk.number(EITHER, digits, rule)?;
        walk.end()?;
        if id == 0 { Err((zero, 0)) } else { Ok(id) }
    };
    match (trace, span, binary) {
        (None, None, None) => good(None),
        (None, Some((index, _)), _) => Some((index, Err(("trace_id_missing", 0)))),
        (Some((index, trace)), span, _) => {
            let digits = if trace.len() > 16 { 32 } else { 16 };
            let trace = match id(&trace, digits, "trace_id", "trace_id_zero") {
                Ok(trace) => trace,
                Err(refusal) => return Some((index, Err(refusal))),
            };
            let Some((at, span)) = span else { return Some((index, Err(("span_id_missing", 0)))) };
            match id(&span, 16, "span_id", "span_id_zero") {
                Ok(span) => good(Some((trace, span as u64))),
                Err(refusal) => Some((at, Err(refusal))),
            }
        }
        (None, None, Some((index, bytes))) => {
            let number =
                |bytes: &[u8]| bytes.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
            let refused = |refusal| Some((index, Err(refusal)));
            if bytes.len() < 24 {
                return refused(("too_short", bytes.len()));
            }
            match (number(&bytes[..16]), number(&bytes[16..24])) {
                (0, _) => refused(("trace_id_zero", 0)),
                (_, 0) => refused(("span_id_zero", 16)),
                _ if bytes.len() > 24 => refused(("trailing", 24)),
                (trace, span) => good(Some((trace, span as u64))),
            }
        }
    }
}

fn instana_level(value: &[u8]) -> (&'static str, bool, Option<Refusal>) {
    let malformed = |offset| ("accept", false, Some(("sampling", offset)));
    let Some(level) = value.first().filter(|level| b"01".contains(level)) else { return malformed(0) };
    let sampling = accept_if(*level == b'1');
    if value.len() == 1 {
        return (sampling, false, None);
    }
    let is_correlation = || {
        let rest = trim(&value[1..]).strip_prefix(b",")?;
        let rest = trim(rest).strip_prefix(b"correlationType=")?;
        let semicolon = rest.iter().position(|byte| *byte == b';')?;
        let id = trim(&rest[semicolon + 1..]).strip_prefix(b"correlationId=")?;
        (!id.is_empty()).then_some(())
    };
    if is_correlation().is_some() { (sampling, *level == b'1', None) } else { malformed(1) }
}
