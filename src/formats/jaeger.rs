//! Jaeger (F6).

use super::context::{FormatContext, FormatError, FormatRule as Rule, Sampling};
use super::number::{any_hex, span_id, trace_id};
use crate::comma_list::split_once;

/// Parses the value of `uber-trace-id`: four fields between colons, digits of either case, ids without leading zeros.
pub(super) fn parse(value: &[u8]) -> Result<FormatContext, FormatError> {
    let mut fields = Fields { value, offset: 0 };
    let (id, start) = fields.next(32, Rule::TraceId)?;
    let trace_id = trace_id(id.to_be_bytes(), start)?;
    let (id, start) = fields.next(16, Rule::SpanId)?;
    let span_id = span_id((id as u64).to_be_bytes(), start)?;
    fields.parent()?;
    let sampling = fields.flags()?;
    Ok(FormatContext::of(trace_id, span_id, sampling))
}

/// The fields that are not yet read, which begin at `offset`.
struct Fields<'a> {
    value: &'a [u8],
    offset: usize,
}

impl Fields<'_> {
    /// Parses the number in the next field, of 1 to `most` digits. Returns it and the offset of the field.
    fn next(&mut self, most: usize, rule: Rule) -> Result<(u128, usize), FormatError> {
        let start = self.offset;
        let rest = self.value.get(start..).unwrap_or_default();
        let digits = split_once(rest.get(..most).unwrap_or(rest), b':').0;
        let number = any_hex(digits, start, rule)?;
        let end = start + digits.len();
        match self.value.get(end) {
            Some(b':') if !digits.is_empty() => {
                self.offset = end + 1;
                Ok((number, start))
            }
            Some(_) => Err(FormatError::new(rule, end)),
            None => Err(FormatError::new(Rule::TooShort, end)),
        }
    }

    /// Checks the id of the span's own parent, which is deprecated, not used, and may be empty.
    fn parent(&mut self) -> Result<(), FormatError> {
        if let Some(b':') = self.value.get(self.offset) {
            self.offset += 1;
            return Ok(());
        }
        self.next(16, Rule::ParentId).map(|_| ())
    }

    /// Parses the flags: one or two digits up to the end. Bit 0 is sampled; bit 1 is debug, which counts only with
    /// bit 0.
    fn flags(&mut self) -> Result<Sampling, FormatError> {
        let digits = self.value.get(self.offset..).unwrap_or_default();
        let head = digits.get(..2).unwrap_or(digits);
        let flags = any_hex(head, self.offset, Rule::Sampling)?;
        match digits.len() {
            0 => return Err(FormatError::new(Rule::TooShort, self.offset)),
            1 | 2 => {}
            _ => return Err(FormatError::new(Rule::Trailing, self.offset + 2)),
        }
        Ok(match flags & 3 {
            3 => Sampling::Debug,
            1 => Sampling::Accept,
            _ => Sampling::Deny,
        })
    }
}
