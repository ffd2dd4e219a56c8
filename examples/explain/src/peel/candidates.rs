//! Every value that may be under the layers of another, each when it is asked for.

use super::{Layer, Peeled};

/// Looks at no more of a value than this, in bytes.
pub const EXAMINED: usize = 4096;
/// Takes off at most so many layers, and tries at most so many values.
pub const DEPTH: usize = 6;
pub const MOST: usize = 64;

/// The value itself, and every value that may be under its layers: to a fixed point, the fewest layers first, each when
/// it is asked for.
pub struct Candidates {
    found: Vec<Peeled>,
    /// How many were given.
    given: usize,
    /// From how many every layer was tried, and how many layers from the next.
    opened: usize,
    tried: usize,
}

impl Candidates {
    /// The candidates of a value.
    pub fn of(value: &[u8]) -> Self {
        let bytes = value[..value.len().min(EXAMINED)].to_vec();
        Self { found: vec![Peeled { bytes, layers: Vec::new() }], given: 0, opened: 0, tried: 0 }
    }

    /// The next one.
    pub fn next(&mut self) -> Option<&Peeled> {
        while self.given == self.found.len() && self.opened < self.found.len() {
            self.open();
        }
        self.given += 1;
        self.found.get(self.given - 1)
    }

    /// All that there are, in the same order.
    pub fn all(mut self) -> Vec<Peeled> {
        while self.opened < self.found.len() {
            self.open();
        }
        self.found
    }

    /// Tries to take the next layer off.
    fn open(&mut self) {
        let Peeled { bytes: outer, layers } = &self.found[self.opened];
        let layer = Layer::ALL.get(self.tried).filter(|_| layers.len() < DEPTH);
        let Some(layer) = layer else {
            (self.opened, self.tried) = (self.opened + 1, 0);
            return;
        };
        for bytes in layer.peel()(outer) {
            let is_new = !bytes.is_empty() && self.found.iter().all(|known| known.bytes != bytes);
            if is_new && self.found.len() < MOST {
                let layers = [&self.found[self.opened].layers[..], &[*layer]].concat();
                self.found.push(Peeled { bytes, layers });
            }
        }
        self.tried += 1;
    }
}

/// All candidates of a value.
pub fn candidates(value: &[u8]) -> Vec<Peeled> {
    Candidates::of(value).all()
}
