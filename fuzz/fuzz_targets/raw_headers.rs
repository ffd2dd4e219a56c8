#![no_main]

libfuzzer_sys::fuzz_target!(|block: &[u8]| tracebaton_fuzz_properties::raw_headers(block));
