#![no_main]

libfuzzer_sys::fuzz_target!(|text: &[u8]| tracebaton_fuzz_properties::explain(text));
