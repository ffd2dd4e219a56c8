//! Layers around a value: encodings that a converter, a serialiser or a print function added.

mod binary;
mod candidates;
mod text;

pub use candidates::{Candidates, EXAMINED, candidates};

/// A value after some layers were removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Peeled {
    /// The remaining bytes.
    pub bytes: Vec<u8>,
    /// The removed layers, from outside in.
    pub layers: Vec<Layer>,
}

/// Removes one layer. Returns every value that may be under it, or none if the layer is not present.
type Peel = fn(&[u8]) -> Vec<Vec<u8>>;

/// Declares the layers: name in Rust, name in JSON, function that removes it.
macro_rules! layers {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal by $peel:path,)*) => {
        /// One layer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Layer { $($(#[doc = $doc])* $variant,)* }

        impl Layer {
            /// Every layer, the most certain first.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Name in JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Description in a few words.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),*).trim_ascii(),)* }
            }

            fn peel(self) -> Peel {
                match self { $(Self::$variant => $peel,)* }
            }
        }
    };
}

layers! {
    /// a JSON string in quotes
    JsonString = "json_string" by text::json_string,
    /// the repr() of Python bytes
    PythonBytes = "python_bytes" by text::python_bytes,
    /// a list of bytes in decimal
    ByteList = "byte_list" by text::byte_list,
    /// the name of a Java array in place of its bytes
    JavaArray = "java_array" by text::nothing,
    /// a serialized Java object
    JavaObject = "java_object" by binary::java_object,
    /// AMQP's type and length
    Amqp = "amqp" by binary::amqp,
    /// Avro's length
    Avro = "avro" by binary::avro,
    /// a length
    Length = "length" by binary::length,
    /// a Protocol Buffers field
    Protobuf = "protobuf" by binary::protobuf,
    /// MessagePack's type and length
    MsgPack = "msgpack" by binary::msgpack,
    /// CBOR's type and length
    Cbor = "cbor" by binary::cbor,
    /// the id of a schema registry
    SchemaId = "schema_id" by binary::schema_id,
    /// the binary form of W3C
    W3cBinary = "w3c_binary" by binary::w3c_binary,
    /// UTF-16
    Utf16 = "utf16" by text::utf16,
    /// Java properties
    Properties = "properties" by text::properties,
    /// a JSON document
    JsonDocument = "json_document" by text::json_document,
    /// percent-encoding
    Percent = "percent" by text::percent,
    /// hexadecimal
    Hex = "hex" by text::hex,
    /// base64
    Base64 = "base64" by text::base64,
}

impl Layer {
    /// The first value that may be under this layer.
    pub fn taken_off(self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.peel()(bytes).into_iter().next()
    }
}

/// Whether a value is only the name of an object that contained the bytes, so that they are lost.
pub fn is_lost(value: &[u8]) -> bool {
    text::is_object_name(value)
}

/// Whether a value may contain a traceparent, plain or under a layer. Searches once for the bytes at its start.
pub fn may_hold_parent(value: &[u8]) -> bool {
    /// The bytes of `00-` as plain text, in base64 (once and twice), in hexadecimal, in decimal, in UTF-16.
    const BEGINNINGS: &[&[u8]] = &[
        b"00-",
        b"MDAt",
        b"TURBd",
        b"30302d",
        b"30302D",
        b"48,48,45",
        b"48, 48, 45",
        b"48 48 45",
        b"0\x000\0-",
        b"00%2",
    ];
    let value = &value[..value.len().min(EXAMINED)];
    // The binary notation has 29 bytes, and the first two are zeros.
    value.len() >= 29
        && (value.windows(2).any(|pair| matches!(pair, b"00" | b"MD" | b"TU" | b"30" | b"48" | b"0\0"))
            && BEGINNINGS.iter().any(|known| value.windows(known.len()).any(|window| window == *known))
            || value.len() == 29 && value.starts_with(&[0, 0])
            || matches!(value.len(), 39 | 40) && value.starts_with(b"AAA"))
}

#[cfg(test)]
mod tests {
    use super::candidates::{DEPTH, MOST};
    use super::*;

    const VALUE: &[u8] = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn framed(before: &[u8]) -> Vec<u8> {
        [before, VALUE].concat()
    }

    /// The layers under which the value is found.
    fn layers(bytes: &[u8]) -> Option<Vec<&'static str>> {
        let found = candidates(bytes).into_iter().find(|peeled| peeled.bytes == VALUE)?;
        Some(found.layers.iter().map(|layer| layer.name()).collect())
    }

    fn base64(bytes: &[u8]) -> Vec<u8> {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = Vec::new();
        for group in bytes.chunks(3) {
            let mut bits = [0; 4];
            bits[1..=group.len()].copy_from_slice(group);
            let bits = u32::from_be_bytes(bits);
            let digit = |place: usize| DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            (0..4).for_each(|place| text.push(if place <= group.len() { digit(place) } else { b'=' }));
        }
        text
    }

    #[test]
    fn every_layer() {
        let text = str::from_utf8(VALUE).unwrap();
        let decimal = |join: &str| VALUE.iter().map(u8::to_string).collect::<Vec<_>>().join(join);
        let hex = |join: &str| VALUE.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(join);
        let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
        let twice = serde_json::to_string(&format!("\"{text}\"")).unwrap();
        let binary =
            [&[0, 0][..], &hex_bytes(&text[3..35]), &[1], &hex_bytes(&text[36..52]), &[2, 1]].concat();
        for (bytes, expected) in [
            (VALUE.to_vec(), vec![]),
            (format!("\"{text}\"").into(), vec!["json_string"]),
            (format!("'{text}'").into(), vec!["json_string"]),
            (twice.into_bytes(), vec!["json_string", "json_string"]),
            (base64(VALUE), vec!["base64"]),
            (base64(&base64(VALUE)), vec!["base64", "base64"]),
            (
                format!("\"{}\"", str::from_utf8(&base64(VALUE)).unwrap()).into(),
                vec!["json_string", "base64"],
            ),
            (base64(VALUE).strip_suffix(b"==").unwrap_or(&base64(VALUE)).to_vec(), vec!["base64"]),
            (hex("").into(), vec!["hex"]),
            (format!("\\x{}", hex("")).into(), vec!["hex"]),
            (hex(":").into(), vec!["hex"]),
            (format!("<Buffer {}>", hex(" ").to_lowercase()).into(), vec!["hex"]),
            (decimal(",").into(), vec!["byte_list"]),
            (format!("[{}]", decimal(", ")).into(), vec!["byte_list"]),
            (format!("[{}]", decimal(" ")).into(), vec!["byte_list"]),
            (format!("{{\"type\":\"Buffer\",\"data\":[{}]}}", decimal(",")).into(), vec!["byte_list"]),
            (format!("b'{text}'").into(), vec!["python_bytes"]),
            (format!("\"b'{text}'\"").into(), vec!["json_string", "python_bytes"]),
            (framed(b"\xac\xed\0\x05t\x007"), vec!["java_object"]),
            (framed(b"\xa1\x37"), vec!["amqp"]),
            (framed(b"\xb1\0\0\0\x37"), vec!["amqp"]),
            (framed(b"\0Su\xa0\x37"), vec!["amqp"]),
            (framed(b"\x6e"), vec!["avro"]),
            (framed(b"\x02\x6e"), vec!["avro"]),
            (framed(b"\0\0\0\0\x2a\x6e"), vec!["avro"]),
            (framed(b"\x37"), vec!["length"]),
            (framed(b"\0\x37"), vec!["length"]),
            (framed(b"\x37\0"), vec!["length"]),
            (framed(b"\0\0\0\x37"), vec!["length"]),
            (framed(b"\x37\0\0\0"), vec!["length"]),
            (framed(b"\x0a\x37"), vec!["protobuf"]),
            (framed(b"\x1a\x37"), vec!["protobuf"]),
            (framed(b"\0\0\0\0\x2a\0\x0a\x37"), vec!["protobuf"]),
            (framed(b"\xd9\x37"), vec!["msgpack"]),
            (framed(b"\xc4\x37"), vec!["msgpack"]),
            (framed(b"\x78\x37"), vec!["cbor"]),
            (framed(b"\x58\x37"), vec!["cbor"]),
            ([b"\0\0\0\0\x2a\"", VALUE, b"\""].concat(), vec!["schema_id", "json_string"]),
            (binary.clone(), vec!["w3c_binary"]),
            (base64(&binary), vec!["base64", "w3c_binary"]),
            (utf16(u16::to_be_bytes), vec!["utf16"]),
            ([&b"\xff\xfe"[..], &utf16(u16::to_le_bytes)].concat(), vec!["utf16"]),
            (format!("#now\ntraceparent={text}\n").into(), vec!["properties"]),
            (
                format!("{{\"schema\":{{\"type\":\"string\"}},\"payload\":\"{text}\"}}").into(),
                vec!["json_document"],
            ),
            (text.replace('-', "%2D").into(), vec!["percent"]),
        ] {
            assert_eq!(layers(&bytes), Some(expected), "{}", bytes.escape_ascii());
            let is_direct = !bytes.starts_with(b"\\x") && bytes.len() != VALUE.len() * 3 - 1;
            assert!(
                may_hold_parent(&bytes) || !is_direct || bytes.starts_with(b"<"),
                "{}",
                bytes.escape_ascii()
            );
        }
        assert!(is_lost(b"[B@5e91993f") && is_lost(b"java.nio.HeapByteBuffer[pos=0 lim=55 cap=55]"));
        assert!(!is_lost(VALUE) && !is_lost(b"[]"));
    }

    fn hex_bytes(digits: &str) -> Vec<u8> {
        text::hex(digits.as_bytes()).remove(0)
    }

    #[test]
    fn the_work_is_bounded() {
        let large = base64(&vec![b'x'; 100_000]);
        let nested = (0..20)
            .fold(VALUE.to_vec(), |value, _| serde_json::to_vec(str::from_utf8(&value).unwrap()).unwrap());
        let zeros = vec![0; 100_000];
        for value in
            [&large[..], &nested, &zeros, b"", b"\"", b"\"\"", b"\0", b"=", b"b'", b"%", b"[B@", b"{", b"#"]
        {
            let found = candidates(value);
            assert!(!found.is_empty() && found.len() <= MOST, "{}", found.len());
            assert!(
                found.iter().all(|peeled| peeled.bytes.len() <= EXAMINED && peeled.layers.len() <= DEPTH)
            );
        }
        assert_eq!(layers(&nested), None);
    }
}
