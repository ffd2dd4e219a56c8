//! Headers of other formats, and raw blocks.

use super::{byte, bytes, form};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tracebaton_oracle::Header;

const T: &str = "80f198ee56343ba864fe8b2a57d3eff7";
const S: &str = "e457b5a2e4d86bd1";

/// The names and values of one valid record for each format.
pub fn records() -> Vec<Vec<(&'static str, Vec<u8>)>> {
    let text = |name, value: &str| (name, value.as_bytes().to_vec());
    let binary = [&[0, 0][..], &[0x80; 16], &[1], &[0xe4; 8], &[2, 1]].concat();
    vec![
        vec![text("b3", &format!("{T}-{S}-1-05e3ac9a4f6e3b90"))],
        vec![text("b3", &format!("64fe8b2a57d3eff7-{S}-d"))],
        vec![
            text("X-B3-TraceId", T),
            text("X-B3-SpanId", S),
            text("X-B3-Sampled", "1"),
            text("X-B3-Flags", "1"),
        ],
        vec![text("uber-trace-id", &format!("{T}:{S}:0:01"))],
        vec![
            text("x-datadog-trace-id", "7277407061855694839"),
            text("x-datadog-parent-id", "16453819474850114513"),
            text("x-datadog-sampling-priority", "-1"),
            text("x-datadog-tags", "_dd.p.dm=-4,_dd.p.tid=80f198ee56343ba8"),
        ],
        vec![("elasticapmtraceparent", binary.clone())],
        vec![
            text("X_INSTANA_T", T),
            text("X_INSTANA_S", S),
            text("X_INSTANA_L_S", "1 , correlationType=web ;correlationId=1"),
        ],
        vec![("X_INSTANA_C", [&[0x80; 16][..], &[0xe4; 8]].concat()), ("X_INSTANA_L", vec![1])],
        vec![text(
            "X-Amzn-Trace-Id",
            "Self=1; Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=?",
        )],
    ]
}

/// The headers of such a record.
pub fn headers(record: &[(&'static str, Vec<u8>)]) -> Vec<Header> {
    record.iter().map(|(name, value)| (name.as_bytes().to_vec(), Some(value.clone()))).collect()
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    let forms = [
        "[0-9a-f]{16}|[0-9a-f]{32}|0{16}|0{32}|[0-9A-Fa-f]{1,34}",
        "([0-9a-f]{32}|[0-9a-f]{16}|0{32})-([0-9a-f]{16}|0{16})(-[01d2x]?)?(-[0-9a-f]{15,17})?",
        "[0-9a-fA-F]{0,33}:[0-9a-fA-F]{0,17}:[0-9a-f]{0,17}:[0-9a-f]{0,3}:?",
        "-?[0-9]{1,21}|1844674407370955161[0-9]|-?214748364[0-9]",
        "(_dd\\.p\\.tid=[0-9a-fA-Fg]{15,17},?|a=b,?|,|=|x){0,4}",
        "[012]?( ?, ?)?(correlationType=w?)? ?;? ?(correlationId=1?)?",
        "( ?;?(Root=[12]-[0-9a-f]{7,9}-[0-9a-f]{23,25}|Parent=[0-9a-f]{16}|Sampled=[012?]|x|=)){0,5}",
        "Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=[01?2]?",
        "00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]",
    ];
    let binary = vec(prop_oneof![3 => Just(0_u8), 1 => Just(1), 1 => Just(2), 3 => any::<u8>()], 20..32);
    prop_oneof![
        12 => select(forms.map(form).to_vec()).prop_flat_map(|form| form).prop_map(String::into_bytes),
        3 => binary,
        1 => bytes(),
    ]
}

fn read_name() -> impl Strategy<Value = Vec<u8>> {
    let names: Vec<_> = tracebaton::formats::KNOWN_NAMES.iter().map(|known| known.name).collect();
    let name = (select(names), any::<u8>()).prop_map(|(name, case)| match case % 4 {
        0 => name.to_lowercase(),
        1 => name.to_uppercase(),
        _ => name.to_owned(),
    });
    name.prop_map(String::into_bytes)
}

/// The headers of a record: those of one format, edited, and others.
pub fn record() -> impl Strategy<Value = Vec<Header>> {
    let whole = select(records()).prop_map(|record| headers(&record));
    let changed =
        (whole, vec((any::<usize>(), any::<usize>(), byte()), 0..3)).prop_map(|(mut headers, changes)| {
            for (place, position, byte) in changes {
                let count = headers.len();
                let value = headers[place % count].1.as_mut().unwrap();
                let length = value.len();
                value[position % length] = byte;
            }
            headers
        });
    let others = vec((read_name(), proptest::option::weighted(0.9, value())), 0..6);
    (changed, others, any::<bool>()).prop_map(|(changed, others, first)| {
        if first { [changed, others].concat() } else { [others, changed].concat() }
    })
}

/// A block of raw headers; most are close to a valid one.
pub fn block() -> impl Strategy<Value = Vec<u8>> {
    let header = (vec(byte(), 0..5), proptest::option::of(vec(byte(), 0..5)));
    let valid = vec(header, 0..5).prop_map(|headers| {
        let mut block = vec![headers.len() as u8 * 2];
        for (name, value) in headers {
            block.push(name.len() as u8 * 2);
            block.extend(name);
            block.push(value.as_ref().map_or(1, |value| value.len() as u8 * 2));
            block.extend(value.unwrap_or_default());
        }
        block
    });
    let changes = vec((any::<usize>(), byte(), any::<bool>()), 0..3);
    let changed = (valid, changes).prop_map(|(mut block, changes)| {
        for (position, byte, inserts) in changes {
            let place = position % block.len();
            if inserts { block.insert(place, byte) } else { block[place] = byte }
        }
        block
    });
    prop_oneof![5 => changed, 1 => vec(any::<u8>(), 0..20)]
}

/// A name, in some cases a known one as a bridge spells it.
pub fn name() -> impl Strategy<Value = Vec<u8>> {
    let spelled = (read_name(), select(&["-", "_", "__dash__", "_hyphen_", "_$dash$_", "", "__"][..]));
    let spelled = spelled
        .prop_map(|(name, dash)| String::from_utf8(name).unwrap().replacen(['-', '_'], dash, 2).into_bytes());
    prop_oneof![3 => spelled, 1 => bytes()]
}
