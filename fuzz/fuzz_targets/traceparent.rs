#![no_main]

libfuzzer_sys::fuzz_target!(|value: &[u8]| tracebaton_fuzz_properties::traceparent(value));
