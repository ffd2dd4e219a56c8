//! Layers that are text.

use serde_json::Value;

/// Removes a layer without a value under it: the bytes are lost.
pub fn nothing(_: &[u8]) -> Vec<Vec<u8>> {
    Vec::new()
}

/// Whether this is how a language prints an array or a buffer without its bytes.
pub fn is_object_name(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    let text = value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(value);
    let is_java_array = |text: &[u8]| {
        let [b'[', kind, rest @ ..] = text else { return false };
        let Some(at) = rest.iter().position(|byte| *byte == b'@') else { return false };
        let hash = &rest[at + 1..];
        kind.is_ascii_uppercase() && !hash.is_empty() && hash.iter().all(u8::is_ascii_hexdigit)
    };
    is_java_array(text)
        || [&b"java.nio."[..], b"java.util.", b"<memory at ", b"System.Byte[]"]
            .iter()
            .any(|name| text.starts_with(name))
}

/// Removes `"…"` with JSON's escapes, or either kind of quotes around any text.
pub fn json_string(value: &[u8]) -> Vec<Vec<u8>> {
    let value = value.trim_ascii();
    let (Some(open), Some(close)) = (value.first(), value.last()) else { return Vec::new() };
    if value.len() < 2 || open != close || !matches!(open, b'"' | b'\'') {
        let escaped = value.strip_prefix(b"\\\"").and_then(|rest| rest.strip_suffix(b"\\\""));
        return escaped.map(<[u8]>::to_vec).into_iter().collect();
    }
    match serde_json::from_slice::<String>(value) {
        Ok(text) => vec![text.into_bytes()],
        Err(_) => vec![value[1..value.len() - 1].to_vec()],
    }
}

/// Removes `b'…'` and `bytearray(b'…')`, with Python's escapes.
pub fn python_bytes(value: &[u8]) -> Vec<Vec<u8>> {
    let value = value.trim_ascii();
    let inner = value.strip_prefix(b"bytearray(").and_then(|rest| rest.strip_suffix(b")")).unwrap_or(value);
    let Some([quote @ (b'\'' | b'"'), rest @ .., last]) = inner.strip_prefix(b"b") else { return Vec::new() };
    if quote == last { vec![unescape_python(rest)] } else { Vec::new() }
}

/// Decodes bytes as Python prints them between quotes.
pub fn unescape_python(mut text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    loop {
        let (byte, rest) = match text {
            [] => return bytes,
            [b'\\', b'x', high, low, rest @ ..] if digit(*high).and(digit(*low)).is_some() => {
                (digit(*high).unwrap_or(0) << 4 | digit(*low).unwrap_or(0), rest)
            }
            [b'\\', b'n', rest @ ..] => (b'\n', rest),
            [b'\\', b'r', rest @ ..] => (b'\r', rest),
            [b'\\', b't', rest @ ..] => (b'\t', rest),
            [b'\\', escaped, rest @ ..] => (*escaped, rest),
            [byte, rest @ ..] => (*byte, rest),
        };
        bytes.push(byte);
        text = rest;
    }
}

/// Decodes decimal bytes, signed or not, between commas or spaces, in brackets or after a name such as
/// `Uint8Array(55)`.
pub fn byte_list(value: &[u8]) -> Vec<Vec<u8>> {
    let bracket = |byte: &u8| matches!(byte, b'[' | b'{' | b'(');
    let start = value.iter().rposition(bracket).map_or(0, |place| place + 1);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b" []{}()\":,_.".contains(byte);
    if !value[..start].iter().all(is_name) {
        return Vec::new();
    }
    let list = value[start..].trim_ascii();
    let list = list.iter().rposition(u8::is_ascii_digit).map_or(list, |last| &list[..=last]);
    let numbers =
        list.split(|byte| matches!(byte, b',' | b' ' | b'\t' | b'\n')).filter(|number| !number.is_empty());
    let bytes: Option<Vec<u8>> = numbers.map(byte_of).collect();
    bytes.filter(|bytes| bytes.len() > 2).into_iter().collect()
}

fn byte_of(number: &[u8]) -> Option<u8> {
    let number: i16 = str::from_utf8(number).ok()?.parse().ok()?;
    u8::try_from(number).ok().or_else(|| i8::try_from(number).ok().map(i8::cast_unsigned))
}

/// Decodes UTF-16: pairs of bytes, always with a zero at the same place.
pub fn utf16(value: &[u8]) -> Vec<Vec<u8>> {
    let text = value.strip_prefix(b"\xff\xfe").or(value.strip_prefix(b"\xfe\xff")).unwrap_or(value);
    let (pairs, odd) = text.as_chunks::<2>();
    let keep = |zero: usize| {
        let is_text = !pairs.is_empty() && odd.is_empty() && pairs.iter().all(|pair| pair[zero] == 0);
        is_text.then(|| pairs.iter().map(|pair| pair[1 - zero]).collect())
    };
    keep(0).or_else(|| keep(1)).into_iter().collect()
}

/// The value of the first tracing header in a `java.util.Properties` dump.
pub fn properties(value: &[u8]) -> Vec<Vec<u8>> {
    const NAMES: [&[u8]; 3] = [b"traceparent", b"uber-trace-id", b"b3"];
    let line = |line: &[u8]| {
        let line = line.trim_ascii();
        let rest = NAMES.iter().find_map(|name| line.strip_prefix(*name))?.trim_ascii_start();
        let rest = rest.strip_prefix(b"=").or(rest.strip_prefix(b":"))?;
        let is_text = |place: &usize| rest[*place] != b'\\';
        Some(
            (0..rest.len())
                .filter(is_text)
                .map(|place| rest[place])
                .collect::<Vec<_>>()
                .trim_ascii()
                .to_vec(),
        )
    };
    value.split(|byte| matches!(byte, b'\n' | b'\r')).filter_map(line).take(1).collect()
}

/// The first strings in a JSON object or list.
pub fn json_document(value: &[u8]) -> Vec<Vec<u8>> {
    const STRINGS: usize = 4;
    fn strings(value: Value, found: &mut Vec<Vec<u8>>) {
        match value {
            Value::String(text) if found.len() < STRINGS => found.push(text.into_bytes()),
            Value::Array(items) => items.into_iter().for_each(|item| strings(item, found)),
            Value::Object(members) => members.into_iter().for_each(|(_, member)| strings(member, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let [b'{' | b'[', ..] = value.trim_ascii_start()
        && let Ok(document) = serde_json::from_slice(value)
    {
        let list = list_of(&document);
        strings(document, &mut found);
        found.extend(list);
    }
    found
}

/// Joins the members of an object to a list of `key=value`, as in tracestate and baggage.
fn list_of(document: &Value) -> Option<Vec<u8>> {
    let member = |(key, value): (&String, &Value)| match value {
        Value::String(text) => Some(format!("{key}={text}")),
        Value::Number(number) => Some(format!("{key}={number}")),
        _ => None,
    };
    let members: Option<Vec<_>> = document.as_object()?.iter().map(member).collect();
    members.map(|members| members.join(",").into_bytes())
}

/// Decodes `%2D` and other escapes.
pub fn percent(value: &[u8]) -> Vec<Vec<u8>> {
    if !value.contains(&b'%') {
        return Vec::new();
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value;
    while let [byte, tail @ ..] = rest {
        let escape = match rest {
            [b'%', high, low, tail @ ..] => {
                digit(*high).zip(digit(*low)).map(|(high, low)| (high << 4 | low, tail))
            }
            _ => None,
        };
        let (byte, tail) = escape.unwrap_or((*byte, tail));
        bytes.push(byte);
        rest = tail;
    }
    if bytes.len() == value.len() { Vec::new() } else { vec![bytes] }
}

/// Decodes hexadecimal: plain, after `0x` or `\x`, with colons or spaces between bytes, or as Node prints a buffer.
pub fn hex(value: &[u8]) -> Vec<Vec<u8>> {
    let value = value.trim_ascii();
    let buffer = value.strip_prefix(b"<Buffer ").and_then(|rest| rest.strip_suffix(b">"));
    let digits = buffer.or(value.strip_prefix(b"0x")).or(value.strip_prefix(b"\\x")).unwrap_or(value);
    let digits: Vec<u8> = match digits.get(2) {
        Some(separator @ (b':' | b' ')) => digits.iter().filter(|byte| *byte != separator).copied().collect(),
        _ => digits.to_vec(),
    };
    let (pairs, odd) = digits.as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    let bytes: Option<Vec<u8>> = if odd.is_empty() { pairs.iter().map(byte).collect() } else { None };
    bytes.into_iter().collect()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Decodes base64 (RFC 4648 4 and 5), with padding or without.
pub fn base64(value: &[u8]) -> Vec<Vec<u8>> {
    decode_base64(value.trim_ascii()).into_iter().collect()
}

fn decode_base64(digits: &[u8]) -> Option<Vec<u8>> {
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    let mut bytes = Vec::new();
    for group in digits[..digits.len() - padding].chunks(4) {
        let sextets = group.iter().map(|byte| sextet(*byte)).collect::<Option<Vec<_>>>()?;
        let bits = sextets.iter().fold(0, |bits, sextet| bits << 6 | sextet) << (6 * (4 - group.len()));
        bytes.extend_from_slice(bits.to_be_bytes().get(1..group.len())?);
    }
    Some(bytes)
}

fn sextet(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}
