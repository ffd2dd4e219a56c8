#![no_main]

use tracebaton_fuzz_properties::{mutate, mutate_list};

libfuzzer_sys::fuzz_target!(|value: &[u8]| tracebaton_fuzz_properties::tracestate(value));

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(mutate_list, data, size, max_size, seed)
        .unwrap_or_else(|| libfuzzer_sys::fuzzer_mutate(data, size, max_size))
});
