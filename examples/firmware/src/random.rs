//! Random bytes for a board without a random number generator.

/// A source of ids that mixes the times of its calls: SplitMix64 (Steele, Lea and Flood, 2014).
///
/// Use the generator of your board if it has one: W3C requires random ids.
#[derive(Clone, Debug, Default)]
pub struct Random {
    state: u64,
}

impl Random {
    /// Starts with a state of zero.
    pub const fn new() -> Self {
        Self { state: 0 }
    }

    /// Fills the bytes. `clock` is called for each eight of them.
    pub fn fill(&mut self, clock: impl Fn() -> u32, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15 ^ u64::from(clock()));
            let mut mixed = self.state;
            mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^= mixed >> 31;
            for (byte, value) in part.iter_mut().zip(mixed.to_be_bytes()) {
                *byte = value;
            }
        }
    }
}
