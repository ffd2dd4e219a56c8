//! Corrects the most frequent mistakes in a traceparent.

use tracebaton::TraceParent;

/// Corrects one mistake; `None` if the value does not have it.
type Step = fn(&[u8]) -> Option<Vec<u8>>;

const STEPS: [(Step, &str); 3] = [
    (to_lower_case, "The digits are upper case: write them in lower case."),
    (join_groups, "An id is written in groups, as a UUID: write its digits without dashes."),
    (
        pad_fields,
        "A field has too few digits: write all 32, 16 and 2 of them, with zeros before them (a 64-bit \
         trace-id gets 16).",
    ),
];

/// The intended value, if correcting a few mistakes gives a valid one, and a sentence for each mistake.
pub fn mended(value: &[u8]) -> Option<(Vec<u8>, Vec<&'static str>)> {
    let value = &value[..value.len().min(1024)];
    (0..1 << STEPS.len()).find_map(|chosen: usize| {
        let mut mended = value.to_vec();
        let mut mistakes = Vec::new();
        for (_, (undo, sentence)) in STEPS.iter().enumerate().filter(|(step, _)| chosen >> step & 1 == 1) {
            mended = undo(&mended)?;
            mistakes.push(*sentence);
        }
        let (start, value) = accepted_within(&mended)?;
        mistakes.extend(surroundings(&mended[..start], &mended[start + value.len()..]));
        Some((value.to_vec(), mistakes))
    })
}

/// The first 55 bytes that are valid, and their offset.
fn accepted_within(value: &[u8]) -> Option<(usize, &[u8])> {
    value.windows(TraceParent::LENGTH).enumerate().find(|(_, window)| TraceParent::parse(window).is_ok())
}

/// Advice about a value among other bytes.
pub const SURROUNDED: &str = "Other bytes surround the value: write its 55 bytes and no more.";
/// Advice about a value that another one follows.
pub const JOINED: &str = "Several values are joined by a comma, as HTTP does it: send one header with one \
    value.";

fn surroundings(before: &[u8], after: &[u8]) -> Option<&'static str> {
    let is_blank = |bytes: &[u8]| bytes.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0);
    Some(match (before, after.trim_ascii_start()) {
        ([], _) if after.is_empty() => return None,
        _ if is_blank(before) && is_blank(after) => {
            "White space or a NUL is around the value: write its 55 bytes and no more (no line feed, no \
             terminator)."
        }
        ([], [b',' | b';', ..]) => JOINED,
        ([], [b'-', ..]) => "Version 00 ends after the trace-flags: write nothing after them.",
        _ => SURROUNDED,
    })
}

fn to_lower_case(value: &[u8]) -> Option<Vec<u8>> {
    let has_upper_case = value.iter().any(u8::is_ascii_uppercase);
    has_upper_case.then(|| value.to_ascii_lowercase())
}

fn join_groups(value: &[u8]) -> Option<Vec<u8>> {
    let parts: Vec<&[u8]> = value.split(|byte| *byte == b'-').collect();
    let [version, a, b, c, d, e, rest @ ..] = parts.as_slice() else {
        return None;
    };
    let is_uuid = [a, b, c, d, e].map(|group| group.len()) == [8, 4, 4, 4, 12];
    is_uuid.then(|| {
        let trace_id = [*a, b, c, d, e].concat();
        [&[*version, &trace_id], rest].concat().join(&b'-')
    })
}

fn pad_fields(value: &[u8]) -> Option<Vec<u8>> {
    let parts: Vec<&[u8]> = value.split(|byte| *byte == b'-').collect();
    let [version, trace_id, span_id, flags] = parts.as_slice() else {
        return None;
    };
    let fields = [(*version, 2), (*trace_id, 32), (*span_id, 16), (*flags, 2)];
    let is_short = fields.iter().any(|(field, digits)| field.len() < *digits);
    let can_grow = fields.iter().all(|(field, digits)| (1..=*digits).contains(&field.len()));
    (is_short && can_grow).then(|| {
        let padded = fields.map(|(field, digits)| [&vec![b'0'; digits - field.len()], field].concat());
        padded.join(&b'-')
    })
}
