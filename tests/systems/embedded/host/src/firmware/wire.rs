//! The bytes on the wire, as described in the README of the example.

/// A header: its name, and its value, which may be null.
pub(super) type Header = (Vec<u8>, Option<Vec<u8>>);

/// Kafka's encoding of the headers of a record.
pub(super) fn record(headers: &[Header]) -> Vec<u8> {
    let mut bytes = Vec::new();
    number(headers.len() as i64, &mut bytes);
    for (name, value) in headers {
        part(Some(name), &mut bytes);
        part(value.as_deref(), &mut bytes);
    }
    bytes
}

fn part(part: Option<&[u8]>, bytes: &mut Vec<u8>) {
    number(part.map_or(-1, |part| part.len() as i64), bytes);
    bytes.extend_from_slice(part.unwrap_or_default());
}

/// A zig-zag varint.
pub(super) fn number(number: i64, bytes: &mut Vec<u8>) {
    let mut rest = (number << 1 ^ number >> 63) as u64;
    while rest > 0x7f {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

/// The verdict of an answer, and its record if it has one.
pub(super) fn answer(bytes: &[u8]) -> Option<(String, Option<Vec<Header>>)> {
    let (length, rest) = bytes.split_first()?;
    let (verdict, mut bytes) = rest.split_at_checked(usize::from(*length))?;
    let verdict = String::from_utf8(verdict.to_vec()).ok()?;
    if bytes.is_empty() {
        return Some((verdict, None));
    }
    let count = take_number(&mut bytes)?;
    let header = |_| Some((take_part(&mut bytes)??, take_part(&mut bytes)?));
    let headers: Vec<Header> = (0..count).map(header).collect::<Option<_>>()?;
    bytes.is_empty().then_some((verdict, Some(headers)))
}

fn take_part(bytes: &mut &[u8]) -> Option<Option<Vec<u8>>> {
    let length = match take_number(bytes)? {
        -1 => return Some(None),
        length => usize::try_from(length).ok()?,
    };
    let (part, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(Some(part.to_vec()))
}

fn take_number(bytes: &mut &[u8]) -> Option<i64> {
    let mut zigzag = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        zigzag |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64));
        }
    }
    None
}

/// A frame with its sequence number and its checksum.
pub(super) fn frame(sequence: u8, content: &[u8]) -> Vec<u8> {
    let mut frame = [&[sequence], content].concat();
    frame.extend(crc32(&frame).to_le_bytes());
    frame
}

/// Bytes in COBS encoding, with the zero after them.
pub(super) fn encoded(frame: &[u8]) -> Vec<u8> {
    let (mut bytes, mut code) = (vec![1], 0);
    for byte in frame {
        if *byte != 0 {
            bytes.push(*byte);
            bytes[code] += 1;
        }
        if *byte == 0 || bytes[code] == 0xff {
            code = bytes.len();
            bytes.push(1);
        }
    }
    bytes.push(0);
    bytes
}

/// The sequence number and the content of a frame without the zero after it.
pub(super) fn unframed(mut bytes: &[u8]) -> Option<(u8, Vec<u8>)> {
    let mut frame = Vec::new();
    while let Some((code, rest)) = bytes.split_first() {
        let (run, rest) = rest.split_at_checked(usize::from(*code).checked_sub(1)?)?;
        frame.extend_from_slice(run);
        if *code < 0xff && !rest.is_empty() {
            frame.push(0);
        }
        bytes = rest;
    }
    let (rest, checksum) = frame.split_last_chunk()?;
    let (sequence, content) = rest.split_first()?;
    (crc32(rest) == u32::from_le_bytes(*checksum)).then(|| (*sequence, content.to_vec()))
}

/// CRC-32/ISO-HDLC, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ ((crc & 1) * 0xedb8_8320))
    })
}
