//! A list of names and values on the heap as a carrier (feature `alloc`).

use crate::carrier::Carrier;
use crate::header::Header;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::convert::Infallible;

/// A list of names and values as a [`Carrier`]: the headers of most clients.
///
/// Names are of a type that can be made from `&str` (`String`, `Vec<u8>`, ...), and values are a [`HeaderValue`]. What is
/// added is copied: a null value as an empty one, and a name that is not UTF-8 with U+FFFD. An injection has neither.
///
/// ```
/// use tracebaton::{Header, HeaderList, extract, inject};
///
/// let received = [Header::new("baggage", "tenant=7")];
/// let mut headers: Vec<(String, Option<Vec<u8>>)> = vec![("key".to_owned(), None)];
/// let Ok(_) = inject(&extract(received).forward(), &mut HeaderList::new(&mut headers));
/// assert_eq!(headers[1], ("baggage".to_owned(), Some(b"tenant=7".to_vec())));
/// ```
#[derive(Debug)]
pub struct HeaderList<'a, N, V>(&'a mut Vec<(N, V)>);

impl<'a, N, V> HeaderList<'a, N, V> {
    /// The carrier that changes this list.
    pub const fn new(list: &'a mut Vec<(N, V)>) -> Self {
        Self(list)
    }
}

impl<N, V> Carrier<'_> for HeaderList<'_, N, V>
where
    N: AsRef<[u8]> + for<'n> From<&'n str>,
    V: HeaderValue,
{
    type Error = Infallible;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.0.iter().map(|(name, value)| Header { name: name.as_ref(), value: value.bytes() })
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Infallible> {
        self.0.retain(|(name, _)| !unwanted(name.as_ref()));
        Ok(())
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), Infallible> {
        let name = N::from(&String::from_utf8_lossy(header.name));
        self.0.push((name, V::from_bytes(header.value.unwrap_or_default())));
        Ok(())
    }
}

/// The value of a header that is written: `Vec<u8>`, `Box<[u8]>`, `Arc<[u8]>` or an `Option` of one, where `None` is null.
///
/// Implement it for the type of your Kafka client's values if that is another.
///
/// ```
/// use tracebaton::{HeaderList, HeaderValue, extract, inject};
///
/// struct Bytes(Vec<u8>);
///
/// impl HeaderValue for Bytes {
///     fn from_bytes(bytes: &[u8]) -> Self {
///         Self(bytes.to_vec())
///     }
///
///     fn bytes(&self) -> Option<&[u8]> {
///         Some(&self.0)
///     }
/// }
/// let mut headers: Vec<(String, Option<Bytes>)> = Vec::new();
/// let Ok(_) = inject(&extract([]).forward(), &mut HeaderList::new(&mut headers));
/// ```
pub trait HeaderValue {
    /// A value of these bytes, copied.
    fn from_bytes(bytes: &[u8]) -> Self;

    /// The bytes; `None` is Kafka's null.
    fn bytes(&self) -> Option<&[u8]>;
}

macro_rules! values {
    ($($type:ty),*) => {
        $(impl HeaderValue for $type {
            fn from_bytes(bytes: &[u8]) -> Self {
                bytes.into()
            }

            fn bytes(&self) -> Option<&[u8]> {
                Some(self)
            }
        })*
    };
}

values!(Vec<u8>, Box<[u8]>);
#[cfg(target_has_atomic = "ptr")]
values!(alloc::sync::Arc<[u8]>);

impl<V: HeaderValue> HeaderValue for Option<V> {
    fn from_bytes(bytes: &[u8]) -> Self {
        Some(V::from_bytes(bytes))
    }

    fn bytes(&self) -> Option<&[u8]> {
        self.as_ref().and_then(V::bytes)
    }
}
