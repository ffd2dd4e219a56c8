//! Values of `tracestate`.

use super::{edited, random::Random};
use std::collections::BTreeSet;

const PIECES: &[&str] = &[
    "a",
    "foo",
    "1",
    "b=2",
    "k=v",
    ",",
    ",",
    ",",
    "=",
    "=",
    " ",
    "\t",
    "@",
    "_",
    "-",
    "*",
    "/",
    "A",
    ".",
    "x@y",
    "\u{e9}",
    "\n",
    "\0",
    "\u{7f}",
    "~",
    "!",
    "a@bcdefghijklm",
    "0123456789abc",
    "=x",
    "c=3,",
];

pub fn values() -> BTreeSet<Vec<u8>> {
    let mut values = BTreeSet::new();
    values.extend(edited(b"foo=1, bar= 2 ,\t,t@v=x y"));
    values.extend(edited(b"a=1,0b=2"));
    values.extend(lists());
    values.extend(lengths());
    values.extend(Random(1).values(PIECES, 12, 60_000));
    values
}

/// Lists of several counts of members, with empty members before, between or after them.
fn lists() -> Vec<Vec<u8>> {
    let mut lists = Vec::new();
    for members in 0..40 {
        let members: Vec<_> = (0..members).map(|number| format!("k{number}=v")).collect();
        for separator in [",", ", ", ",,", " ,\t,"] {
            let list = members.join(separator);
            lists.push(format!(",{list}"));
            lists.push(format!("{list},foo"));
            lists.push(format!("{list},,k0=w"));
            lists.push(list);
        }
    }
    lists.into_iter().map(String::into_bytes).collect()
}

/// Keys and values near the largest length.
fn lengths() -> Vec<Vec<u8>> {
    let mut values = Vec::new();
    for length in [0, 1, 2, 13, 14, 15, 127, 128, 240, 241, 242, 255, 256, 257, 300] {
        let long = "x".repeat(length);
        values.push(format!("{long}=1"));
        values.push(format!("k={long}"));
        values.push(format!("k={long} ,b=1"));
        values.push(format!("k= {long}"));
        for system in 0..17 {
            values.push(format!("{long}@{}=1,b=2", "y".repeat(system)));
        }
        let member = format!("k={long}");
        values.push(vec![member.as_str(); 31].join(","));
        values.push(vec![member.as_str(); 32].join(", "));
    }
    for length in [8190, 8191, 8192, 8193, 9000] {
        let members = vec![format!("k={}", "v".repeat(250)); 31].join(",");
        values.push(format!("{members},k={}", " ".repeat(length - members.len() - 4) + "v"));
        values.push(format!("{members}{}", ",".repeat(length - members.len())));
    }
    values.into_iter().map(String::into_bytes).collect()
}
