//! The frames that are sent to the firmware, and the expected answers.

use super::wire::{Header, number, record};
use serde_json::Value;
use tracebaton_rows::{Case, Row, Text};

/// A frame and its expected answer.
pub(super) struct Exchange {
    /// The name of the row, or a description.
    pub(super) name: String,
    /// The content of a frame, or raw bytes.
    pub(super) sent: Sent,
    /// The beginning of its verdict; empty for any verdict.
    pub(super) verdict: String,
    /// A text that the verdict contains.
    pub(super) refused: Option<String>,
    /// The headers, if they are known; the span id of a `traceparent` is not compared.
    pub(super) headers: Option<Vec<Header>>,
}

/// The bytes on the wire.
pub(super) enum Sent {
    /// The content of a frame, which is encoded.
    Frame(Vec<u8>),
    /// A frame of which one bit of its content is changed after the checksum was made.
    Flipped(Vec<u8>),
    /// Raw bytes, sent unchanged.
    Raw(Vec<u8>),
}

const MOST_FRAME: usize = 1024;
const MOST_HEADERS: usize = 16;

/// The record of this row, if the firmware has the memory for it.
pub(super) fn of_row(row: &Row) -> Option<Exchange> {
    let Case::Extract { headers, .. } = &row.case else { return None };
    let headers: Vec<Header> = headers
        .iter()
        .map(|(name, value)| (name.0.clone(), value.as_ref().map(|value| value.0.clone())))
        .collect();
    let sent = record(&headers);
    if headers.len() > MOST_HEADERS || sent.len() > MOST_FRAME {
        return None;
    }
    let is_accepted = row.expect["traceparent"]["verdict"] == "accepted";
    let after = if row.expect["child"].is_array() { &row.expect["child"] } else { &row.expect["forward"] };
    let is_known = is_accepted && row.expect["child"].is_array() || row.expect["child"].is_null();
    let refused = |header: &Value| Some(format!(" {} at {}", header["rule"].as_str()?, header["offset"]));
    Some(Exchange {
        name: row.id.clone(),
        sent: Sent::Frame(sent),
        verdict: if is_accepted { "continued" } else { "" }.to_owned(),
        refused: ["traceparent", "tracestate", "baggage"].iter().find_map(|name| refused(&row.expect[*name])),
        headers: if is_known { list(after) } else { None },
    })
}

/// The list of headers that a row expects.
fn list(headers: &Value) -> Option<Vec<Header>> {
    let text = |value: &Value| Text::try_from(value.clone()).ok().map(|text| text.0);
    let header = |pair: &Value| Some((text(&pair[0])?, text(&pair[1])));
    headers.as_array()?.iter().map(header).collect()
}

/// Malformed records and frames.
pub(super) fn malformed() -> Vec<Exchange> {
    let good = record(&[(b"a".to_vec(), Some(b"1".to_vec()))]);
    let counted = |count| {
        let mut bytes = Vec::new();
        number(count, &mut bytes);
        bytes
    };
    let many: Vec<Header> = vec![(b"a".to_vec(), None); MOST_HEADERS + 1];
    // Records of the greatest size: they are continued, or sent back as they were.
    let full: Vec<Header> = vec![(b"a".to_vec(), Some(vec![b'1'; MOST_FRAME - 5]))];
    let parent = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_vec();
    let parent = (b"traceparent".to_vec(), Some(parent));
    let mut traced = vec![parent, (b"a".to_vec(), Some(vec![b'1'; MOST_FRAME - 74]))];
    traced[1].1 = Some(vec![b'1'; MOST_FRAME - record(&traced).len() + MOST_FRAME - 74]);
    assert_eq!([record(&full).len(), record(&traced).len()], [MOST_FRAME; 2]);
    let whole = |headers: &Vec<Header>| Some(headers.clone());
    [
        ("record too_short at 4", Sent::Frame(good[..good.len() - 1].to_vec()), None),
        ("record count at 0", Sent::Frame(counted(5)), None),
        ("record trailing at 5", Sent::Frame([good.as_slice(), b"!"].concat()), None),
        ("record count at 0", Sent::Frame(counted(-1)), None),
        ("record number at 0", Sent::Frame(vec![0xff; 10]), None),
        ("record with too many headers", Sent::Frame(record(&many)), whole(&many)),
        ("no trace", Sent::Frame(record(&full)), whole(&full)),
        ("continued", Sent::Frame(record(&traced)), Some(traced.iter().rev().cloned().collect())),
        ("frame with a wrong checksum", Sent::Flipped(record(&traced)), None),
        ("frame with a wrong checksum", Sent::Flipped(good.clone()), None),
        ("frame too long", Sent::Frame(vec![7; MOST_FRAME + 1]), None),
        ("frame too long", Sent::Raw([vec![7; 10 * MOST_FRAME], vec![0]].concat()), None),
        ("frame not encoded", Sent::Raw(vec![200, 1, 2, 3, 0]), None),
    ]
    .map(|(verdict, sent, headers)| Exchange {
        name: format!("a frame whose verdict must be \"{verdict}\""),
        sent,
        verdict: verdict.to_owned(),
        refused: None,
        headers,
    })
    .into()
}

/// Pseudo-random bytes without zeros, the same for each seed, and a zero.
pub(super) fn noise(seed: u64) -> Exchange {
    let mut state = seed;
    let mut byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as u8).max(1)
    };
    let mut bytes: Vec<u8> = (0..1 + seed * 7 % 300).map(|_| byte()).collect();
    bytes.push(0);
    Exchange {
        name: format!("noise {seed}"),
        sent: Sent::Raw(bytes),
        verdict: String::new(),
        refused: None,
        headers: None,
    }
}
