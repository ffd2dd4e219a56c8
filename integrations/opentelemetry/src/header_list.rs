//! The two functions of a service that keeps its headers in a list.

use crate::Propagators;
use opentelemetry::Context;
use std::convert::Infallible;
use std::str::from_utf8;
use tracebaton::{Carrier, Header};

/// Puts the current span and baggage into the headers of a record, in place of what is there (W1).
///
/// Names may be `String`, `Vec<u8>` or whatever else can be made from text, values `Vec<u8>` or `Option<Vec<u8>>`, where
/// none is Kafka's null. [`Propagators::configured`] says which of the headers are written.
///
/// ```
/// # use opentelemetry::{Context, KeyValue, baggage::BaggageExt};
/// let _attached = Context::current_with_baggage([KeyValue::new("tenant", "7")]).attach();
/// let mut headers = vec![("Baggage".to_owned(), b"tenant=6".to_vec())];
/// tracebaton_opentelemetry::inject_trace_context(&mut headers);
/// assert_eq!(headers, [("baggage".to_owned(), b"tenant=7".to_vec())]);
/// ```
pub fn inject_trace_context<N, V>(headers: &mut Vec<(N, V)>)
where
    N: AsRef<[u8]> + for<'n> From<&'n str>,
    V: HeaderValue,
{
    let Ok(()) = Propagators::configured().inject(&Context::current(), &mut HeaderList(headers));
}

/// The context to start a consumer's span with: that of the headers on top of the current one (R1 to R10).
///
/// [`Propagators::configured`] says which of the headers are read.
///
/// ```
/// # use opentelemetry::trace::TraceContextExt;
/// let traceparent = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_vec();
/// let headers = vec![("traceparent".to_owned(), Some(traceparent)), ("key".to_owned(), None)];
/// let context = tracebaton_opentelemetry::extract_trace_context(&headers);
/// assert!(context.span().span_context().is_remote());
/// ```
pub fn extract_trace_context<N: AsRef<[u8]>, V: HeaderValue>(headers: &[(N, V)]) -> Context {
    Context::map_current(|current| Propagators::configured().extract(current, borrowed(headers)))
}

/// A list of names and values as a carrier, for [`Propagators::inject`] and [`tracebaton::inject`].
///
/// ```
/// # use tracebaton::{Header, extract, inject};
/// # use tracebaton_opentelemetry::HeaderList;
/// # let received = [Header::new("baggage", "tenant=7")];
/// let mut headers: Vec<(String, Option<Vec<u8>>)> = vec![("key".to_owned(), None)];
/// let Ok(()) = inject(&extract(received).forward(), &mut HeaderList(&mut headers));
/// assert_eq!(headers.len(), 2);
/// ```
#[derive(Debug)]
pub struct HeaderList<'a, N, V>(pub &'a mut Vec<(N, V)>);

impl<N, V> Carrier<'_> for HeaderList<'_, N, V>
where
    N: AsRef<[u8]> + for<'n> From<&'n str>,
    V: HeaderValue,
{
    type Error = Infallible;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        borrowed(self.0)
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Infallible> {
        self.0.retain(|(name, _)| !unwanted(name.as_ref()));
        Ok(())
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), Infallible> {
        // The three names are ASCII.
        let name = from_utf8(header.name).unwrap_or_default();
        self.0.push((N::from(name), V::from(header.value.unwrap_or_default().to_vec())));
        Ok(())
    }
}

/// The value of a header in a list: `Vec<u8>`, or `Option<Vec<u8>>` where it may be null.
pub trait HeaderValue: From<Vec<u8>> {
    /// The bytes; none is Kafka's null.
    fn bytes(&self) -> Option<&[u8]>;
}

impl HeaderValue for Vec<u8> {
    fn bytes(&self) -> Option<&[u8]> {
        Some(self)
    }
}

impl HeaderValue for Option<Vec<u8>> {
    fn bytes(&self) -> Option<&[u8]> {
        self.as_deref()
    }
}

/// The headers of a list.
pub(crate) fn borrowed<N: AsRef<[u8]>, V: HeaderValue>(
    headers: &[(N, V)],
) -> impl Iterator<Item = Header<'_>> {
    headers.iter().map(|(name, value)| Header { name: name.as_ref(), value: value.bytes() })
}
