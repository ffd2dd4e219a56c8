use super::*;

const T: &str = "0af7651916cd43dd8448eb211c80319c";
const P: &str = "b7ad6b7169203331";

/// The expected version and flags, or the refusal.
type Expected = Result<(u8, u8), Refusal>;

fn check(rows: &[(&str, String, Expected)]) {
    for (source, value, expected) in rows {
        let read = traceparent(value.as_bytes());
        let seen = read.map(|read| (read.version, read.flags));
        assert_eq!(seen, *expected, "{source}: {value:?}");
    }
}

#[test]
fn version_00() {
    #[rustfmt::skip]
    check(&[
        ("Level 2, 3.2.2.2", format!("00-{T}-{P}-01"), Ok((0, 1))),
        ("Level 2, 3.2.2.5, no flag", format!("00-{T}-{P}-00"), Ok((0, 0))),
        ("Level 2, 3.2.2.5.2, random", format!("00-{T}-{P}-02"), Ok((0, 2))),
        ("Level 2, 3.2.2.5.3 and 4.1.2, unknown flags are ignored", format!("00-{T}-{P}-ff"), Ok((0, 3))),
        ("R6", format!("00-{T}-{P}-09"), Ok((0, 1))),
        ("Level 2, 3.2.2.2, nothing may follow", format!("00-{T}-{P}-01-"), Err(("trailing", 55))),
        ("suite, version_0x00", format!("00-{T}-{P}-01."), Err(("trailing", 55))),
        ("suite, trace_flags_too_long", format!("00-{T}-{P}-001"), Err(("trailing", 55))),
        ("suite, trace_flags_too_short", format!("00-{T}-{P}-1"), Err(("too_short", 54))),
        ("suite, trace_flags_illegal_characters", format!("00-{T}-{P}-.0"), Err(("trace_flags", 53))),
        ("suite, trace_flags_illegal_characters", format!("00-{T}-{P}-0."), Err(("trace_flags", 54))),
        ("Level 2, 3.2.2, lower case only", format!("00-{T}-{P}-0A"), Err(("trace_flags", 54))),
        ("Level 2, 3.2.2.5, flags missing", format!("00-{T}-{P}"), Err(("too_short", 52))),
        ("R5, white space is not trimmed", format!(" 00-{T}-{P}-01"), Err(("version", 0))),
        ("R5, white space is not trimmed", format!("00-{T}-{P}-01\t"), Err(("trailing", 55))),
        ("R4, an empty value is malformed", String::new(), Err(("too_short", 0))),
    ]);
}

#[test]
fn ids() {
    let zero = "0".repeat(32);
    #[rustfmt::skip]
    check(&[
        ("Level 2, 3.2.2.3", format!("00-{zero}-{P}-01"), Err(("trace_id_zero", 3))),
        ("Level 2, 3.2.2.4", format!("00-{T}-{}-01", &zero[..16]), Err(("parent_id_zero", 36))),
        ("zero is checked before the separator", format!("00-{zero}_{P}-01"), Err(("trace_id_zero", 3))),
        ("zero is checked only for 32 digits", format!("00-{}", &zero[..31]), Err(("too_short", 34))),
        ("Level 2, 3.2.2", format!("00-{}-{P}-01", T.to_uppercase()), Err(("trace_id", 4))),
        ("Level 2, 3.2.2", format!("00-{T}-{}-01", P.to_uppercase()), Err(("parent_id", 36))),
        ("suite, trace_id_illegal_characters", format!("00-{}.-{P}-01", &T[1..]), Err(("trace_id", 34))),
        ("suite, trace_id_too_short", format!("00-{}-{P}-01", &T[1..]), Err(("trace_id", 34))),
        ("suite, trace_id_too_long", format!("00-{T}3-{P}-01"), Err(("separator", 35))),
        ("suite, parent_id_illegal_characters", format!("00-{T}-.{}-01", &P[1..]), Err(("parent_id", 36))),
        ("suite, parent_id_too_short", format!("00-{T}-{}-01", &P[1..]), Err(("parent_id", 51))),
        ("suite, parent_id_too_long", format!("00-{T}-{P}7-01"), Err(("separator", 52))),
    ]);
}

#[test]
fn versions() {
    #[rustfmt::skip]
    check(&[
        ("suite, version_0xcc", format!("cc-{T}-{P}-01"), Ok((0xcc, 1))),
        ("suite, version_0xcc", format!("cc-{T}-{P}-01-what-the-future"), Ok((0xcc, 1))),
        ("suite, version_0xcc", format!("cc-{T}-{P}-01.what"), Err(("trailing", 55))),
        ("Level 2, 3.2.4, what follows the dash is opaque", format!("01-{T}-{P}-01-\n"), Ok((1, 1))),
        ("Level 2, 3.2.4, and may be empty", format!("fe-{T}-{P}-fe-"), Ok((0xfe, 2))),
        ("Level 2, 3.2.4, shorter than 55", format!("01-{T}-{P}-0"), Err(("too_short", 54))),
        ("R5, zero ids in every version", format!("01-{}-{P}-01", "0".repeat(32)), Err(("trace_id_zero", 3))),
        ("R5, lower case in every version", format!("01-{T}-{P}-0F"), Err(("trace_flags", 54))),
        ("suite, version_0xff", format!("ff-{T}-{P}-01"), Err(("version_forbidden", 0))),
        ("suite, version_illegal_characters", format!(".0-{T}-{P}-01"), Err(("version", 0))),
        ("suite, version_illegal_characters", format!("0.-{T}-{P}-01"), Err(("version", 1))),
        ("Level 2, 3.2.2.1, upper case", format!("CC-{T}-{P}-01"), Err(("version", 0))),
        ("suite, version_too_long", format!("000-{T}-{P}-01"), Err(("separator", 2))),
        ("suite, version_too_short", format!("0-{T}-{P}-01"), Err(("version", 1))),
    ]);
}

#[test]
fn ids_are_read_and_written_in_order() {
    let value = b"01-000102030405060708090a0b0c0d0e0f-f0f1f2f3f4f5f6f7-ff-more";
    let read = traceparent(value).unwrap();
    assert_eq!(read.trace_id, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    assert_eq!(read.parent_id, [0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7]);
    let written = b"00-000102030405060708090a0b0c0d0e0f-f0f1f2f3f4f5f6f7-03";
    assert_eq!(read.to_version_00(), written, "W3: version 00 and the two defined flags");
}
