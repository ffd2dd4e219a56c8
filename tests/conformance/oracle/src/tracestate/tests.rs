use super::*;

/// The members, separated by `|`.
fn read(value: &[u8]) -> Result<String, Refusal> {
    let text = |(key, value): &Pair| String::from_utf8([&key[..], b"=", &value[..]].concat()).unwrap();
    let members: Vec<String> = tracestate(value)?.iter().map(text).collect();
    Ok(members.join("|"))
}

fn check(rows: &[(&str, &str, Result<&str, Refusal>)]) {
    for (source, value, expected) in rows {
        assert_eq!(read(value.as_bytes()), expected.map(String::from), "{source}: {value:?}");
    }
}

/// `m0=v,m1=v,...`
fn list_of(count: usize) -> String {
    (0..count).map(|n| format!("m{n}=v")).collect::<Vec<_>>().join(",")
}

#[test]
fn lists() {
    #[rustfmt::skip]
    check(&[
        ("Level 2, 3.3", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", Ok("rojo=00f067aa0ba902b7|congo=t61rcWkgMzE")),
        ("suite, tracestate_ows_handling", "foo=1 \t , \t bar=2, \t baz=3 \t ", Ok("foo=1|bar=2|baz=3")),
        ("Level 2, 3.3.2, an empty list", "", Ok("")),
        ("Level 2, 3.3.2, empty members", ", a=1,\t ,,b=2,", Ok("a=1|b=2")),
        ("Level 2, 3.3.2.2.2, leading spaces belong to the value", "a=  1", Ok("a=  1")),
        ("Level 2, 3.3.2.2.2, inner spaces too", "a=1 2", Ok("a=1 2")),
        ("R7, duplicate keys are kept", "a=1,a=2", Ok("a=1|a=2")),
        ("Level 2, 3.3.2.2.1, a digit first, '@' anywhere but first", "1=a,a@=1,a@@b=1,a@1=1", Ok("1=a|a@=1|a@@b=1|a@1=1")),
        ("suite, tracestate_all_allowed_characters", "az09_-*/@= !\"#$%&'()*+-./09:;<>?@AZ[\\]^_`az{|}~", Ok("az09_-*/@= !\"#$%&'()*+-./09:;<>?@AZ[\\]^_`az{|}~")),
    ]);
}

#[test]
fn members_outside_the_grammar() {
    #[rustfmt::skip]
    check(&[
        ("suite, key_illegal_vendor_format", "@foo=1,bar=2", Err(("key_start", 0))),
        ("suite, key_illegal_characters", "a=1, FOO=1", Err(("key_start", 5))),
        ("suite, key_illegal_characters", "foo =1", Err(("key", 3))),
        ("suite, key_illegal_characters", "foo.bar=1", Err(("key", 3))),
        ("Level 2, 3.3.2.2.1, no empty key", "a=1,=v", Err(("key_start", 4))),
        ("Level 2, 3.3.2.1, no '='", "foo", Err(("equals_missing", 3))),
        ("Level 2, 3.3.2.1, no '='", "foo,bar=2", Err(("equals_missing", 3))),
        ("Level 2, 3.3.2.1, no '=' but white space", "a=1,foo \t,bar=2", Err(("equals_missing", 7))),
        ("suite, value_illegal_characters", "foo=bar=baz", Err(("value", 7))),
        ("suite, value_illegal_characters", "foo=,bar=3", Err(("value_empty", 4))),
        ("Level 2, 3.3.2.2.2, only spaces", "foo=  ,bar=3", Err(("value_empty", 4))),
        ("Level 2, 3.3.2.2.2, only white space", "foo=\t", Err(("value_empty", 4))),
        ("Level 2, 3.3.2.2.2, HTAB in a value", "foo= \tx", Err(("value", 5))),
        ("Level 2, 3.3.2.2.2, control byte", "foo=1\n", Err(("value", 5))),
        ("Level 2, 3.3.2.2.2, DEL", "foo=\x7f", Err(("value", 4))),
        ("Level 2, 3.3.2.2.2, not ASCII", "foo=1\u{e4}", Err(("value", 5))),
        ("R7, one bad member refuses the list", "a=1,b=2,c", Err(("equals_missing", 9))),
    ]);
}

#[test]
fn limits() {
    let key = |length: usize| "k".repeat(length);
    let many = |count| list_of(count);
    #[rustfmt::skip]
    let rows: &[(&str, String, Result<usize, Refusal>)] = &[
        ("suite, key_length_limit", format!("foo=1,{}=1", key(256)), Ok(2)),
        ("suite, key_length_limit", format!("foo=1,{}=1", key(257)), Err(("key_too_long", 262))),
        ("a key that is too long and has no '='", key(300), Err(("key_too_long", 256))),
        ("the 257th byte is not allowed in a key", format!("{} =1", key(256)), Err(("key", 256))),
        ("Level 2, 3.3.2.2.2", format!("a={}  ,b=1", key(256)), Ok(2)),
        ("Level 2, 3.3.2.2.2", format!("a={}", key(257)), Err(("value_too_long", 258))),
        ("white space within a value counts", format!("a={} x", key(256)), Err(("value_too_long", 258))),
        ("suite, member_count_limit", many(32), Ok(32)),
        ("suite, member_count_limit", many(33), Err(("too_many_members", many(32).len() + 1))),
        ("the count is checked before the member", format!("{} , =", many(32)), Err(("too_many_members", many(32).len() + 3))),
        ("Level 2, 3.3.2, an empty member is a list-member", format!(",{}", many(31)), Ok(31)),
        ("Level 2, 3.3.2, an empty member is a list-member", format!(",{}", many(32)), Err(("too_many_members", many(31).len() + 2))),
        ("Level 2, 3.3.2, a blank member is a list-member", format!("{},\t ", many(32)), Err(("too_many_members", many(32).len() + 3))),
        ("Level 2, 3.3.2, 32 empty list-members", ",".repeat(31), Ok(0)),
        ("Level 2, 3.3.2, 33 empty list-members", ",".repeat(32), Err(("too_many_members", 32))),
        ("R7, 8,192 bytes", format!("a=1{}", " ".repeat(8189)), Ok(1)),
        ("R7, the length is checked first", format!("={}", ",".repeat(8192)), Err(("too_long", 8192))),
    ];
    for (source, value, expected) in rows {
        assert_eq!(tracestate(value.as_bytes()).map(|members| members.len()), *expected, "{source}");
    }
}

/// The result of a change as text.
fn text(changed: Result<Vec<u8>, Refusal>) -> Result<String, Refusal> {
    changed.map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn insert_and_delete() {
    #[rustfmt::skip]
    let rows: &[(&str, &str, &str, &str)] = &[
        ("Level 2, 3.5, an update moves to the left", "a=1,b=2,c=3", "b=9", "b=9,a=1,c=3"),
        ("Level 2, 3.5, a new member is put at the left", "a=1,b=2,c=3", "z=9", "z=9,a=1,b=2,c=3"),
        ("Level 2, 3.5, never the same key twice", "b=1,a=1,b=2", "b=9", "b=9,a=1"),
        ("C3, the others keep their bytes", "\ta= 1 2 ,, a= 3\t", "b= 9", "b= 9,a= 1 2,a= 3"),
        ("C3, into an empty list", " , ", "b=9", "b=9"),
    ];
    for (source, list, member, expected) in rows {
        let (key, value) = member.split_once('=').unwrap();
        let changed = tracestate_insert(list.as_bytes(), key.as_bytes(), value.as_bytes());
        assert_eq!(text(changed), Ok(expected.to_string()), "{source}");
    }
    assert_eq!(text(tracestate_delete(b" b=1, a=1 ,b=2", b"b")), Ok("a=1".into()), "C3");
    assert_eq!(text(tracestate_delete(b"a=1, b=2", b"c")), Ok("a=1,b=2".into()), "C3");
    assert_eq!(text(tracestate_delete(b"a=1", b"a")), Ok(String::new()), "C3");
}

#[test]
fn an_insert_is_refused_or_leaves_a_valid_list() {
    let insert = |key: &[u8], value: &[u8]| tracestate_insert(b"a=1", key, value);
    assert_eq!(insert(b"", b"1"), Err(("key_start", 0)));
    assert_eq!(insert(b"a.b", b"1"), Err(("key", 1)));
    assert_eq!(insert(&[b'k'; 257], b"1"), Err(("key_too_long", 256)));
    assert_eq!(insert(b"b", b""), Err(("value_empty", 0)));
    assert_eq!(insert(b"b", b"  "), Err(("value_empty", 0)));
    assert_eq!(insert(b"b", b"1,c=2"), Err(("value", 1)));
    assert_eq!(
        insert(b"b", b"1  "),
        Err(("value_end", 1)),
        "Level 2, 3.3.2.2.2: the last byte must not be a space"
    );
    assert_eq!(
        insert(b"b", b"1 \t"),
        Err(("value", 2)),
        "Level 2, 3.3.2.2.2: HTAB is not allowed in a value"
    );
    assert_eq!(insert(b"b", &[b'v'; 257]), Err(("value_too_long", 256)));
    assert_eq!(tracestate_insert(b"a", b"b", b"1"), Err(("equals_missing", 1)));
    let full = tracestate_insert(list_of(32).as_bytes(), b"new", b"1");
    assert_eq!(text(full), Ok(format!("new=1,{}", list_of(31))), "Level 2, 3.5: the right-most is dropped");
    let long = vec![format!("k={}", "v".repeat(256)); 31].join(",");
    let longer = tracestate_insert(long.as_bytes(), &[b'n'; 256], &[b'v'; 256]).unwrap();
    assert_eq!(longer.len(), 513 + 29 * 259, "C3: 8,192 bytes hold 513 and 29 times 259, not 30 times");
}

/// The name and length of each member.
type Sizes = &'static [(char, usize)];

#[test]
fn truncate() {
    let member = |name: char, length: usize| format!("{name}={}", "v".repeat(length - 2));
    let list = |parts: &[(char, usize)]| -> String {
        parts.iter().map(|&(name, length)| member(name, length)).collect::<Vec<_>>().join(",")
    };
    #[rustfmt::skip]
    let rows: &[(&str, Sizes, Sizes)] = &[
        ("nothing is removed from 512 bytes", &[('a', 255), ('b', 256)], &[('a', 255), ('b', 256)]),
        ("large members first, from the right", &[('a', 129), ('b', 250), ('c', 128), ('d', 60)], &[('a', 129), ('c', 128), ('d', 60)]),
        ("only as many as needed", &[('a', 200), ('b', 200), ('c', 200)], &[('a', 200), ('b', 200)]),
        ("128 bytes are not large", &[('a', 129), ('b', 128), ('c', 128), ('d', 128)], &[('b', 128), ('c', 128), ('d', 128)]),
        ("then from the right", &[('a', 128), ('b', 128), ('c', 128), ('d', 120), ('e', 10)], &[('a', 128), ('b', 128), ('c', 128), ('d', 120)]),
    ];
    for (source, before, after) in rows {
        let truncated = tracestate_truncate(list(before).as_bytes(), 512);
        assert_eq!(text(truncated), Ok(list(after)), "Level 2, 3.3.3.1: {source}");
    }
    assert_eq!(tracestate_truncate(b"a=1", 511), Err(("limit_too_small", 511)), "C4");
    let spaced = format!("a=1,{}", " ".repeat(600));
    assert_eq!(
        text(tracestate_truncate(spaced.as_bytes(), 512)),
        Ok("a=1".into()),
        "white space is not counted"
    );
}
