//! The headers of one record.

use tracebaton::{Carrier, Extracted, Header, Injected, Injection};
use tracebaton_test_embedded_rows::{Atom, Atoms, Comparison};

/// The headers of the largest row, and a context.
const MOST: usize = 80;

/// A record that can be full or read-only.
#[derive(Clone, Debug, Default)]
pub struct Record<'a> {
    headers: heapless::Vec<Header<'a>, MOST>,
    capacity: Option<usize>,
    read_only: bool,
}

/// Why a header cannot be added or removed: a name in the README of the vectors.
#[derive(Clone, Copy, Debug)]
pub struct Full(pub &'static str);

impl<'a> Record<'a> {
    /// Reads a list of headers.
    pub fn read(atoms: &mut Atoms<'a>) -> Option<Self> {
        let mut record = Self::default();
        if atoms.take() != Atom::Open {
            return None;
        }
        loop {
            match atoms.take() {
                Atom::Bytes(name) => record.push(name, atoms.optional_bytes()?)?,
                Atom::Close => return Some(record),
                _ => return None,
            }
        }
    }

    /// Adds a header at the end, if there is memory for it.
    pub fn push(&mut self, name: &'a [u8], value: Option<&'a [u8]>) -> Option<()> {
        self.headers.push(Header { name, value }).ok()
    }

    /// The same record with room for this many headers; a read-only one allows no change.
    pub fn limited(self, capacity: Option<usize>, read_only: bool) -> Self {
        Self { capacity, read_only, ..self }
    }

    /// The headers in sequence.
    pub fn as_slice(&self) -> &[Header<'a>] {
        &self.headers
    }

    /// Compares the headers with a list.
    pub fn compare(&self, path: &str, outcome: &mut Comparison<'_>) {
        outcome.field(path).is(Atom::Open);
        for header in &self.headers {
            outcome.is(Atom::Bytes(header.name)).is_optional(header.value);
        }
        outcome.is(Atom::Close);
    }
}

impl<'a> Carrier<'a> for Record<'a> {
    type Error = Full;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        Carrier::headers(&self.headers)
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Full> {
        match self.read_only {
            true => Err(Full("carrier_read_only")),
            false => Carrier::remove(&mut self.headers, unwanted).map_err(|_| Full("carrier_full")),
        }
    }

    fn add(&mut self, header: Header<'a>) -> Result<(), Full> {
        match self.capacity.is_some_and(|capacity| self.headers.len() >= capacity) {
            true => Err(Full("carrier_full")),
            false => Carrier::add(&mut self.headers, header).map_err(|_| Full("carrier_full")),
        }
    }
}

/// Extracts from the headers of a record. Not inlined, so that its stack can be measured.
#[inline(never)]
pub fn extract_record<'a>(headers: &[Header<'a>]) -> Extracted<'a> {
    tracebaton::extract(headers.iter().copied())
}

/// Injects into a record. Not inlined, so that its stack can be measured.
#[inline(never)]
pub fn inject_record<'a>(injection: &'a Injection<'_>, record: &mut Record<'a>) -> Result<Injected, Full> {
    tracebaton::inject(injection, record)
}
