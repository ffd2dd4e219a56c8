//! The Rust peer is built together with ours, and uses only the matrix harness of this project.

use std::fs;
use tracebaton_interop::here;

const HARNESS: [&str; 3] = ["_interop::protocol", "_interop::kafka", "_interop::telemetry"];

#[test]
fn the_peer_in_rust_does_not_use_the_codec() {
    let mut files = 0;
    for entry in fs::read_dir(here().join("peers/rust/src")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for (_, used) in text.match_indices("tracebaton").map(|(at, name)| text.split_at(at + name.len())) {
            assert!(HARNESS.iter().any(|part| used.starts_with(part)), "{}: {used:.60}", path.display());
        }
        files += 1;
    }
    assert!(files >= 5);
}
