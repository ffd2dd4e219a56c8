#![no_main]

use tracebaton_fuzz_properties::{Hop, mutate_part};

libfuzzer_sys::fuzz_target!(|hop: Hop| tracebaton_fuzz_properties::round_trip(&hop));

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_part(data, size, max_size, seed, libfuzzer_sys::fuzzer_mutate)
});
