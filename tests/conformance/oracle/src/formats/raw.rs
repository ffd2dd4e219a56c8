//! The block of raw headers (`FORMATS.md` F15).

use crate::{Header, Refusal};

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
