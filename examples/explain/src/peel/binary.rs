//! Binary layers: a type, a length, or both before the value. The length must match the bytes that follow.

use std::fmt::Write;

/// Removes a length of `SIZE` bytes, most significant first, that matches the rest.
fn big_endian<const SIZE: usize>(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk::<SIZE>()?;
    let length = length
        .iter()
        .try_fold(0_usize, |length, byte| Some(length.checked_mul(256)? + usize::from(*byte)))?;
    (length == rest.len()).then_some(rest)
}

fn little_endian<const SIZE: usize>(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk::<SIZE>()?;
    let reversed: Vec<u8> = length.iter().rev().copied().collect();
    big_endian::<SIZE>(&reversed).is_none().then_some(())?; // a length that reads the same in both directions is tried once
    let length = reversed
        .iter()
        .try_fold(0_usize, |length, byte| Some(length.checked_mul(256)? + usize::from(*byte)))?;
    (length == rest.len()).then_some(rest)
}

/// Reads a base-128 varint, least significant group first. Returns it and the bytes after it.
fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = bytes.iter().take(4).position(|byte| byte & 0x80 == 0)?;
    let groups = bytes[..=end].iter().rev();
    Some((groups.fold(0, |value, byte| value << 7 | usize::from(byte & 0x7f)), &bytes[end + 1..]))
}

fn one(rest: Option<&[u8]>) -> Vec<Vec<u8>> {
    rest.map(<[u8]>::to_vec).into_iter().collect()
}

/// Removes the magic byte and the four bytes of a schema id that schema registries use.
fn without_schema_id(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [0, _, _, _, _, rest @ ..] => Some(rest),
        _ => None,
    }
}

/// Removes Java's serialization of a string.
pub fn java_object(bytes: &[u8]) -> Vec<Vec<u8>> {
    one(bytes.strip_prefix(b"\xac\xed\0\x05t").and_then(big_endian::<2>))
}

/// Removes the encoding of AMQP 1.0: a string, symbol or binary, alone or as the section of a message.
pub fn amqp(bytes: &[u8]) -> Vec<Vec<u8>> {
    let value = match bytes {
        [0, 0x53, 0x75 | 0x77, rest @ ..] => rest,
        _ => bytes,
    };
    one(match value {
        [0xa0 | 0xa1 | 0xa3, rest @ ..] => big_endian::<1>(rest),
        [0xb0 | 0xb1 | 0xb3, rest @ ..] => big_endian::<4>(rest),
        _ => None,
    })
}

/// Removes the encoding of Avro: a string or bytes, alone, as second branch of a union, or after a schema id.
pub fn avro(bytes: &[u8]) -> Vec<Vec<u8>> {
    fn string(bytes: &[u8]) -> Option<&[u8]> {
        let (length, rest) = varint(bytes)?;
        (length == 2 * rest.len()).then_some(rest)
    }
    let body = without_schema_id(bytes);
    let bodies = [Some(bytes), bytes.strip_prefix(b"\x02"), bytes.strip_prefix(b"\0"), body];
    one(bodies.into_iter().flatten().find_map(string))
}

/// Removes a length alone, of one, two, four or eight bytes.
pub fn length(bytes: &[u8]) -> Vec<Vec<u8>> {
    let lengths = [
        big_endian::<1>,
        big_endian::<2>,
        little_endian::<2>,
        big_endian::<4>,
        little_endian::<4>,
        big_endian::<8>,
        little_endian::<8>,
    ];
    one(lengths.iter().find_map(|length| length(bytes)))
}

/// Removes the encoding of Protocol Buffers: a message with one field, a string or bytes.
pub fn protobuf(bytes: &[u8]) -> Vec<Vec<u8>> {
    fn field(bytes: &[u8]) -> Option<&[u8]> {
        let [tag, rest @ ..] = bytes else { return None };
        let (length, rest) = varint(rest)?;
        (tag & 7 == 2 && *tag >= 8 && *tag < 0x80 && length == rest.len()).then_some(rest)
    }
    let body = without_schema_id(bytes).and_then(|rest| rest.strip_prefix(b"\0"));
    one(field(bytes).or_else(|| field(body?)))
}

/// Removes the encoding of MessagePack: a string or bytes.
pub fn msgpack(bytes: &[u8]) -> Vec<Vec<u8>> {
    one(match bytes {
        [head @ 0xa0..=0xbf, rest @ ..] => (usize::from(head & 0x1f) == rest.len()).then_some(rest),
        [0xd9 | 0xc4, rest @ ..] => big_endian::<1>(rest),
        [0xda | 0xc5, rest @ ..] => big_endian::<2>(rest),
        [0xdb | 0xc6, rest @ ..] => big_endian::<4>(rest),
        _ => None,
    })
}

/// Removes the encoding of CBOR: a string or bytes.
pub fn cbor(bytes: &[u8]) -> Vec<Vec<u8>> {
    one(match bytes {
        [head @ (0x40..=0x57 | 0x60..=0x77), rest @ ..] => {
            (usize::from(head & 0x1f) == rest.len()).then_some(rest)
        }
        [0x58 | 0x78, rest @ ..] => big_endian::<1>(rest),
        [0x59 | 0x79, rest @ ..] => big_endian::<2>(rest),
        [0x5a | 0x7a, rest @ ..] => big_endian::<4>(rest),
        _ => None,
    })
}

/// Removes a schema id before a value that is itself readable.
pub fn schema_id(bytes: &[u8]) -> Vec<Vec<u8>> {
    let is_text = |rest: &&[u8]| rest.iter().all(|byte| matches!(byte, b' '..=b'~'));
    one(without_schema_id(bytes).filter(is_text))
}

/// Converts the 29 bytes of W3C's binary notation into a traceparent.
pub fn w3c_binary(bytes: &[u8]) -> Vec<Vec<u8>> {
    let [0, 0, trace_id @ .., 1, b0, b1, b2, b3, b4, b5, b6, b7, 2, flags] = bytes else { return Vec::new() };
    let mut text = String::from("00-");
    let _ = trace_id.iter().try_for_each(|byte| write!(text, "{byte:02x}"));
    text.push('-');
    let _ = [b0, b1, b2, b3, b4, b5, b6, b7].iter().try_for_each(|byte| write!(text, "{byte:02x}"));
    let _ = write!(text, "-{flags:02x}");
    if trace_id.len() == 16 { vec![text.into_bytes()] } else { Vec::new() }
}
