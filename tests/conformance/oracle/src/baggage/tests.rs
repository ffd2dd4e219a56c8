use super::*;

/// The members in one notation, `key=decoded;property;property=decoded`, separated by ` | `.
fn read(value: &[u8]) -> Result<(String, usize), Refusal> {
    let text = |key: &[u8], value: Option<&Encoded>| {
        let key = String::from_utf8_lossy(key).into_owned();
        value.map_or(key.clone(), |value| format!("{key}={}", value.decoded))
    };
    let member = |member: &Member| {
        let mut parts = vec![text(&member.key, Some(&member.value))];
        parts.extend(member.properties.iter().map(|(key, value)| text(key, value.as_ref())));
        parts.join(";")
    };
    let read = baggage(value)?;
    let members: Vec<String> = read.members.iter().map(member).collect();
    Ok((members.join(" | "), read.skipped))
}

#[test]
fn members() {
    #[rustfmt::skip]
    let rows: &[(&str, &str, &str, usize)] = &[
        ("W3C Baggage 3.4, one member", "userId=alice", "userId=alice", 0),
        ("W3C Baggage 3.3.3, properties", "key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue",
            "key1=value1;property1;property2 | key2=value2 | key3=value3;propertyKey=propertyValue", 0),
        ("W3C Baggage 3.3.1.2, keys are case-sensitive", "a=1,A=2", "a=1 | A=2", 0),
        ("W3C Baggage 3.3.1.1, keys may repeat", "a=1,a=2", "a=1 | a=2", 0),
        ("W3C Baggage 3.3.1.2, a key is never decoded", "a%20b=1", "a%20b=1", 0),
        ("RFC 7230 3.2.6, all of token", "!#$%&'*+-.^_`|~09AZaz=1", "!#$%&'*+-.^_`|~09AZaz=1", 0),
        ("W3C Baggage 3.3.1.3, '=' in a value", "a=b=c==", "a=b=c==", 0),
        ("W3C Baggage 3.3.1.3, a value may be empty", "a=,b=", "a= | b=", 0),
        ("W3C Baggage 3.3.1.3, '+' is no space", "a=1+2", "a=1+2", 0),
        ("W3C Baggage 3.3.1, OWS", "  a \t =\t 1 \t ; \t p \t = \t v \t , b=2 ", "a=1;p=v | b=2", 0),
        ("w3c/baggage, test_baggage.py, properties repeat", "a=1;p=1;p=2;p", "a=1;p=1;p=2;p", 0),
        ("W3C Baggage 3.3.1.4, a property key is never decoded", "a=1;p%20q", "a=1;p%20q", 0),
        ("W3C Baggage 3.3.1.4, a property value is decoded", "a=1;p=%20q", "a=1;p= q", 0),
        ("R4, empty", "", "", 0),
        ("R8, an empty member is skipped", ",, a=1 ,\t,", "a=1", 0),
        ("W3C Baggage 3.3.1, a key needs '='", "a,b=1", "b=1", 1),
        ("W3C Baggage 3.3.1, no empty key", "=1,b=1", "b=1", 1),
        ("W3C Baggage 3.3.1, a key is a token", "a b=1,a\"=1,\u{e4}=1,b=1", "b=1", 3),
        ("W3C Baggage 3.3.1, baggage-octet", "a=1 2,b=\"1\",c=\\,d=\u{e4},e=1\t2,f=1", "f=1", 5),
        ("R8, an empty property is skipped", "a=1;,b=1;;p, c=1; ; ,d=1;;", "a=1 | b=1;p | c=1 | d=1", 0),
        ("R8, a malformed property spoils its member", "c=1;=v,d=1;p q,e=1;p=v w,f=1", "f=1", 3),
    ];
    for (source, value, members, skipped) in rows {
        assert_eq!(read(value.as_bytes()), Ok((members.to_string(), *skipped)), "{source}: {value:?}");
    }
}

#[test]
fn refused_whole() {
    #[rustfmt::skip]
    let rows: &[(&str, &[u8], Refusal)] = &[
        ("R8, NUL", b"a=1\0", ("control_byte", 3)),
        ("R8, CR and LF", b"a=1\r\nx: y", ("control_byte", 3)),
        ("R8, DEL", b"\x7f", ("control_byte", 0)),
        ("R8, 0x1f, even in a malformed member", b"a=1,,;\x1f", ("control_byte", 6)),
        ("R8, over 8,192 bytes", &[b'a'; 8193], ("too_long", 8192)),
        ("R8, the length is checked first", &[0; 8193], ("too_long", 8192)),
    ];
    for (source, value, expected) in rows {
        assert_eq!(read(value), Err(*expected), "{source}");
    }
    assert_eq!(
        read(b"a=\xff\t1,b=1"),
        Ok(("b=1".into(), 1)),
        "R8: TAB and 0x80 and above are no control bytes"
    );
    let longest = [b"a=".as_slice(), &[b'v'; 8190]].concat();
    assert_eq!(baggage(&longest).unwrap().members.len(), 1, "W3C Baggage 3.3.2: 8,192 bytes in one member");
}

#[test]
fn reading_stops_after_64_members() {
    let list = |count: usize| (0..count).map(|n| format!("k{n}=v,bad")).collect::<Vec<_>>().join(",");
    let read = |count| baggage(list(count).as_bytes()).unwrap();
    assert_eq!((read(63).members.len(), read(63).skipped), (63, 63));
    assert_eq!((read(64).members.len(), read(64).skipped), (64, 63), "R8: reading stops after 64 members");
    assert_eq!((read(65).members.len(), read(65).skipped), (64, 63));
}

#[test]
fn percent_decoding() {
    #[rustfmt::skip]
    let rows: &[(&str, &str, &str)] = &[
        ("W3C Baggage 3.4", "DF%2028", "DF 28"),
        ("W3C Baggage 3.4", "Am%C3%A9lie", "Am\u{e9}lie"),
        ("W3C Baggage 3.3.1, bytes that are not baggage-octets", "%20%22%27%3B%2C%5C%25%09%7F", " \"';,\\%\t\u{7f}"),
        ("RFC 3986 2.1, lower case is the same", "%c3%a4%C3%A4", "\u{e4}\u{e4}"),
        ("R8, '%' without two hex digits is unchanged", "100%,%1,%zz,%%41,%4%41", "100%,%1,%zz,%A,%4A"),
        ("C strings end at NUL, a value does not", "a%00b", "a\0b"),
        ("Unicode 3.9, maximal subpart: cut short", "%e2%82x", "\u{fffd}x"),
        ("Unicode 3.9, maximal subpart: a surrogate", "%ed%a0%80", "\u{fffd}\u{fffd}\u{fffd}"),
        ("Unicode 3.9, table 3-8", "%61%F1%80%80%E1%80%C2%62%80%63%80%BF%64", "a\u{fffd}\u{fffd}\u{fffd}b\u{fffd}c\u{fffd}\u{fffd}d"),
        ("decoding is not repeated", "%2541", "%41"),
    ];
    for (source, raw, decoded) in rows {
        assert_eq!(percent_decode(raw.as_bytes()), *decoded, "{source}");
    }
}

#[test]
fn percent_encoding() {
    assert_eq!(percent_encode("a b%\u{e4}\u{20ac}".as_bytes()), b"a%20b%25%C3%A4%E2%82%AC");
    assert_eq!(percent_encode(b"\0\t\",;\\\x7f\xff"), b"%00%09%22%2C%3B%5C%7F%FF");
    let octets = b"!#$&'()*-./09:<=>?@AZ[]^_`az{|}~";
    assert_eq!(percent_encode(octets), octets, "C5: no other bytes are encoded");
    assert_eq!(percent_encode(b"1+1"), b"1%2B1", "C5");
}

#[test]
fn changes() {
    let text = |changed: Result<Vec<u8>, _>| changed.map(|bytes| String::from_utf8(bytes).unwrap());
    let list = b" a=1 ; p , bad ,, b = 2 ,a=3";
    assert_eq!(text(baggage_set(list, b"c", b"4 5")), Ok("a=1 ; p,b = 2,a=3,c=4%205".into()), "C5");
    assert_eq!(text(baggage_set(list, b"a", b"")), Ok("b = 2,a=".into()), "C5");
    assert_eq!(text(baggage_remove(list, b"a")), Ok("b = 2".into()), "C5");
    assert_eq!(text(baggage_remove(list, b"A")), Ok("a=1 ; p,b = 2,a=3".into()), "3.3.1.2");
    for (key, offset) in [(&b""[..], 0), (b"a b", 1), (b"ab=", 2), (b"\xc3\xa4", 0)] {
        assert_eq!(baggage_set(list, key, b"1"), Err(("key", offset)), "C5");
        assert_eq!(baggage_remove(list, key), Err(("key", offset)), "C5");
    }
    assert_eq!(baggage_set(b"a=\0", b"a", b"1"), Err(("control_byte", 2)));
}

#[test]
fn changes_stay_within_the_limits() {
    let list: String = (0..64).map(|n| format!("k{n}=v,")).collect();
    assert_eq!(baggage_set(list.as_bytes(), b"k64", b"v"), Err(("too_many_members", 64)), "C5");
    assert!(baggage_set(list.as_bytes(), b"k63", b"w").is_ok(), "C5: replacing a member keeps the count");
    assert_eq!(baggage_set(b"", b"k", &[b'v'; 8190]).map(|list| list.len()), Ok(8192), "C5");
    assert_eq!(baggage_set(b"", b"k", &[b'v'; 8191]), Err(("too_long", 8192)), "C5");
    assert_eq!(
        baggage_set(b"", b"k", &[b' '; 2731]),
        Err(("too_long", 8192)),
        "C5: 2 and 3 times 2,731 bytes"
    );
}
