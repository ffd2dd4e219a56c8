#![no_main]

use tracebaton_fuzz_properties::Hop;

libfuzzer_sys::fuzz_target!(|hop: Hop| tracebaton_fuzz_properties::round_trip(&hop));
