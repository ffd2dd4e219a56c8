//! Percent-decoding without the codec.

/// The decoded bytes; `None` if nothing is encoded.
pub fn decoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let byte = if *first == b'%' { after.first_chunk().and_then(byte) } else { None };
        decoded.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    (decoded.len() < bytes.len()).then_some(decoded)
}

fn byte(digits: &[u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? << 4 | low?).ok()
}

/// The decoded text; `None` if it is not UTF-8.
pub fn decoded_text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(decoded(bytes).unwrap_or_else(|| bytes.to_vec())).ok()
}
