#![no_main]

use tracebaton_fuzz_properties::{Hop, mutate, mutate_hop};

libfuzzer_sys::fuzz_target!(|hop: Hop| tracebaton_fuzz_properties::round_trip(&hop));

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(mutate_hop, data, size, max_size, seed)
        .unwrap_or_else(|| libfuzzer_sys::fuzzer_mutate(data, size, max_size))
});
