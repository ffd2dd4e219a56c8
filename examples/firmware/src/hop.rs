//! Continues the trace of one record.

use crate::frame::{Frame, FrameError, MOST_CONTENT};
use crate::headers::{Record, RecordError, read, write};
use core::fmt::Write;
use tracebaton::{Extracted, Injection, SpanId, Verdict, Violation, extract_slice, inject};

/// The content of an answer. It has room for every record that was received, since a child has no more headers than its
/// parent, and a verdict.
pub type Answer = heapless::Vec<u8, { 1 + MOST_VERDICT + MOST_CONTENT }>;

/// Makes the answer to a frame: its sequence number, and a content. The content is a verdict, its length before it, and
/// the headers of the record to forward.
///
/// If the record has a trace, they carry a child of its span, whose id comes from the caller's source of randomness.
/// If it has none, they are unchanged, but without refused trace headers. A record with too many headers is forwarded
/// as it was received. If the frame is not a record, the answer is only a verdict.
pub fn hop(frame: Result<Frame<'_>, FrameError>, random: impl FnOnce(&mut [u8])) -> (u8, Answer) {
    let Frame { sequence, content } = match frame {
        Ok(frame) => frame,
        Err(error) => return (0, with_verdict(format_args!("{error}"))),
    };
    let record = match read(content) {
        Ok(record) => record,
        Err(error) => {
            let mut answer = with_verdict(format_args!("{error}"));
            if error == RecordError::TooMany {
                // There is room: the content is no longer than the longest.
                let _ = answer.extend_from_slice(content);
            }
            return (sequence, answer);
        }
    };
    let extracted = extract_slice(&record);
    let child = extracted.context().child(SpanId::generate(random));
    let injection = child.map_or_else(|| extracted.forward(), |child| child.injection());
    (sequence, answer(&extracted, content, record, &injection))
}

fn answer<'a>(
    extracted: &Extracted<'a>,
    content: &[u8],
    mut record: Record<'a>,
    injection: &'a Injection<'a>,
) -> Answer {
    let mut answer = with_verdict(format_args!("{}", verdict(extracted)));
    let start = answer.len();
    if inject(injection, &mut record).is_err() || write(&record, &mut answer).is_err() {
        // W6: a record is forwarded, even if its context is not.
        answer.truncate(start);
        let _ = answer.extend_from_slice(content);
    }
    answer
}

/// The longest verdict in bytes.
const MOST_VERDICT: usize = 127;

fn with_verdict(verdict: core::fmt::Arguments<'_>) -> Answer {
    let (mut text, mut answer) = (Text::new(), Answer::new());
    // The longest verdict names three rules, and there is room for it.
    let _ = text.write_fmt(verdict);
    let _ = answer.push(text.len() as u8);
    let _ = answer.extend_from_slice(text.as_bytes());
    answer
}

type Text = heapless::String<MOST_VERDICT>;

/// Writes the result for the trace, and why each refused header was refused.
fn verdict(extracted: &Extracted<'_>) -> Text {
    let mut text = Text::new();
    let is_continued = matches!(extracted.traceparent, Verdict::Accepted { .. });
    // The names of three rules and their offsets are shorter than a verdict may be.
    let _ = text.push_str(if is_continued { "continued" } else { "no trace" });
    refusal("traceparent", &extracted.traceparent, |rule| rule.name(), &mut text);
    refusal("tracestate", &extracted.tracestate, |rule| rule.name(), &mut text);
    refusal("baggage", &extracted.baggage, |rule| rule.name(), &mut text);
    text
}

fn refusal<T, R: Copy>(
    header: &str,
    verdict: &Verdict<T, Violation<R>>,
    name: impl FnOnce(R) -> &'static str,
    text: &mut Text,
) {
    if let Verdict::Refused { error, .. } = verdict {
        let _ = write!(text, ", {header} {} at {}", name(error.rule), error.offset);
    }
}
