//! The `traceparent` header: which trace, which span, which flags.

use crate::error::{TraceParentError, TraceParentRule as Rule};
use crate::hex;
use crate::id::{SpanId, TraceFlags, TraceId};

/// The value of a `traceparent` header (W3C Trace Context Level 2, 3.2.2).
///
/// ```text
/// 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
/// version  trace-id                    parent-id      trace-flags
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TraceParent {
    /// The trace that the sender's span belongs to.
    pub trace_id: TraceId,
    /// The sender's span.
    pub parent_id: SpanId,
    /// What the sender says of the trace.
    pub trace_flags: TraceFlags,
    version: u8,
}

impl TraceParent {
    /// The length of a version 00 value, in bytes.
    pub const LENGTH: usize = 55;

    /// A version 00 value.
    #[inline]
    pub const fn new(trace_id: TraceId, parent_id: SpanId, trace_flags: TraceFlags) -> Self {
        Self { trace_id, parent_id, trace_flags, version: 0 }
    }

    /// The version that was read, 0 to 254; above 0, fields that this crate does not know may have followed (R6).
    #[inline]
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// Reads a header value (R5, R6).
    ///
    /// Version 00 is 55 bytes; 01 to fe are read as 00, and may go on after a dash with anything (3.2.4). Only lower-case
    /// hexadecimal, no white space, no ids of zeros.
    ///
    /// ```
    /// use tracebaton::{TraceParent, TraceParentRule};
    ///
    /// let parent = TraceParent::parse(b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")?;
    /// assert!(parent.trace_flags.is_sampled());
    ///
    /// let refused = TraceParent::parse(b"00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01").unwrap_err();
    /// assert_eq!((refused.rule, refused.offset), (TraceParentRule::TraceId, 4));
    /// # Ok::<(), tracebaton::TraceParentError>(())
    /// ```
    #[inline]
    pub fn parse(value: &[u8]) -> Result<Self, TraceParentError> {
        let Some(head) = value.first_chunk() else {
            return Err(too_short(value));
        };
        let parent = read(head)?;
        let rest = value.get(Self::LENGTH);
        if rest.is_some() && (parent.version == 0 || rest != Some(&b'-')) {
            return Err(TraceParentError::new(Rule::Trailing, Self::LENGTH));
        }
        Ok(parent)
    }

    /// The header value: always version 00, lower case (W3).
    #[inline]
    pub fn format(&self) -> [u8; Self::LENGTH] {
        let mut value = [b'-'; Self::LENGTH];
        value[0..2].copy_from_slice(b"00");
        value[3..35].copy_from_slice(&self.trace_id.to_hex());
        value[36..52].copy_from_slice(&self.parent_id.to_hex());
        value[53..55].copy_from_slice(&hex::encode::<1, 2>(&[self.trace_flags.to_byte()]));
        value
    }
}

/// Reads the part that every version has, from left to right.
#[inline(always)]
fn read(head: &[u8; TraceParent::LENGTH]) -> Result<TraceParent, TraceParentError> {
    let [version] = field::<2, 1>(head, 0, Rule::Version)?;
    if version == 0xff {
        return Err(TraceParentError::new(Rule::VersionForbidden, 0));
    }
    separator(head, 2)?;
    let Some(trace_id) = TraceId::from_bytes(field::<32, 16>(head, 3, Rule::TraceId)?) else {
        return Err(TraceParentError::new(Rule::TraceIdZero, 3));
    };
    separator(head, 35)?;
    let Some(parent_id) = SpanId::from_bytes(field::<16, 8>(head, 36, Rule::ParentId)?) else {
        return Err(TraceParentError::new(Rule::ParentIdZero, 36));
    };
    separator(head, 52)?;
    let [flags] = field::<2, 1>(head, 53, Rule::TraceFlags)?;
    Ok(TraceParent { trace_id, parent_id, trace_flags: TraceFlags::from_byte(flags), version })
}

#[inline(always)]
fn field<const DIGITS: usize, const BYTES: usize>(
    head: &[u8; TraceParent::LENGTH],
    start: usize,
    rule: Rule,
) -> Result<[u8; BYTES], TraceParentError> {
    match head.get(start..).and_then(<[u8]>::first_chunk) {
        Some(digits) => hex::decode::<DIGITS, BYTES>(digits)
            .map_err(|position| TraceParentError::new(rule, start + position)),
        None => Err(TraceParentError::new(Rule::TooShort, head.len())),
    }
}

#[inline(always)]
fn separator(head: &[u8; TraceParent::LENGTH], offset: usize) -> Result<(), TraceParentError> {
    match head.get(offset) {
        Some(b'-') => Ok(()),
        _ => Err(TraceParentError::new(Rule::Separator, offset)),
    }
}

/// Why a value of fewer than 55 bytes is refused: the first error in it, or else its length.
#[cold]
fn too_short(value: &[u8]) -> TraceParentError {
    let mut whole = *b"00-11111111111111111111111111111111-1111111111111111-00";
    for (byte, given) in whole.iter_mut().zip(value) {
        *byte = *given;
    }
    match read(&whole) {
        Err(error) if error.offset < value.len() => error,
        _ => TraceParentError::new(Rule::TooShort, value.len()),
    }
}
