//! Values of `traceparent`.

use super::edited;
use crate::readings::PARENT;
use std::collections::BTreeSet;

const VERSIONS: &[&str] = &["00", "01", "fe", "ff", "CC", "0", "", "000", "+0", " 00"];
const TRACE_IDS: &[&str] = &[
    "0af7651916cd43dd8448eb211c80319c",
    "af7651916cd43dd8448eb211c80319c",
    "00af7651916cd43dd8448eb211c80319c",
    "10af7651916cd43dd8448eb211c80319c",
    "+af7651916cd43dd8448eb211c80319c",
    "0AF7651916CD43DD8448EB211C80319C",
    "00000000000000000000000000000000",
    "1",
    "",
];
const PARENT_IDS: &[&str] = &[
    "b7ad6b7169203331",
    "7ad6b7169203331",
    "0b7ad6b7169203331",
    "+7ad6b7169203331",
    "B7AD6B7169203331",
    "0000000000000000",
    "2",
    "",
];
const FLAGS: &[&str] = &["00", "03", "ff", "FF", "1", "001", "+1", "zz", ""];
const RESTS: &[&str] = &["", "-", "--", "-extra \u{e9}", ".", "\t", "\r\n", "\u{a0}"];

pub fn values() -> BTreeSet<Vec<u8>> {
    let later = PARENT.replacen("00", "cc", 1) + "-later";
    let mut values = BTreeSet::new();
    values.extend(edited(PARENT.as_bytes()));
    values.extend(edited(later.as_bytes()));
    values.extend(versions_and_flags());
    values.extend(fields());
    values
}

fn versions_and_flags() -> Vec<Vec<u8>> {
    let ids = &PARENT[3..52];
    let mut values = Vec::new();
    for version in 0..=u8::MAX {
        values.extend((0..=u8::MAX).map(|flags| format!("{version:02x}-{ids}-{flags:02x}")));
        values.extend(["-", "-x", "."].map(|rest| format!("{version:02x}-{ids}-01{rest}")));
    }
    values.into_iter().map(String::into_bytes).collect()
}

fn fields() -> Vec<Vec<u8>> {
    let mut values: Vec<String> = vec![String::new()];
    for (part, dash) in [(VERSIONS, "-"), (TRACE_IDS, "-"), (PARENT_IDS, "-"), (FLAGS, ""), (RESTS, "")] {
        let longer =
            |value: &String| part.iter().map(move |part| format!("{value}{part}{dash}")).collect::<Vec<_>>();
        values = values.iter().flat_map(longer).collect();
    }
    values.into_iter().map(String::into_bytes).collect()
}
