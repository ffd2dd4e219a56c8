//! Changed copies of the cases: whatever comes, every line has an answer or is named, and nothing steers a terminal.

mod run;

use run::run;
use serde_json::Value;

/// A generator of numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// The cases, as inputs on one line.
fn seeds() -> Vec<Vec<u8>> {
    let rows = include_str!("cases.jsonl").lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let input = |row: Value| match row["text"].as_str() {
        Some(text) => text.replace('\n', " ").into_bytes(),
        None => serde_json::json!({ "headers": row["headers"] }).to_string().into_bytes(),
    };
    rows.map(input).collect()
}

fn mutated(seeds: &[Vec<u8>], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seeds[numbers.below(seeds.len())].clone();
    for _ in 0..=numbers.below(4) {
        let place = numbers.below(bytes.len());
        let other = &seeds[numbers.below(seeds.len())];
        let from = numbers.below(other.len());
        let part = &other[from..(from + numbers.below(60)).min(other.len())];
        let end = (place + numbers.below(8)).min(bytes.len());
        const SIGNS: &[u8] = b"\"\\{}[],:\0\xff%=-;\tabc01";
        match numbers.below(4) {
            0 => drop(bytes.splice(place..end, [])),
            1 => drop(bytes.splice(place..end, part.iter().copied())),
            2 => bytes.insert(place, SIGNS[numbers.below(SIGNS.len())]),
            _ => bytes.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= 1 << numbers.below(8)),
        }
    }
    bytes.retain(|byte| *byte != b'\n');
    bytes
}

#[test]
fn every_line_is_answered_or_named() {
    let (seeds, mut numbers) = (seeds(), Numbers(1));
    let lines: Vec<_> = (0..4_000).map(|_| mutated(&seeds, &mut numbers)).collect();
    let input = lines.join(&b'\n');
    let json = run(&[], &input);
    assert_eq!(json.exit_code, Some(2), "{}", json.errors.lines().last().unwrap_or_default());
    for line in json.lines() {
        let found = serde_json::from_str::<Value>(line).unwrap()["findings"].as_array().unwrap().len();
        assert!(found < 64, "{line}");
    }
    let pretty = run(&["--pretty"], &input);
    assert_eq!((pretty.exit_code, pretty.errors == json.errors), (Some(2), true));
    let bad = [&pretty.output, &pretty.errors].into_iter().flat_map(|text| text.bytes());
    assert_eq!(bad.filter(|byte| !matches!(byte, b'\n' | b' '..=b'~')).count(), 0);
}
