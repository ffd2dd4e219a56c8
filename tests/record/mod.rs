//! A row's headers as a carrier.

use serde_json::Value;
use tracebaton::{Carrier, Header};
use tracebaton_rows::header_list;

pub fn borrowed(headers: &[tracebaton_rows::Header]) -> impl Iterator<Item = Header<'_>> + Clone {
    headers.iter().map(|(name, value)| Header { name, value: value.as_deref() })
}

/// A carrier that can be full or read-only.
pub struct Record {
    headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    capacity: usize,
    read_only: bool,
}

impl Record {
    pub fn new(headers: &[tracebaton_rows::Header], capacity: Option<usize>, read_only: bool) -> Self {
        let headers = borrowed(headers).map(|of| (of.name.to_vec(), of.value.map(<[u8]>::to_vec))).collect();
        Self { headers, capacity: capacity.unwrap_or(usize::MAX), read_only }
    }

    pub fn list(&self) -> Value {
        header_list(self.headers.iter().map(|(name, value)| (name.as_slice(), value.as_deref())))
    }
}

impl Carrier<'_> for Record {
    type Error = &'static str;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.headers.iter().map(|(name, value)| Header { name, value: value.as_deref() })
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), &'static str> {
        if self.read_only {
            return Err("carrier_read_only");
        }
        self.headers.retain(|(name, _)| !unwanted(name));
        Ok(())
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), &'static str> {
        if self.headers.len() >= self.capacity {
            return Err("carrier_full");
        }
        self.headers.push((header.name.to_vec(), header.value.map(<[u8]>::to_vec)));
        Ok(())
    }
}
