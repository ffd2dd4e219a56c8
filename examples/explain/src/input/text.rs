//! Records printed as text by console consumers, `toString()` and the print functions of languages.

use super::assignments::{Value, headers, value};
use crate::peel::Layer;
use crate::record::Record;

/// Reads a record from a line of text. Returns whether it is one.
pub fn read(line: &[u8], record: &mut Record) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
    java(line, record) || python(line, record) || console(line, record) || headers(line, record)
}

/// The kind of a line that is not a record, with advice.
pub fn hint(line: &[u8]) -> &'static str {
    const HINTS: &[(&[&[u8]], &str)] = &[
        (
            &[b"\xff\xfe", b"\xfe\xff"],
            "not JSON: UTF-16, as PowerShell's > writes it; pipe the tool's output, or convert it: iconv \
             -f UTF-16 -t UTF-8",
        ),
        (
            &[b"% ", b"%3|", b"%4|", b"%5|", b"%6|", b"%7|"],
            "not JSON: a status message of kcat; suppress it with kcat -q",
        ),
        (&[b"<"], "not JSON: XML or HTML; print records with kcat -J"),
        (
            &[b"Obj\x01", b"\x1f\x8b", b"PAR1", b"PK\x03\x04", b"\0"],
            "not JSON: binary; print records as JSON, with kcat -J or rpk topic consume",
        ),
    ];
    let begins = |words: &[&[u8]]| words.iter().any(|word| line.trim_ascii_start().starts_with(word));
    HINTS.iter().find(|(words, _)| begins(words)).map_or(NO_HEADER, |(_, hint)| hint)
}

const NO_HEADER: &str = "not JSON: no header is recognised in this text; print headers with kcat -J, with \
    rpk topic consume, or with \
    kafka-console-consumer --property print.headers=true";

/// `ConsumerRecord(topic = …, headers = RecordHeaders(headers = [RecordHeader(key = …, value = […])], …), …)`
fn java(line: &[u8], record: &mut Record) -> bool {
    let Some(start) = find(line, b"RecordHeaders(headers = [") else { return false };
    let before = &line[..start];
    let member = |name: &[u8]| {
        let place = find(before, name)? + name.len();
        let end = before[place..].iter().position(|byte| matches!(byte, b',' | b')'))?;
        str::from_utf8(&before[place..place + end]).ok()
    };
    record.origin.topic = member(b"topic = ").map(str::to_owned);
    record.origin.partition = member(b"partition = ").and_then(|number| number.parse().ok());
    record.origin.offset = member(b" offset = ").and_then(|number| number.parse().ok());
    let mut rest = &line[start..];
    while let Some(place) = find(rest, b"RecordHeader(key = ") {
        rest = &rest[place + b"RecordHeader(key = ".len()..];
        let Some(name_end) = find(rest, b", value = ") else { break };
        let (name, tail) = (&rest[..name_end], &rest[name_end + b", value = ".len()..]);
        let end = find(tail, b")").unwrap_or(tail.len());
        match &tail[..end] {
            b"null" => record.add(name, None),
            list => record.add(name, Some(&numbers(list))),
        }
        rest = &tail[end..];
    }
    true
}

/// Reads the bytes of `[48, 48, -1]`.
fn numbers(list: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(list);
    let numbers =
        text.trim_matches(['[', ']']).split(',').filter_map(|number| number.trim().parse::<i16>().ok());
    numbers.filter_map(|number| u8::try_from(number & 0xff).ok()).collect()
}

/// `[('traceparent', b'…'), …]`, alone or after `headers=`.
fn python(line: &[u8], record: &mut Record) -> bool {
    let Some(start) = find(line, b"[('") else { return false };
    let mut rest = &line[start + 1..];
    while let Some(tuple) = rest.strip_prefix(b"('") {
        let Some(end) = find(tuple, b"', ") else { break };
        let (name, tail) = (&tuple[..end], &tuple[end + 3..]);
        let value_end = match tail {
            [b'b', quote @ (b'\'' | b'"'), text @ ..] => end_of_quotes(text, *quote).map(|end| end + 3),
            [quote @ (b'\'' | b'"'), text @ ..] => end_of_quotes(text, *quote).map(|end| end + 2),
            _ => find(tail, b")"),
        };
        let Some(value_end) = value_end else { break };
        match value(&tail[..value_end]) {
            Value::Null => record.add(name, None),
            Value::Bytes(value) => {
                let text = Layer::JsonString.taken_off(&value).filter(|_| tail[0] != b'b');
                record.add(name, Some(&text.unwrap_or(value)));
            }
        }
        rest = tail[value_end..].trim_ascii_start();
        rest = rest.strip_prefix(b")").unwrap_or(rest);
        rest = rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start();
    }
    record.count() > 0
}

fn end_of_quotes(text: &[u8], quote: u8) -> Option<usize> {
    let mut place = 0;
    loop {
        match text.get(place)? {
            b'\\' => place += 2,
            byte if *byte == quote => return Some(place),
            _ => place += 1,
        }
    }
}

/// `CreateTime:…\tPartition:…\tOffset:…\tname:value,…\tkey\tvalue`, or `NO_HEADERS`.
fn console(line: &[u8], record: &mut Record) -> bool {
    let mut is_console = false;
    for field in line.split(|byte| *byte == b'\t') {
        let number = |name: &[u8]| str::from_utf8(field.strip_prefix(name)?).ok()?.parse::<i64>().ok();
        let time = [&b"CreateTime:"[..], b"LogAppendTime:"].iter().find_map(|name| number(name));
        if time.is_some() || field == b"NO_TIMESTAMP" {
            is_console = true;
        } else if let Some(partition) = number(b"Partition:") {
            (is_console, record.origin.partition) = (true, Some(partition));
        } else if let Some(offset) = number(b"Offset:") {
            (is_console, record.origin.offset) = (true, Some(offset));
        } else if field == b"NO_HEADERS" {
            return true;
        } else {
            return headers(field, record) || is_console && pairs(field, record);
        }
    }
    false
}

/// Adds headers from `name:value,name:value` with unknown names.
fn pairs(field: &[u8], record: &mut Record) -> bool {
    let parts = field.split(|byte| *byte == b',');
    let pairs: Option<Vec<_>> = parts
        .map(|part| {
            part.iter().position(|byte| *byte == b':').map(|colon| (&part[..colon], &part[colon + 1..]))
        })
        .collect();
    pairs.into_iter().flatten().for_each(|(name, value)| record.add(name, Some(value)));
    record.count() > 0
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn read_headers(line: &str) -> Option<Vec<(String, Option<String>)>> {
        let mut record = Record::default();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        read(line.as_bytes(), &mut record)
            .then(|| record.headers().map(|header| (text(header.name), header.value.map(text))).collect())
    }

    #[test]
    fn printed_records() {
        let list = VALUE.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
        let parent = ("traceparent", Some(VALUE));
        let state = ("tracestate", Some("rojo=1,congo=2"));
        let baggage = ("baggage", Some("a=1,b=2"));
        for (line, expected) in [
            (
                format!("traceparent:{VALUE},tracestate:rojo=1,congo=2,baggage:a=1,b=2\tkey\tvalue"),
                vec![parent, state, baggage],
            ),
            (
                format!(
                    "CreateTime:1700000000000\tPartition:3\tOffset:7\ttype:x,traceparent:{VALUE}\tnull\tx"
                ),
                vec![("type", Some("x")), parent],
            ),
            ("CreateTime:1700000000000\tNO_HEADERS\tnull\tx".to_owned(), vec![]),
            ("NO_HEADERS\tx".to_owned(), vec![]),
            ("Partition:1\ta:1,b:2\tx".to_owned(), vec![("a", Some("1")), ("b", Some("2"))]),
            (
                format!("traceparent={VALUE},tracestate=rojo=1,congo=2,baggage=a=1,b=2"),
                vec![parent, state, baggage],
            ),
            (format!("traceparent: {VALUE}"), vec![parent]),
            (format!("traceparent={VALUE}"), vec![parent]),
            ("b3: 0".to_owned(), vec![("b3", Some("0"))]),
            ("b3: a: 1".to_owned(), vec![("b3", Some("")), ("a", Some("1"))]),
            (
                format!(
                    "ConsumerRecord(topic = orders, partition = 2, leaderEpoch = 0, offset = 41, \
                     CreateTime = 1, headers = RecordHeaders(headers = [RecordHeader(key = traceparent, \
                     value = [{list}]), RecordHeader(key = x, value = [-1, 0]), RecordHeader(key = y, \
                     value = null)], isReadOnly = false), key = null, value = x)"
                ),
                vec![parent, ("x", Some("\u{fffd}\0")), ("y", None)],
            ),
            (
                format!(
                    "2026-01-01 INFO ConsumerRecord(topic='orders', partition=2, headers=[('traceparent', \
                     b'{VALUE}'), ('y', None)], x=1)"
                ),
                vec![parent, ("y", None)],
            ),
            (format!("[('a', b'\\x00'), ('traceparent', '{VALUE}')]"), vec![("a", Some("\0")), parent]),
            (
                format!("GenericMessage [payload=x, headers={{id=7, traceparent={VALUE}, kafka_offset=3}}]"),
                vec![("id", Some("7")), parent, ("kafka_offset", Some("3"))],
            ),
            (format!("Map(traceparent -> {VALUE}, a -> b)"), vec![parent, ("a", Some("b"))]),
            (format!("headers={{traceparent=[{list}], a=[1]}}"), vec![parent, ("a", Some("[1]"))]),
            (format!("% Headers: [traceparent=\"{VALUE}\" a=\"b\"]"), vec![parent, ("a", Some("b"))]),
            (format!("{{'traceparent': '{VALUE}', 'a': None}}"), vec![parent, ("a", None)]),
            (format!("map[a:b traceparent:{VALUE}]"), vec![("a", Some("b")), parent]),
        ] {
            let found = read_headers(&line).unwrap_or_else(|| panic!("{line}"));
            let found: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
            assert_eq!(found, expected, "{line}");
        }
        for line in ["nonsense", VALUE, "", "a:b", "baggage", "time: 7", "Offset:1"] {
            assert_eq!(read_headers(line), None, "{line}");
        }
    }
}
