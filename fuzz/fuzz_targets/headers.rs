#![no_main]

use tracebaton_fuzz_properties::Hop;

libfuzzer_sys::fuzz_target!(|hop: Hop| tracebaton_fuzz_properties::headers(&hop));
