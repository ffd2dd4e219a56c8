//! The headers of a record as OpenTelemetry's carriers, the way that services write them.

use opentelemetry::propagation::{Extractor, Injector};
use rdkafka::message::{BorrowedHeaders, Header, Headers, OwnedHeaders};
use std::{mem, str};

/// Appends: librdkafka's headers have no way to replace one.
pub struct HeaderInjector<'a>(pub &'a mut OwnedHeaders);

impl Injector for HeaderInjector<'_> {
    fn set(&mut self, key: &str, value: String) {
        *self.0 = mem::take(self.0).insert(Header { key, value: Some(&value) });
    }
}

/// Finds the first of a name.
pub struct HeaderExtractor<'a>(pub &'a BorrowedHeaders);

impl Extractor for HeaderExtractor<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let header = self.0.iter().find(|header| header.key == key)?;
        str::from_utf8(header.value?).ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|header| header.key).collect()
    }
}
