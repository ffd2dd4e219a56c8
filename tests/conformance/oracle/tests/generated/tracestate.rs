//! Values of `tracestate`.

use super::{byte, form, ows};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A valid key; short ones repeat.
pub fn key() -> BoxedStrategy<String> {
    let longer =
        [form("[a-z0-9][a-z0-9_*/@-]{0,20}"), form("[a-z][a-z0-9@]{120,130}"), form("[a-z]{255,256}")];
    let [common, large, longest] = longer;
    prop_oneof![12 => form("[a-c0]"), 4 => common, 1 => large, 1 => longest].boxed()
}

/// A valid value.
pub fn value() -> BoxedStrategy<String> {
    let longer = [
        form("[ -+\\--<>-~]{0,40}[!-+\\--<>-~]"),
        form("[ a-z]{118,130}[a-z]"),
        form("[ a-z]{254,255}[a-z]"),
    ];
    let [common, large, longest] = longer;
    prop_oneof![12 => form("[a1 ]{0,2}[a1]"), 4 => common, 1 => large, 1 => longest].boxed()
}

/// A list of valid members, seldom of more than 32 or 8,192 bytes.
pub fn valid() -> BoxedStrategy<Vec<u8>> {
    let member = (ows(), key(), value(), ows(), form("[, \\t]{0,2}"))
        .prop_map(|(before, key, value, after, empty)| {
            [before, &key, "=", &value, after, ",", &empty].concat()
        })
        .boxed();
    let members = prop_oneof![12 => vec(member.clone(), 0..6), 1 => vec(member, 28..34)];
    members.prop_map(|members| members.concat().into_bytes()).boxed()
}

/// A list of valid and invalid members; some lists have too many members or are too long.
pub fn near_valid() -> BoxedStrategy<Vec<u8>> {
    let bad_key = [form("[a-z@_A=. ]{0,3}"), form("[a-z]{257,259}"), form("[a-z]{255,257}[ ._,]")];
    let bad_value = [form("[ \\t]{0,3}"), form("[ a]{256,260}"), form("a{250,257}[ ]{0,4}[\\t\\x01=]?[a ]")];
    let key = prop_oneof![12 => key(), 1 => one_of(bad_key)];
    let value = prop_oneof![12 => value(), 1 => one_of(bad_value)];
    let equals = prop_oneof![20 => Just("="), 1 => select(&["", " =", "==", "=\t"][..])];
    let member = (ows(), key, equals, value, ows())
        .prop_map(|(before, key, equals, value, after)| [before, &key, equals, &value, after].concat());
    let member =
        prop_oneof![30 => member, 4 => form("[ \\t]{0,2}"), 1 => form("[a-z0-9= \\t,]{0,12}")].boxed();
    let members = prop_oneof![12 => vec(member.clone(), 0..5), 1 => vec(member, 30..36)];
    members.prop_map(|members| members.join(",").into_bytes()).boxed()
}

/// A key or value for a change, valid or not.
pub fn part() -> BoxedStrategy<Vec<u8>> {
    let text = one_of([key(), key(), value(), value(), form("[a ]{250,260}[ \\t]{0,3}")]);
    prop_oneof![5 => text.prop_map(String::into_bytes), 1 => vec(byte(), 0..4)].boxed()
}

fn one_of<const N: usize>(strategies: [BoxedStrategy<String>; N]) -> BoxedStrategy<String> {
    proptest::strategy::Union::new(strategies).boxed()
}
