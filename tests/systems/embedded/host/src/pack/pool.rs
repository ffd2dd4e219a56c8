//! The bytes of all texts, each of them once.

use super::{Atom, Named, atoms_of};
use std::collections::HashMap;

/// A pool in which a text can be a part of another.
#[derive(Default)]
pub(super) struct Pool {
    bytes: Vec<u8>,
    places: HashMap<Vec<u8>, usize>,
}

impl Pool {
    /// A pool with the texts of these rows, the longest first, so that the shorter ones are found in them.
    pub(super) fn of(rows: &[Named<'_>]) -> Result<Self, String> {
        let mut texts: Vec<Vec<u8>> = Vec::new();
        for (_, row) in rows {
            texts.extend(atoms_of(row)?.into_iter().filter_map(|atom| match atom {
                Atom::Bytes(text) => Some(text),
                _ => None,
            }));
        }
        texts.sort_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
        texts.dedup();
        let mut pool = Self::default();
        for text in texts {
            pool.find(&text);
        }
        Ok(pool)
    }

    /// Where a text begins; one that is not there is added at the end.
    pub(super) fn find(&mut self, text: &[u8]) -> usize {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = memchr::memmem::find(&self.bytes, text).unwrap_or_else(|| {
            self.bytes.extend_from_slice(text);
            self.bytes.len() - text.len()
        });
        self.places.insert(text.to_vec(), place);
        place
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
