//! Continues the trace of one record.

use crate::frame::{FrameError, MOST_FRAME};
use crate::headers::{Record, RecordError, read, write, write_part};
use core::fmt::{self, Write};
use tracebaton::{Extracted, Injection, SpanId, Verdict, Violation, extract_slice, inject};

/// An answer, at most as long as a frame.
pub type Answer = heapless::Vec<u8, MOST_FRAME>;

/// Makes the answer to a frame: a verdict, then the headers of the record to forward.
///
/// If the record has a trace, they carry a child of its span, whose id comes from the caller's source of randomness.
/// If it has none, they are unchanged, but without refused trace headers. If the frame is not a record, the answer is
/// only a verdict.
pub fn hop(frame: Result<&[u8], FrameError>, random: impl FnOnce(&mut [u8])) -> Answer {
    let record = match frame.map_err(Trouble::Frame).and_then(|frame| read(frame).map_err(Trouble::Record)) {
        Ok(record) => record,
        Err(trouble) => return verdict_alone(trouble),
    };
    let extracted = extract_slice(&record);
    let child = extracted.context().child(SpanId::generate(random));
    let injection = child.map_or_else(|| extracted.forward(), |child| child.injection());
    answer(&extracted, record, &injection).unwrap_or_else(|| verdict_alone(Trouble::NoRoom))
}

fn answer<'a>(
    extracted: &Extracted<'a>,
    mut record: Record<'a>,
    injection: &'a Injection<'a>,
) -> Option<Answer> {
    let mut answer = Answer::new();
    write_part(Some(verdict(extracted).as_bytes()), &mut answer)?;
    inject(injection, &mut record).ok()?;
    write(&record, &mut answer)?;
    Some(answer)
}

/// Why the answer to a frame is only a verdict.
enum Trouble {
    Frame(FrameError),
    Record(RecordError),
    NoRoom,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(error) => error.fmt(f),
            Self::Record(error) => error.fmt(f),
            Self::NoRoom => f.write_str("no room for the answer"),
        }
    }
}

fn verdict_alone(trouble: Trouble) -> Answer {
    let (mut text, mut answer) = (Text::new(), Answer::new());
    // The longest of these texts is far shorter than a verdict or a frame may be.
    let _ = write!(text, "{trouble}");
    let _ = write_part(Some(text.as_bytes()), &mut answer);
    answer
}

type Text = heapless::String<128>;

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
