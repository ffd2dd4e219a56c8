//! All values that may be under the layers of a value, computed one after the other on demand.

use super::{Layer, Peeled};

/// Maximum length of an examined value, in bytes.
pub const EXAMINED: usize = 4096;
/// Maximum count of layers that are removed, and of values that are tried.
pub const DEPTH: usize = 6;
pub const MOST: usize = 64;

/// Iterator over the value itself and every value that may be under its layers, fewest layers first, until no new one
/// is found. Each is computed on demand.
pub struct Candidates {
    found: Vec<Peeled>,
    /// Number of candidates that were returned.
    given: usize,
    /// How many candidates had every layer tried, and how many layers were tried on the next one.
    opened: usize,
    tried: usize,
}

impl Candidates {
    /// Starts with the value.
    pub fn of(value: &[u8]) -> Self {
        let bytes = value[..value.len().min(EXAMINED)].to_vec();
        Self { found: vec![Peeled { bytes, layers: Vec::new() }], given: 0, opened: 0, tried: 0 }
    }

    /// Returns the next candidate.
    pub fn next(&mut self) -> Option<&Peeled> {
        while self.given == self.found.len() && self.opened < self.found.len() {
            self.open();
        }
        self.given += 1;
        self.found.get(self.given - 1)
    }

    /// Returns all candidates, in the same order.
    pub fn all(mut self) -> Vec<Peeled> {
        while self.opened < self.found.len() {
            self.open();
        }
        self.found
    }

    /// Tries to remove the next layer.
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
