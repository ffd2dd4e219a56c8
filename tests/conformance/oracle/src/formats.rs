//! The formats other than W3C's, and the block of raw headers (`PROFILE.md` F1 to F12, F15).

use crate::{Header, Refusal, TraceParent, leading_ows, traceparent, trim};

/// A trace id and a span id, as numbers.
pub type Ids = (u128, u64);

/// What the accepted headers of one format say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatContext {
    /// The ids; none if there is only a decision.
    pub ids: Option<Ids>,
    /// `accept`, `deny`, `defer` or `debug`.
    pub sampling: &'static str,
    /// What was left out by the format's own rules.
    pub ignored: Option<Refusal>,
}

/// What came of one format: nothing, or the index of a header and what the format says or which rule it breaks.
pub type FormatVerdict = Option<(usize, Result<FormatContext, Refusal>)>;

/// What came of a record read in several formats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The format that gives the parent.
    pub arrived_as: Option<&'static str>,
    /// Of each format of the order that is not the chosen one and not absent: its name, and what came of it.
    pub others: Vec<(&'static str, usize, Fate)>,
}

/// What became of a format that was not chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A span of the chosen trace.
    SameTrace,
    /// A span of another trace.
    OtherTrace,
    /// No ids.
    Decision,
    /// A broken rule.
    Refused(Refusal),
}

/// The formats that can be read.
pub const READABLE: [&str; 8] =
    ["tracecontext", "b3", "b3multi", "jaeger", "datadog", "elastic", "instana", "xray"];

/// The parent of a record, and what else there was (F12).
pub fn choose(headers: &[Header], order: &[&'static str]) -> Chosen {
    let read: Vec<_> = order.iter().map(|format| (*format, read_format(headers, format))).collect();
    let ids = |verdict: &FormatVerdict| match verdict {
        Some((_, Ok(context))) => context.ids,
        _ => None,
    };
    let chosen = read.iter().find(|(_, verdict)| ids(verdict).is_some());
    let arrived_as = chosen.map(|(format, _)| *format);
    let parent = chosen.and_then(|(_, verdict)| ids(verdict));
    let fate = |verdict: &FormatVerdict| match (verdict.as_ref()?, parent) {
        ((index, Err(refusal)), _) => Some((*index, Fate::Refused(*refusal))),
        ((index, Ok(FormatContext { ids: None, .. })), _) => Some((*index, Fate::Decision)),
        ((index, Ok(FormatContext { ids: Some((trace, _)), .. })), Some((chosen, _))) => {
            let low = |id: u128| id % (1 << 64);
            let is_short = |id: u128| id < 1 << 64;
            let same =
                *trace == chosen || (is_short(*trace) || is_short(chosen)) && low(*trace) == low(chosen);
            Some((*index, if same { Fate::SameTrace } else { Fate::OtherTrace }))
        }
        _ => None,
    };
    let others = read.iter().filter(|(format, _)| Some(*format) != arrived_as);
    let others =
        others.filter_map(|(format, verdict)| fate(verdict).map(|(index, fate)| (*format, index, fate)));
    Chosen { arrived_as, others: others.collect() }
}

/// What the headers of one format say.
pub fn read_format(headers: &[Header], format: &str) -> FormatVerdict {
    let find = |name: &str| {
        let is_named = |(_, header): &(usize, &Header)| {
            String::from_utf8_lossy(&header.0).eq_ignore_ascii_case(name) && header.1.is_some()
        };
        let (index, (_, value)) = headers.iter().enumerate().rfind(is_named)?;
        Some((index, value.clone()?))
    };
    let single = |name: &str, read: fn(&[u8]) -> Result<FormatContext, Refusal>| {
        find(name).map(|(index, value)| (index, read(&value)))
    };
    match format {
        "tracecontext" => single("traceparent", of_traceparent),
        "b3" => single("b3", b3),
        "jaeger" => single("uber-trace-id", jaeger),
        "elastic" => single("elasticapmtraceparent", elastic),
        "xray" => single("x-amzn-trace-id", xray),
        "b3multi" => b3_multi(["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"].map(find)),
        "datadog" => {
            let names = ["trace-id", "parent-id", "sampling-priority", "tags"];
            datadog(names.map(|name| find(&format!("x-datadog-{name}"))))
        }
        "instana" => instana(["t", "s", "l_s", "c", "l"].map(|name| find(&format!("x_instana_{name}")))),
        _ => None,
    }
}

type Found = Option<(usize, Vec<u8>)>;

fn context(trace: u128, span: u64, sampling: &'static str) -> FormatContext {
    FormatContext { ids: Some((trace, span)), sampling, ignored: None }
}

fn decision(sampling: &'static str) -> FormatContext {
    FormatContext { ids: None, sampling, ignored: None }
}

fn accept_if(sampled: bool) -> &'static str {
    if sampled { "accept" } else { "deny" }
}

fn of_traceparent(value: &[u8]) -> Result<FormatContext, Refusal> {
    let named = |(rule, offset)| match rule {
        "version_forbidden" => ("version", offset),
        "parent_id" => ("span_id", offset),
        "parent_id_zero" => ("span_id_zero", offset),
        "trace_flags" => ("sampling", offset),
        rule => (rule, offset),
    };
    let TraceParent { trace_id, parent_id, flags, .. } = traceparent(value).map_err(named)?;
    Ok(context(u128::from_be_bytes(trace_id), u64::from_be_bytes(parent_id), accept_if(flags & 1 == 1)))
}

/// A value that is read byte by byte.
struct Walk<'a> {
    value: &'a [u8],
    place: usize,
}

impl Walk<'_> {
    fn is_at_end(&self) -> bool {
        self.place == self.value.len()
    }

    /// The next byte, which has to be one of those.
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

    /// So many digits, as a number.
    fn number(&mut self, digits: &[u8], count: usize, rule: &'static str) -> Result<u128, Refusal> {
        let text: Result<Vec<u8>, _> = (0..count).map(|_| self.one(digits, rule)).collect();
        Ok(u128::from_str_radix(&String::from_utf8(text?).unwrap(), 16).unwrap())
    }

    /// So many lower-case digits of an id that is not zero.
    fn id(&mut self, count: usize, rule: &'static str, zero: &'static str) -> Result<u128, Refusal> {
        let start = self.place;
        match self.number(LOWER, count, rule)? {
            0 => Err((zero, start)),
            id => Ok(id),
        }
    }

    fn end(&self) -> Result<(), Refusal> {
        if self.is_at_end() { Ok(()) } else { Err(("trailing", self.place)) }
    }
}

const LOWER: &[u8] = b"0123456789abcdef";
const EITHER: &[u8] = b"0123456789abcdefABCDEF";

fn b3_state(state: u8) -> &'static str {
    match state {
        b'0' => "deny",
        b'1' => "accept",
        _ => "debug",
    }
}

fn b3(value: &[u8]) -> Result<FormatContext, Refusal> {
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

fn b3_multi([trace, span, sampled, flags]: [Found; 4]) -> FormatVerdict {
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

fn jaeger(value: &[u8]) -> Result<FormatContext, Refusal> {
    let mut walk = Walk { value, place: 0 };
    // A field of at least `least` and at most `most` digits of either case, and its colon.
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

/// The longest prefix of decimal digits that is a number of at most 20 digits and at most `most` is all of the value.
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

fn datadog([trace, parent, priority, tags]: [Found; 4]) -> FormatVerdict {
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

fn elastic(value: &[u8]) -> Result<FormatContext, Refusal> {
    let mut walk = Walk { value, place: 0 };
    let any: Vec<u8> = (0..=u8::MAX).collect();
    let number = |walk: &mut Walk<'_>, bytes: usize, zero| {
        let start = walk.place;
        // All bytes of a field have to be there before it is looked at.
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

fn instana([trace, span, level, binary, binary_level]: [Found; 5]) -> FormatVerdict {
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

fn xray(value: &[u8]) -> Result<FormatContext, Refusal> {
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
    walk.end()?;
    match seconds << 96 | unique {
        0 => Err(("trace_id_zero", 2)),
        id => Ok(id),
    }
}

/// The headers of a raw block (F15).
pub fn raw_headers(block: &[u8]) -> Result<Vec<Header>, Refusal> {
    let mut place = 0;
    let count = varint(block, &mut place)?;
    if count < 0 || count as usize > (block.len() - place) / 2 {
        return Err(("count", 0));
    }
    let mut headers = Vec::new();
    for _ in 0..count {
        let start = place;
        let length = varint(block, &mut place)?;
        if length < 0 {
            return Err(("name_length", start));
        }
        let name = bytes(block, &mut place, length as usize)?;
        let start = place;
        let value = match varint(block, &mut place)? {
            -1 => None,
            length if length < 0 => return Err(("value_length", start)),
            length => Some(bytes(block, &mut place, length as usize)?),
        };
        headers.push((name, value));
    }
    if place < block.len() { Err(("trailing", place)) } else { Ok(headers) }
}

fn bytes(block: &[u8], place: &mut usize, length: usize) -> Result<Vec<u8>, Refusal> {
    let start = *place;
    *place += length;
    block.get(start..*place).map(<[u8]>::to_vec).ok_or(("too_short", block.len()))
}

/// A number in Protocol Buffers' zigzag encoding, at most five bytes and 32 bits.
fn varint(block: &[u8], place: &mut usize) -> Result<i64, Refusal> {
    let start = *place;
    let mut number = 0_u64;
    for index in 0.. {
        if index == 5 {
            return Err(("number", start));
        }
        let byte = *block.get(*place).ok_or(("too_short", block.len()))?;
        *place += 1;
        number += u64::from(byte % 128) * 128_u64.pow(index);
        if byte < 128 {
            break;
        }
    }
    if number >= 1 << 32 {
        return Err(("number", start));
    }
    let half = (number / 2) as i64;
    Ok(if number.is_multiple_of(2) { half } else { -half - 1 })
}

/// The words of a name: what bridges write for a dash is one, and letters are lower-case (F1).
pub fn plain_name(name: &[u8]) -> Vec<u8> {
    // What is no UTF-8 has no name that is known; one byte stands for one character here.
    let text: String = name.iter().map(|byte| char::from(*byte)).collect::<String>().to_ascii_lowercase();
    let text = text.replace("__dash__", "-").replace("_hyphen_", "-").replace("_$dash$_", "-");
    text.replace('_', "-").chars().map(|letter| letter as u8).collect()
}
