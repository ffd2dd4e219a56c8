//! A carrier that counts the calls made to it and has limited room.

use std::cell::Cell;
use tracebaton::{Carrier, Extracted, Header, Injection};
use tracebaton_oracle as oracle;

/// The carrier has no room.
#[derive(Debug, PartialEq, Eq)]
pub struct Full;

/// The headers of an outgoing record.
pub struct Outgoing {
    pub headers: Vec<oracle::Header>,
    room: usize,
    calls: Cell<usize>,
    most_calls: usize,
}

impl Outgoing {
    pub fn new(headers: &[oracle::Header], room: usize) -> Self {
        Self { headers: headers.to_vec(), room, calls: Cell::new(0), most_calls: 6 }
    }

    /// A carrier that may be called any number of times, for injections in many formats.
    pub fn unlimited_calls(headers: &[oracle::Header], room: usize) -> Self {
        Self { most_calls: usize::MAX, ..Self::new(headers, room) }
    }

    fn count(&self) {
        self.calls.set(self.calls.get() + 1);
        assert!(
            self.calls.get() <= self.most_calls,
            "R9: at most one look at the headers, two removals and three additions"
        );
    }
}

impl Carrier<'_> for Outgoing {
    type Error = Full;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.count();
        borrowed(&self.headers)
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Full> {
        self.count();
        self.headers.retain(|(name, _)| !unwanted(name));
        Ok(())
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), Full> {
        self.count();
        if self.headers.len() >= self.room {
            return Err(Full);
        }
        self.headers.push((header.name.to_vec(), header.value.map(<[u8]>::to_vec)));
        Ok(())
    }
}

/// The headers in the form that the codec reads.
pub fn borrowed(headers: &[oracle::Header]) -> impl Iterator<Item = Header<'_>> + Clone {
    headers.iter().map(|(name, value)| Header { name, value: value.as_deref() })
}

/// Extracts in one pass over the headers.
pub fn extract(headers: &[oracle::Header]) -> Extracted<'_> {
    let mut looked_at = 0;
    let extracted = tracebaton::extract(borrowed(headers).inspect(|_| looked_at += 1));
    assert_eq!(looked_at, headers.len(), "R9: every header once");
    assert_eq!(tracebaton::extract_slice(&borrowed(headers).collect::<Vec<_>>()), extracted);
    extracted
}

/// The headers after an injection into a carrier with unlimited room.
pub fn injected(injection: &Injection<'_>, headers: &[oracle::Header]) -> Vec<oracle::Header> {
    let mut record = Outgoing::new(headers, usize::MAX);
    assert!(tracebaton::inject(injection, &mut record).is_ok());
    record.headers
}
