//! Takes the functions of the guide to Kafka in Rust out of the page, for the tests that call them.

use std::path::Path;
use std::{env, fs};

const GUIDE: &str = "../../../src/guides/kafka_in_rust.md";

fn main() {
    println!("cargo::rerun-if-changed={GUIDE}");
    let guide = fs::read_to_string(GUIDE).expect("the guide");
    let out = env::var_os("OUT_DIR").expect("set by cargo");
    for title in ["Rebalances", "rskafka", "kafka-protocol"] {
        let (_, section) = guide.split_once(&format!("\n# {title}\n")).expect("a section of this title");
        let (_, code) = section.split_once("```rust\n").expect("an example");
        let (code, _) = code.split_once("```\n").expect("its end");
        fs::write(Path::new(&out).join(title).with_extension("rs"), code).expect("the target folder");
    }
}
