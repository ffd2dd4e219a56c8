//! Values of `traceparent`.

use super::form;
use proptest::prelude::*;
use proptest::sample::select;

/// A valid value of any version.
pub fn valid() -> BoxedStrategy<Vec<u8>> {
    let ids = (1..=u128::MAX, 1..=u64::MAX, any::<u8>());
    let version = prop_oneof![Just(0), 1..=0xfe_u8];
    let rest = select(&["", "", "-", "-x", "-\0\n ,-01"][..]);
    let value = |(version, (trace_id, parent_id, flags), rest): (u8, (u128, u64, u8), &str)| {
        let rest = if version == 0 { "" } else { rest };
        format!("{version:02x}-{trace_id:032x}-{parent_id:016x}-{flags:02x}{rest}").into_bytes()
    };
    (version, ids, rest).prop_map(value).boxed()
}

/// A value with valid and invalid fields.
pub fn near_valid() -> BoxedStrategy<Vec<u8>> {
    let hex = |length| form(&format!("[0-9a-f]{{{length}}}"));
    let version = prop_oneof![3 => form("00"), 3 => hex("2"), 1 => form("[0-9A-F]{1,3}|ff")];
    let dash = prop_oneof![12 => form("-"), 1 => form("[_0a ]?")].boxed();
    let trace_id =
        prop_oneof![6 => hex("32"), 1 => form("0{31,33}"), 1 => form("[0-9a-fA-F]{32}"), 1 => hex("0,34")];
    let parent_id =
        prop_oneof![6 => hex("16"), 1 => form("0{15,17}"), 1 => form("[0-9a-fA-F]{16}"), 1 => hex("0,18")];
    let flags = prop_oneof![6 => hex("2"), 1 => form("[0-9a-fA-F]{0,3}"), 1 => form("[g.+ 0]{2}")];
    let rest = prop_oneof![3 => form(""), 1 => form("[-.0 \\t\\n]{1,2}"), 1 => form("-.{0,60}")];
    let fields = (version, dash.clone(), trace_id, dash.clone(), parent_id, dash, flags, rest);
    fields.prop_map(|(a, b, c, d, e, f, g, h)| [a, b, c, d, e, f, g, h].concat().into_bytes()).boxed()
}
