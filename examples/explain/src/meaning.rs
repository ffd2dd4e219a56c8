//! Meaning of a value that is not a valid traceparent: its layers, the value under them, and the mistakes in it.

use crate::mistakes::{self, JOINED, SURROUNDED};
use crate::peel::{Candidates, Layer, Peeled};
use tracebaton::TraceParent;

/// A value that was understood.
pub struct Understood {
    /// Layers that were removed, from outside in.
    pub layers: Vec<Layer>,
    /// The value under the layers. If it has mistakes, the corrected value.
    pub value: Vec<u8>,
    /// Kind of the value.
    pub meaning: Meaning,
}

/// Kind of a value after its layers are removed.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// A valid traceparent.
    Parent,
    /// A traceparent with mistakes: a sentence with advice for each.
    Mended(Vec<&'static str>),
    /// Several traceparents joined by a comma.
    Joined,
    /// Ids in decimal; the value has them in hexadecimal.
    Decimal,
    /// An id alone.
    BareId,
    /// A value of this format.
    Format(&'static str),
}

/// Understands a value: its kind, and the value that was intended.
type Reading = fn(&[u8]) -> Option<(Vec<u8>, Meaning)>;

/// The meaning of a value, if one is found: the strongest kind, under the fewest layers.
pub fn of(value: &[u8]) -> Option<Understood> {
    let mut candidates = Candidates::of(value);
    while let Some(Peeled { bytes, layers }) = candidates.next() {
        if TraceParent::parse(bytes).is_ok() {
            return Some(Understood {
                layers: layers.clone(),
                value: bytes.clone(),
                meaning: Meaning::Parent,
            });
        }
    }
    let candidates = candidates.all();
    let read = |read: Reading| {
        candidates.iter().find_map(|Peeled { bytes, layers }| {
            read(bytes).map(|(value, meaning)| Understood { layers: layers.clone(), value, meaning })
        })
    };
    let readings = [decimal, mended, format, bare_id, embedded];
    readings.into_iter().find_map(read)
}

fn mended(value: &[u8]) -> Option<(Vec<u8>, Meaning)> {
    embedded(value).filter(
        |(_, meaning)| !matches!(meaning, Meaning::Mended(mistakes) if mistakes.contains(&SURROUNDED)),
    )
}

/// Corrects mistakes like [`mended`], and removes other bytes around a value.
fn embedded(value: &[u8]) -> Option<(Vec<u8>, Meaning)> {
    let (value, mistakes) = mistakes::mended(value)?;
    Some((value, if mistakes == [JOINED] { Meaning::Joined } else { Meaning::Mended(mistakes) }))
}

/// Converts a decimal id into this many hexadecimal digits. An id with as many digits as in hexadecimal is not
/// decimal.
fn from_decimal(id: &[u8], digits: usize) -> Option<String> {
    let is_decimal =
        id.len() != digits && id.len() != 16 && id.len() > 8 && id.iter().all(u8::is_ascii_digit);
    let number: u128 = str::from_utf8(id).ok().filter(|_| is_decimal)?.parse().ok()?;
    let hex = format!("{number:0digits$x}");
    (hex.len() == digits && number > 0).then_some(hex)
}

/// Recognises a value with decimal ids: a traceparent, ids between dashes or colons, or an id alone.
fn decimal(value: &[u8]) -> Option<(Vec<u8>, Meaning)> {
    let separator = if value.contains(&b':') { b':' } else { b'-' };
    let parts: Vec<&[u8]> = value.split(|byte| *byte == separator).collect();
    let text = match parts.as_slice() {
        [id] if (17..=39).contains(&id.len()) => from_decimal(id, if id.len() > 20 { 32 } else { 16 })?,
        [version, trace_id, span_id, flags] if version.len() == 2 => {
            let (trace, span) = (from_decimal(trace_id, 32), from_decimal(span_id, 16));
            (trace.is_some() || span.is_some()).then_some(())?;
            let hex = |id: Option<String>, field: &[u8]| {
                id.unwrap_or_else(|| String::from_utf8_lossy(field).into_owned())
            };
            let flags = String::from_utf8_lossy(flags);
            format!("00-{}-{}-{flags}", hex(trace, trace_id), hex(span, span_id))
        }
        [trace_id, span_id, ..] if trace_id.len() > 16 => {
            format!("{}-{}", from_decimal(trace_id, 32)?, from_decimal(span_id, 16)?)
        }
        _ => return None,
    };
    Some((text.into_bytes(), Meaning::Decimal))
}

/// Recognises an id alone: 32 or 16 hexadecimal digits, or a UUID.
fn bare_id(value: &[u8]) -> Option<(Vec<u8>, Meaning)> {
    let value = value.trim_ascii();
    let digits: Vec<u8> = value.iter().filter(|byte| **byte != b'-').copied().collect();
    let groups: Vec<usize> = value.split(|byte| *byte == b'-').map(<[u8]>::len).collect();
    let is_id =
        matches!(groups.as_slice(), [32 | 16] | [8, 4, 4, 4, 12]) && digits.iter().all(u8::is_ascii_hexdigit);
    (is_id && digits.iter().any(|digit| *digit != b'0'))
        .then(|| (digits.to_ascii_lowercase(), Meaning::BareId))
}

/// Recognises a value of another format by its grammar.
fn format(value: &[u8]) -> Option<(Vec<u8>, Meaning)> {
    let is_hex = |part: &[u8], lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.iter().all(u8::is_ascii_hexdigit)
    };
    let parts = |separator: u8| value.split(move |byte| *byte == separator).collect::<Vec<_>>();
    let format = match (parts(b'-').as_slice(), parts(b':').as_slice()) {
        ([trace_id, span_id, rest @ ..], _)
            if matches!(trace_id.len(), 16 | 32)
                && is_hex(trace_id, 16..=32)
                && is_hex(span_id, 16..=16)
                && rest.len() < 3 =>
        {
            "b3"
        }
        (_, [trace_id, span_id, _, flags])
            if is_hex(trace_id, 1..=32) && is_hex(span_id, 1..=16) && is_hex(flags, 1..=2) =>
        {
            "jaeger"
        }
        _ if value.starts_with(b"Root=1-") || value.windows(7).any(|window| window == b";Root=1") => "xray",
        _ if value.starts_with(b"|") && value.contains(&b'.') => "aspnet",
        _ => return None,
    };
    Some((value.to_vec(), Meaning::Format(format)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    /// The intended value, the layers, and the sentences about mistakes.
    fn understood(value: &[u8]) -> Option<(String, Vec<&'static str>, Meaning)> {
        let Understood { layers, value, meaning } = of(value)?;
        Some((String::from_utf8(value).unwrap(), layers.iter().map(|layer| layer.name()).collect(), meaning))
    }

    #[test]
    fn mistakes() {
        for (value, layers, words) in [
            (VALUE.to_uppercase(), &[][..], "upper case"),
            (format!("{VALUE}\n"), &[], "White space"),
            (format!("{VALUE}\0"), &[], "NUL"),
            (format!(" {VALUE} "), &[], "White space"),
            (format!("{VALUE}-00"), &[], "Version 00 ends"),
            (format!("\u{feff}{VALUE}"), &[], "Other bytes"),
            (format!("0{}", &VALUE[2..]), &[], "too few digits"),
            (format!("{}1", &VALUE[..53]), &[], "too few digits"),
            (VALUE.replace("-0af", "-af"), &[], "too few digits"),
            (format!("\"{}\"", VALUE.to_uppercase()), &["json_string"], "upper case"),
            (
                VALUE.replace("0af7651916cd43dd", "0af76519-16cd-43dd-").replace("-8448eb21", "-8448-eb21"),
                &[],
                "UUID",
            ),
        ] {
            let (accepted, found, meaning) =
                understood(value.as_bytes()).unwrap_or_else(|| panic!("{value}"));
            let Meaning::Mended(mistakes) = meaning else { panic!("{value}: {meaning:?}") };
            assert_eq!((accepted.as_str(), &found[..]), (VALUE, layers), "{value}");
            assert!(mistakes.join(" ").contains(words), "{value}: {mistakes:?}");
        }
        let (accepted, _, meaning) = understood(b"00-8448eb211c80319c-b7ad6b7169203331-01").unwrap();
        assert_eq!(accepted, "00-00000000000000008448eb211c80319c-b7ad6b7169203331-01");
        assert!(matches!(meaning, Meaning::Mended(mistakes) if mistakes[0].contains("64-bit")));
    }

    #[test]
    fn other_meanings() {
        for (value, meaning, shown) in [
            (format!("{VALUE}, {VALUE}"), Meaning::Joined, VALUE),
            (format!("{VALUE},{VALUE}"), Meaning::Joined, VALUE),
            (
                "00-8329154629666547108-658015706472057-01".to_owned(),
                Meaning::Decimal,
                "00-000000000000000073971a01849325a4-000256763870de79-01",
            ),
            (
                "00-0af7651916cd43dd8448eb211c80319c-11535518205174527233-00".to_owned(),
                Meaning::Decimal,
                "00-0af7651916cd43dd8448eb211c80319c-a01664b0977ab501-00",
            ),
            ("8329154629666547108".to_owned(), Meaning::Decimal, "73971a01849325a4"),
            (
                "0af7651916cd43dd8448eb211c80319c".to_owned(),
                Meaning::BareId,
                "0af7651916cd43dd8448eb211c80319c",
            ),
            (
                "0AF76519-16CD-43DD-8448-EB211C80319C".to_owned(),
                Meaning::BareId,
                "0af7651916cd43dd8448eb211c80319c",
            ),
            (
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1".to_owned(),
                Meaning::Format("b3"),
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
            ),
            (
                "0af7651916cd43dd:b7ad6b7169203331:0:1".to_owned(),
                Meaning::Format("jaeger"),
                "0af7651916cd43dd:b7ad6b7169203331:0:1",
            ),
            (
                "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1".to_owned(),
                Meaning::Format("xray"),
                "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
            ),
            ("|0af7651916cd43dd.b7ad.".to_owned(), Meaning::Format("aspnet"), "|0af7651916cd43dd.b7ad."),
        ] {
            let (found, _, understood) = understood(value.as_bytes()).unwrap_or_else(|| panic!("{value}"));
            assert_eq!((found.as_str(), understood), (shown, meaning), "{value}");
        }
    }

    #[test]
    fn what_cannot_be_told() {
        let large = "x".repeat(100_000);
        for value in [
            "",
            "00",
            "-",
            &VALUE[..52],
            &VALUE[..53],
            &VALUE.replace('a', "z"),
            &large,
            "====",
            "A",
            "undefined",
        ] {
            assert!(of(value.as_bytes()).is_none(), "{value}");
        }
    }
}
