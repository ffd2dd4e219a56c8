//! Writes rdkafka's header lists.

use crate::list::{HeaderIter, ListMut};
use rdkafka::message::OwnedHeaders;
use rdkafka::types::RDKafkaErrorCode;
use tracebaton::{Carrier, Header};

/// A header list of rdkafka as a [`Carrier`]. It copies each header that is added.
///
/// ```
/// use rdkafka::message::{Headers, OwnedHeaders};
/// use tracebaton::{Carrier, Header};
///
/// let mut headers = OwnedHeaders::new();
/// tracebaton_rdkafka::HeadersMut::new(&mut headers).add(Header { name: b"\xff", value: None })?;
/// assert_eq!(headers.count(), 1);
/// # Ok::<(), rdkafka::types::RDKafkaErrorCode>(())
/// ```
#[derive(Debug)]
pub struct HeadersMut<'a>(&'a mut OwnedHeaders);

impl<'a> HeadersMut<'a> {
    /// The carrier that changes this list.
    pub const fn new(headers: &'a mut OwnedHeaders) -> Self {
        Self(headers)
    }
}

impl<'v> Carrier<'v> for HeadersMut<'_> {
    type Error = RDKafkaErrorCode;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        HeaderIter::new(Some(self.0.as_borrowed()))
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), RDKafkaErrorCode> {
        let mut list = ListMut::of(self.0);
        if list.has_many(&unwanted) {
            *self.0 = list.without(&unwanted)?;
            return Ok(());
        }
        list.spellings(unwanted).iter().try_for_each(|name| list.remove(name))
    }

    fn add(&mut self, header: Header<'v>) -> Result<(), RDKafkaErrorCode> {
        ListMut::of(self.0).add(header)
    }
}
