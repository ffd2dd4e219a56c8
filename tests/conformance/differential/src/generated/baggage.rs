//! Values of `baggage`.

use super::{edited, random::Random};
use std::collections::BTreeSet;

const PIECES: &[&str] = &[
    "a", "key", "1", "k=v", "k=v", "b=2", ",", ",", ",", "=", "=", "=", ";", ";", " ", "\t", "%", "%20",
    "%41", "%c3%a9", "%ff", "%e2%82", "%2c", "%3B", "%3d", "%25", "%00", "%0a", "%zz", "+", "\"", "\\", "(",
    "/", "\u{e9}", "\u{a0}", "\n", "\0", "\u{7f}", "p", "p=1", ";p=1", "!",
];

pub fn values() -> BTreeSet<Vec<u8>> {
    let mut values = BTreeSet::new();
    values.extend(edited(b"k = v%20w ;p; q=%31,,j=1"));
    values.extend(edited(b"a=1,b=2;c"));
    values.extend(lists());
    values.extend(Random(2).values(PIECES, 12, 120_000));
    values
}

/// Lists of several counts of members, some of them empty or malformed, and lists near the largest length.
fn lists() -> Vec<Vec<u8>> {
    let mut lists = Vec::new();
    for count in (0..8).chain(60..70).chain([181]) {
        let members: Vec<_> = (0..count).map(|number| format!("k{number}=v")).collect();
        for separator in [",", " ,\t", ",,", ",x,"] {
            let list = members.join(separator);
            lists.push(format!(",{list}"));
            lists.push(format!("{list},k0=w"));
            lists.push(list);
        }
    }
    for length in [4095, 4096, 4097, 8190, 8191, 8192, 8193, 9000] {
        lists.push(format!("k={}", "v".repeat(length - 2)));
        lists.push(format!("k={}", "%20".repeat((length - 2) / 3)));
        lists.push(format!("k=v{}", " ".repeat(length - 3)));
        lists.push(format!("k=v{}", ",".repeat(length - 3)));
    }
    lists.into_iter().map(String::into_bytes).collect()
}
