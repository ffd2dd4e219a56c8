//! Values of `baggage`.

use super::{byte, form, ows};
use proptest::collection::vec;
use proptest::prelude::*;

/// A token; short ones repeat.
pub fn key() -> BoxedStrategy<String> {
    prop_oneof![4 => form("[a-cA]"), 1 => form("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}")].boxed()
}

/// A value of baggage-octets, with valid and invalid percent-encoding.
pub fn value() -> BoxedStrategy<String> {
    let piece = prop_oneof![
        form("[!#-+\\--:<-\\[\\]-~]{0,6}"),
        form("%[0-9a-fA-F]{2}"),
        form("(%[c-fC-F89aA][0-9a-fA-F]){1,4}"),
        form("%(e2%82%ac|F0%9F%a5%96|ED%A0%80|f4%90%80%80|C3%A4|00|25|2C)"),
        form("%[0-9a-g]?"),
    ];
    vec(piece, 0..4).prop_map(|pieces| pieces.concat()).boxed()
}

/// A list of well-formed members, in some cases more than are read.
pub fn valid() -> BoxedStrategy<Vec<u8>> {
    list(key(), value(), form(""))
}

/// A list of valid and invalid members.
pub fn near_valid() -> BoxedStrategy<Vec<u8>> {
    let key = prop_oneof![12 => key(), 1 => form("[a(@ =\\t]{0,2}")];
    let value = prop_oneof![12 => value(), 1 => form("[a \"\\\\;=\\t]{0,3}")];
    let stray =
        prop_oneof![24 => form(""), 2 => form("[;= \"a\\t,]{1,3}"), 1 => form("[\\x00-\\x1f\\x7f\u{e4}]")];
    list(key.boxed(), value.boxed(), stray.boxed())
}

fn list(
    key: BoxedStrategy<String>,
    value: BoxedStrategy<String>,
    stray: BoxedStrategy<String>,
) -> BoxedStrategy<Vec<u8>> {
    let pair = (ows(), key.clone(), ows(), ows(), value, ows())
        .prop_map(|(a, key, b, c, value, d)| [a, &key, b, "=", c, &value, d].concat())
        .boxed();
    let bare = (ows(), key, ows()).prop_map(|(a, key, b)| [a, &key, b].concat());
    let properties = vec(prop_oneof![pair.clone(), bare], 0..3);
    let member = (pair, properties, stray)
        .prop_map(|(pair, properties, stray)| [[pair].as_slice(), &properties].concat().join(";") + &stray);
    let member = prop_oneof![12 => member, 1 => ows().prop_map(String::from)].boxed();
    let members = prop_oneof![40 => vec(member.clone(), 0..5), 1 => vec(member, 60..72)];
    members.prop_map(|members| members.join(",").into_bytes()).boxed()
}

/// Something to encode: text, or bytes that are not UTF-8.
pub fn text() -> BoxedStrategy<Vec<u8>> {
    prop_oneof![form(".{0,12}").prop_map(String::into_bytes), vec(byte(), 0..12)].boxed()
}
