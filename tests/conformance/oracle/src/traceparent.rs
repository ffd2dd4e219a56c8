//! The header `traceparent` (W3C Trace Context Level 2, 3.2).

use crate::Refusal;

/// The length of a `traceparent` of version 00 (Level 2, 3.2.2.2).
const LENGTH: usize = 55;
/// The two flags that Level 2 defines: sampled and random-trace-id (3.2.2.5).
const DEFINED_FLAGS: u8 = 0b0000_0011;

/// An accepted `traceparent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    /// 0 to 254. Versions above 0 are not defined yet (Level 2, 3.2.4).
    pub version: u8,
    /// Never all zeros (Level 2, 3.2.2.3).
    pub trace_id: [u8; 16],
    /// Never all zeros (Level 2, 3.2.2.4).
    pub parent_id: [u8; 8],
    /// Bit 0 is sampled, bit 1 random; all other bits are dropped (`PROFILE.md` R6).
    pub flags: u8,
}

impl TraceParent {
    /// The 55 bytes of version 00 with these ids and flags, for every version read (`PROFILE.md` W3).
    pub fn to_version_00(&self) -> Vec<u8> {
        let (trace_id, parent_id) = (u128::from_be_bytes(self.trace_id), u64::from_be_bytes(self.parent_id));
        let flags = self.flags & DEFINED_FLAGS;
        format!("00-{trace_id:032x}-{parent_id:016x}-{flags:02x}").into_bytes()
    }
}

/// Reads a `traceparent` (Level 2, 3.2.2 and 3.2.4; `PROFILE.md` R5, R6).
///
/// # Errors
///
/// The first rule that the value breaks, read from the left, and its offset.
///
/// ```
/// let read = tracebaton_oracle::traceparent(b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
/// assert_eq!(read.unwrap().flags, 1);
/// assert_eq!(tracebaton_oracle::traceparent(b"00_").unwrap_err(), ("separator", 2));
/// ```
pub fn traceparent(value: &[u8]) -> Result<TraceParent, Refusal> {
    let [version] = hex_field(value, 0, "version")?;
    if version == 0xff {
        return Err(("version_forbidden", 0));
    }
    dash(value, 2)?;
    let trace_id = hex_field(value, 3, "trace_id")?;
    if trace_id == [0; 16] {
        return Err(("trace_id_zero", 3));
    }
    dash(value, 35)?;
    let parent_id = hex_field(value, 36, "parent_id")?;
    if parent_id == [0; 8] {
        return Err(("parent_id_zero", 36));
    }
    dash(value, 52)?;
    let [flags] = hex_field(value, 53, "trace_flags")?;
    let may_end_here = match value.get(LENGTH) {
        None => true,
        // A later version may have unknown fields after a dash (Level 2, 3.2.4).
        Some(&next) => version > 0 && next == b'-',
    };
    if !may_end_here {
        return Err(("trailing", LENGTH));
    }
    let flags = flags & DEFINED_FLAGS;
    Ok(TraceParent { version, trace_id, parent_id, flags })
}

/// The `N` bytes written as `2 * N` lower-case hex digits from `start`.
fn hex_field<const N: usize>(value: &[u8], start: usize, rule: &'static str) -> Result<[u8; N], Refusal> {
    let mut bytes = [0; N];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let high = hex_digit(value, start + 2 * index, rule)?;
        let low = hex_digit(value, start + 2 * index + 1, rule)?;
        *byte = high * 16 + low;
    }
    Ok(bytes)
}

fn hex_digit(value: &[u8], at: usize, rule: &'static str) -> Result<u8, Refusal> {
    match byte_at(value, at)? {
        digit @ b'0'..=b'9' => Ok(digit - b'0'),
        digit @ b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err((rule, at)),
    }
}

fn dash(value: &[u8], at: usize) -> Result<(), Refusal> {
    if byte_at(value, at)? == b'-' { Ok(()) } else { Err(("separator", at)) }
}

fn byte_at(value: &[u8], at: usize) -> Result<u8, Refusal> {
    value.get(at).copied().ok_or(("too_short", value.len()))
}

#[cfg(test)]
mod tests;
