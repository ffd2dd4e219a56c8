//! Pseudo-random numbers, the same in every run.

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    /// `count` values, each of at most `longest` joined pieces.
    pub fn values(&mut self, pieces: &[&str], longest: usize, count: usize) -> Vec<Vec<u8>> {
        let value = |random: &mut Self| {
            let length = random.below(longest + 1);
            (0..length).map(|_| pieces[random.below(pieces.len())]).collect::<String>().into_bytes()
        };
        (0..count).map(|_| value(self)).collect()
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}
