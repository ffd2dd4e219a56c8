//! Every seed, every past finding and every conformance vector, without a fuzzer.

mod inputs;

use inputs::inputs;
use std::fs::read_dir;
use std::path::Path;
use tracebaton_fuzz_properties::{Hop, TARGETS};
use tracebaton_rows::rows;

/// The targets whose inputs have a form.
const FORMED: [&str; 3] = ["headers", "round_trip", "c_api"];
/// Which byte of such an input says what to choose.
const CHOICE: usize = 8;

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds").join(target);
    let file = |path: &Path| (path.display().to_string(), std::fs::read(path).unwrap());
    read_dir(&folder).unwrap().map(|entry| file(&entry.unwrap().path())).collect()
}

#[test]
fn seeds_of_every_target() {
    for (target, holds) in TARGETS {
        let seeds = seeds(target);
        assert!(seeds.len() >= 8, "{target}");
        for (name, seed) in seeds {
            println!("{name}");
            holds(&seed);
        }
    }
}

#[test]
fn seeds_say_what_they_are_meant_to_say() {
    for target in FORMED {
        for (name, seed) in seeds(target).iter().filter(|(name, _)| !name.contains("found-")) {
            assert_eq!(Hop::from_bytes(seed).to_bytes(), *seed, "{name}");
        }
    }
}

#[test]
fn conformance_vectors() {
    let mut count = 0;
    for row in rows().unwrap() {
        for (name, mut input) in inputs(&row) {
            println!("{} {name}", row.id);
            let (_, holds) = TARGETS.iter().find(|(target, _)| *target == name).unwrap();
            holds(&input);
            if FORMED.contains(&name) {
                for choice in [0x01, 0x06, 0x0a, 0x13, 0x54, 0xd9] {
                    input[CHOICE] = choice;
                    holds(&input);
                }
            }
            count += 1;
        }
    }
    assert!(count > 2_500, "{count}");
}
