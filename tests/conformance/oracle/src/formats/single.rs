//! The formats of one header: B3, Jaeger, Elastic, X-Ray (`FORMATS.md` F4, F6, F8, F10).

use super::{FormatContext, accept_if, context, decision};
use crate::{Refusal, leading_ows, trim};

/// A value that is read byte by byte.
pub(super) struct Walk<'a> {
    pub value: &'a [u8],
    pub place: usize,
}

impl Walk<'_> {
    fn is_at_end(&self) -> bool {
        self.place == self.value.len()
    }

    /// The next byte, which must be one of these.
    fn one(&mut self, of: &[u8], rule: &'static str) -> Result<u8, Refusal> {
        match self.value.get(self.place) {
            None => Err(("too_short", self.place)),
            Some(byte) if of.contains(byte) => {
                self.place += 1;
                Ok(*byte)
            }
            Some(_) => Err((rule, self.place)),
        }
    }

    /// This many digits, as a number.
    pub fn number(&mut self, digits: &[u8], count: usize, rule: &'static str) -> Result<u128, Refusal> {
        let text: Result<Vec<u8>, _> = (0..count).map(|_| self.one(digits, rule)).collect();
        Ok(u128::from_str_radix(&String::from_utf8(text?).unwrap(), 16).unwrap())
    }

    /// This many lower-case digits of an id that is not zero.
    pub fn id(&mut self, count: usize, rule: &'static str, zero: &'static str) -> Result<u128, Refusal> {
        let start = self.place;
        match self.number(LOWER, count, rule)? {
            0 => Err((zero, start)),
            id => Ok(id),
        }
    }

    pub fn end(&self) -> Result<(), Refusal> {
        if self.is_at_end() { Ok(()) } else { Err(("trailing", self.place)) }
    }
}

const LOWER: &[u8] = b"0123456789abcdef";
pub(super) const EITHER: &[u8] = b"0123456789abcdefABCDEF";

fn b3_state(state: u8) -> &'static str {
    match state {
        b'0' => "deny",
        b'1' => "accept",
        _ => "debug",
    }
}

pub(super) fn b3(value: &[u8]) -> Result<FormatContext, Refusal> {
    if value.len() == 1 && b"01d".contains(&value[0]) {
        return Ok(decision(b3_state(value[0])));
    }
    let mut walk = Walk { value, place: 0 };
    let digits = if value.get(16) == Some(&b'-') { 16 } else { 32 };
    let trace = walk.id(digits, "trace_id", "trace_id_zero")?;
    walk.one(b"-", "separator")?;
    let span = walk.id(16, "span_id", "span_id_zero")? as u64;
    let mut sampling = "defer";
    let left = value.len() - walk.place;
    if left == 17 {
        walk.one(b"-", "separator")?;
        walk.number(LOWER, 16, "parent_id")?;
    } else if left > 0 {
        walk.one(b"-", "separator")?;
        sampling = b3_state(walk.one(b"01d", "sampling")?);
        if !walk.is_at_end() {
            walk.one(b"-", "separator")?;
            walk.number(LOWER, 16, "parent_id")?;
        }
    }
    walk.end()?;
    Ok(context(trace, span, sampling))
}

pub(super) fn jaeger(value: &[u8]) -> Result<FormatContext, Refusal> {
    let mut walk = Walk { value, place: 0 };
    // A field of `least` to `most` digits in either case, and the colon after it.
    let mut field = |least: usize, most: usize, rule| {
        let start = walk.place;
        let mut digits = String::new();
        while digits.len() < most && walk.value.get(walk.place).is_some_and(|byte| EITHER.contains(byte)) {
            digits.push(char::from(walk.value[walk.place]));
            walk.place += 1;
        }
        let colon: &[u8] = if digits.len() < least { b"" } else { b":" };
        walk.one(colon, rule)?;
        Ok((u128::from_str_radix(&format!("0{digits}"), 16).unwrap(), start))
    };
    let not_zero = |(id, start), zero| if id == 0 { Err((zero, start)) } else { Ok(id) };
    let trace = not_zero(field(1, 32, "trace_id")?, "trace_id_zero")?;
    let span = not_zero(field(1, 16, "span_id")?, "span_id_zero")? as u64;
    field(0, 16, "parent_id")?;
    let mut flags = walk.number(EITHER, 1, "sampling")?;
    if !walk.is_at_end() {
        flags = flags * 16 + walk.number(EITHER, 1, "sampling")?;
    }
    walk.end()?;
    let sampling = match (flags & 1 == 1, flags & 2 == 2) {
        (true, true) => "debug",
        (sampled, _) => accept_if(sampled),
    };
    Ok(context(trace, span, sampling))
}

pub(super) fn elastic(value: &[u8]) -> Result<FormatContext, Refusal> {
    let mut walk = Walk { value, place: 0 };
    let any: Vec<u8> = (0..=u8::MAX).collect();
    let number = |walk: &mut Walk<'_>, bytes: usize, zero| {
        let start = walk.place;
        // The length of a field is checked before its bytes.
        if value.len() < start + bytes {
            return Err(("too_short", value.len()));
        }
        let mut number = 0_u128;
        for _ in 0..bytes {
            number = number << 8 | u128::from(walk.one(&any, "")?);
        }
        if number == 0 && !str::is_empty(zero) { Err((zero, start)) } else { Ok(number) }
    };
    walk.one(&[0], "version")?;
    walk.one(&[0], "field")?;
    let trace = number(&mut walk, 16, "trace_id_zero")?;
    walk.one(&[1], "field")?;
    let span = number(&mut walk, 8, "span_id_zero")? as u64;
    walk.one(&[2], "field")?;
    let flags = number(&mut walk, 1, "")?;
    Ok(context(trace, span, accept_if(flags % 2 == 1)))
}

pub(super) fn xray(value: &[u8]) -> Result<FormatContext, Refusal> {
    if value.len() > 256 {
        return Err(("too_long", 256));
    }
    let (mut trace, mut span, mut sampling, mut start) = (None, None, "defer", 0);
    for part in value.split(|byte| *byte == b';') {
        let inner = trim(part);
        let offset = start + if inner.is_empty() { 0 } else { leading_ows(part) };
        start += part.len() + 1;
        for key in ["Root=", "Parent=", "Sampled="] {
            let Some(field) = inner.strip_prefix(key.as_bytes()) else { continue };
            let moved = |(rule, place)| (rule, offset + key.len() + place);
            match key {
                "Root=" => trace = Some(xray_root(field).map_err(moved)?),
                "Parent=" => {
                    let mut walk = Walk { value: field, place: 0 };
                    let id = walk.id(16, "span_id", "span_id_zero").map_err(moved)?;
                    walk.end().map_err(moved)?;
                    span = Some(id as u64);
                }
                _ => {
                    sampling = match field {
                        b"1" => "accept",
                        b"0" => "deny",
                        b"?" => "defer",
                        _ => return Err(moved(("sampling", 0))),
                    };
                }
            }
        }
    }
    let trace = trace.ok_or(("trace_id_missing", value.len()))?;
    let span = span.ok_or(("span_id_missing", value.len()))?;
    Ok(context(trace, span, sampling))
}

fn xray_root(value: &[u8]) -> Result<u128, Refusal> {
    let mut walk = Walk { value, place: 0 };
    walk.one(b"1", "version")?;
    walk.one(b"-", "separator")?;
    let seconds = walk.number(LOWER, 8, "trace_id")?;
    walk.one(b"-", "separator")?;
    let unique = walk.number(LOWER, 24, "trace_id")?;
    match seconds << 96 | unique {
        0 => Err(("trace_id_zero", 2)),
        id => walk.end().map(|()| id),
    }
}
