//! Generated values that both readings are compared on; most are close enough to the grammar to pass its first checks.

// Every test uses a part of this.
#![allow(dead_code, unused_imports, unused_macros)]

pub mod baggage;
pub mod formats;
pub mod traceparent;
pub mod tracestate;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// Tries a property with this many cases; failures are not stored on disk.
pub fn cases(count: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(count) }
}

/// Bytes at the border of a rule.
const BORDERS: &[u8] = b" \t,,==;;%--/09:@AZ[\\]_`afgz{|}~!\"#+*\0\x01\x08\n\r\x1f\x7f\x80\xc3\xff";

/// Any byte; bytes at a border are more frequent.
pub fn byte() -> impl Strategy<Value = u8> {
    let all: Vec<u8> = (0..=u8::MAX).collect();
    select([all, BORDERS.repeat(10)].concat())
}

/// Arbitrary bytes.
pub fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(byte(), 0..70)
}

/// Checks the value with each of its bytes replaced by every other byte.
pub fn every_byte(value: &[u8], check: fn(&[u8])) {
    for (place, byte) in (0..value.len()).flat_map(|place| (0..=u8::MAX).map(move |byte| (place, byte))) {
        let mut value = value.to_vec();
        value[place] = byte;
        check(&value);
    }
}

/// Checks every value of these bytes, up to this length.
pub fn every_short(alphabet: &[u8], length: usize, check: fn(&[u8])) {
    let mut shorter = vec![vec![]];
    for _ in 0..length {
        let longer =
            shorter.iter().flat_map(|value| alphabet.iter().map(move |byte| [&value[..], &[*byte]].concat()));
        shorter = longer.collect();
        shorter.iter().for_each(|value| check(value));
    }
}

/// Values that are drawn once and reused by all cases, which is many times faster than drawing new ones.
pub fn some<T: Clone + std::fmt::Debug + 'static>(strategy: impl Strategy<Value = T>) -> BoxedStrategy<T> {
    let mut runner = TestRunner::default();
    let mut draw = || strategy.new_tree(&mut runner).expect("a value").current();
    select((0..250).map(|_| draw()).collect::<Vec<T>>()).boxed()
}

/// Text that matches a regular expression.
pub fn form(regex: &str) -> BoxedStrategy<String> {
    some(proptest::string::string_regex(regex).expect("a regular expression"))
}

/// White space that may surround members.
pub fn ows() -> impl Strategy<Value = &'static str> {
    select(&["", "", "", "", "", "", " ", "\t", " \t ", "  \t\t"][..])
}

/// A value, and edited copies that differ from it in one or two places.
#[derive(Clone, Debug)]
pub struct Mutants {
    value: Vec<u8>,
    seeds: Vec<u64>,
}

impl Mutants {
    /// How many edited copies each value has.
    const EACH: usize = 40;

    pub fn of(value: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Mutants> {
        (value, vec(any::<u64>(), Self::EACH)).prop_map(|(value, seeds)| Mutants { value, seeds })
    }

    /// The value itself, then its copies. Every second copy differs in two places.
    pub fn values(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        let edited = self.seeds.iter().enumerate().map(|(place, seed)| {
            let mut value = self.value.clone();
            edit(&mut value, *seed as u32);
            if place % 2 == 1 {
                edit(&mut value, (seed >> 32) as u32);
            }
            value
        });
        std::iter::once(self.value.clone()).chain(edited)
    }
}

/// Replaces, inserts or removes one byte, or truncates the value there.
fn edit(value: &mut Vec<u8>, seed: u32) {
    let [what, which, high, low] = seed.to_be_bytes();
    let at = usize::from(u16::from_be_bytes([high, low])) % (value.len() + 1);
    let border = BORDERS[usize::from(which) % BORDERS.len()];
    let byte = if what < 100 { which } else { border };
    match (what % 16, value.get_mut(at)) {
        (0..=8, Some(old)) => *old = byte,
        (9 | 10, Some(_)) => drop(value.remove(at)),
        (11, Some(_)) => value.truncate(at),
        _ => value.insert(at, byte),
    }
}

/// Tests that check this many generated values of a header: close to its grammar, arbitrary, and edited copies of valid
/// ones.
macro_rules! check_generated {
    ($check:path, $values:path, $cases:literal) => {
        proptest! {
            #![proptest_config($crate::generated::cases($cases))]

            #[test]
            fn near_valid(value in { use $values as values; values::near_valid() }) {
                $check(&value);
            }

            #[test]
            fn arbitrary_bytes(value in $crate::generated::bytes()) {
                $check(&value);
            }
        }

        proptest! {
            // Each case is many values.
            #![proptest_config($crate::generated::cases($cases / 5))]

            #[test]
            fn mutants(mutants in $crate::generated::Mutants::of({ use $values as values; values::valid() })) {
                mutants.values().for_each(|value| $check(&value));
            }
        }
    };
}
pub(crate) use check_generated;
