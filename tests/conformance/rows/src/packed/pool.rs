//! A pool of the bytes of all texts, without duplicates.

use super::{Atom, Named};
use std::collections::HashMap;

/// A pool of texts. In a dense pool a text can be part of another, which saves memory and makes finding it several
/// times slower.
#[derive(Default)]
pub(super) struct Pool {
    dense: bool,
    bytes: Vec<u8>,
    places: HashMap<Vec<u8>, usize>,
}

impl Pool {
    /// A dense pool with the texts of these rows. Longer texts are added first, so that shorter ones are found in them.
    pub(super) fn dense(rows: &[Named<'_>]) -> Result<Self, String> {
        let mut texts: Vec<Vec<u8>> = Vec::new();
        for row in rows {
            texts.extend(row.atoms()?.into_iter().filter_map(|atom| match atom {
                Atom::Bytes(text) => Some(text),
                _ => None,
            }));
        }
        texts.sort_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
        texts.dedup();
        let mut pool = Self { dense: true, ..Self::default() };
        for text in texts {
            pool.find(&text);
        }
        Ok(pool)
    }

    /// The offset of a text, which is added at the end if it is missing.
    pub(super) fn find(&mut self, text: &[u8]) -> usize {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let known = if self.dense { memchr::memmem::find(&self.bytes, text) } else { None };
        let place = known.unwrap_or_else(|| {
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
