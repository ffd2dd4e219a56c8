#![no_main]

use tracebaton_fuzz_properties::{format_headers, formats};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| formats(&format_headers(bytes)));
