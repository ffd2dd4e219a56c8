//! The value of a record: its number, and the ids that its trace headers must have.

/// The beginning of every record's value, with the layout of `struct payload` in `c/worker.h`; the rest is padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload {
    /// Its number among all records of the run, from 0.
    pub sequence: u64,
    /// Its partition in every topic.
    pub lane: u32,
    /// The number of its case.
    pub case_number: u32,
    /// Its trace, unless its headers have another one.
    pub trace_id: [u8; 16],
    /// The span ids of the source, the first hop and the second.
    pub span_ids: [[u8; 8]; 3],
}

impl Payload {
    /// The size of the payload in bytes.
    pub const SIZE: usize = 56;

    /// Ids for a record: unique in a run, and the same for every run with this seed.
    pub fn new(seed: u64, sequence: u64, lane: u32, case_number: u32) -> Self {
        let mut random = Random::new(seed, sequence);
        let mut trace_id = [0; 16];
        trace_id[..8].copy_from_slice(&random.id());
        trace_id[8..].copy_from_slice(&random.id());
        let span_ids = [random.id(), random.id(), random.id()];
        Self { sequence, lane, case_number, trace_id, span_ids }
    }

    /// The value of a record, padded with zeros to `size` bytes.
    pub fn value(&self, size: usize) -> Vec<u8> {
        let mut value = Vec::with_capacity(size.max(Self::SIZE));
        value.extend(self.sequence.to_ne_bytes());
        value.extend(self.lane.to_ne_bytes());
        value.extend(self.case_number.to_ne_bytes());
        value.extend(self.trace_id);
        value.extend(self.span_ids.as_flattened());
        value.resize(size.max(Self::SIZE), 0);
        value
    }

    /// Reads the value of a record; `None` if it is too short.
    pub fn read(value: &[u8]) -> Option<Self> {
        let (sequence, rest) = value.split_first_chunk()?;
        let (lane, rest) = rest.split_first_chunk()?;
        let (case_number, rest) = rest.split_first_chunk()?;
        let (trace_id, rest) = rest.split_first_chunk()?;
        let (first, rest) = rest.split_first_chunk()?;
        let (second, rest) = rest.split_first_chunk()?;
        let (third, _) = rest.split_first_chunk()?;
        Some(Self {
            sequence: u64::from_ne_bytes(*sequence),
            lane: u32::from_ne_bytes(*lane),
            case_number: u32::from_ne_bytes(*case_number),
            trace_id: *trace_id,
            span_ids: [*first, *second, *third],
        })
    }
}

/// Pseudo-random numbers, the same for the same seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Each pair of seed and stream has its own sequence.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut random = Self(seed);
        random.0 = random.next().wrapping_add(stream.wrapping_mul(0xd134_2543_de82_ef95));
        random
    }

    /// The next number.
    #[allow(clippy::should_implement_trait, reason = "it never ends")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which must not be 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// One of these, of which there must be at least one.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// Shuffles these.
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last + 1));
        }
    }

    /// Eight bytes that are not all zeros.
    fn id(&mut self) -> [u8; 8] {
        (self.next() | 1).to_be_bytes()
    }
}
