//! The links of a span that works on many records.

use crate::header_list::borrowed;
use crate::{HeaderValue, to_span_context};
use opentelemetry::KeyValue;
use opentelemetry::trace::Link;
use std::collections::HashSet;
use tracebaton::{Header, SpanContext, SpanId, TraceId};

/// Links to the spans that sent the records of a batch: owned, each span once, and no more than a limit.
///
/// [`tracebaton::Links`](https://docs.rs/tracebaton/latest/tracebaton/struct.Links.html) is the same by the same rules
/// without an allocation.
///
/// ```
/// use opentelemetry::trace::{Tracer, TracerProvider};
/// use tracebaton_opentelemetry::Links;
///
/// # let tracer = opentelemetry_sdk::trace::SdkTracerProvider::default().tracer("doc");
/// let parent = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_vec();
/// let record = vec![("traceparent".to_owned(), parent)];
/// let batch = [record.clone(), record, Vec::new()];
/// let mut links = Links::default();
/// for headers in &batch {
///     links.insert_list(headers);
/// }
/// assert_eq!((links.len(), links.duplicates(), links.without_context(), links.dropped()), (1, 1, 1, 0));
/// let span = tracer.span_builder("process orders").with_links(links.into()).start(&tracer);
/// ```
#[derive(Clone, Debug)]
pub struct Links {
    links: Vec<Link>,
    spans: HashSet<(TraceId, SpanId)>,
    limit: usize,
    duplicates: usize,
    without_context: usize,
    dropped: usize,
}

impl Default for Links {
    /// With the limit that OpenTelemetry's SDKs have for the links of a span, 128 (OpenTelemetry, Trace SDK, "Span
    /// Limits").
    fn default() -> Self {
        Self::with_limit(128)
    }
}

impl Links {
    /// No links yet, and at most so many.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            links: Vec::new(),
            spans: HashSet::new(),
            limit,
            duplicates: 0,
            without_context: 0,
            dropped: 0,
        }
    }

    /// Takes the span that sent a record, from the record's headers, whatever `OTEL_PROPAGATORS` says: a service that goes
    /// by it asks [`Propagators::trace_context`](crate::Propagators::trace_context) first.
    pub fn insert<'h>(&mut self, headers: impl IntoIterator<Item = Header<'h>>) {
        self.insert_with(tracebaton::extract(headers).context().span_context.as_ref(), Vec::new);
    }

    /// [`Links::insert`] for the list that [`extract_trace_context`](crate::extract_trace_context) takes.
    pub fn insert_list<N: AsRef<[u8]>, V: HeaderValue>(&mut self, headers: &[(N, V)]) {
        self.insert_list_with(headers, Vec::new);
    }

    /// [`Links::insert_with`] for the list that [`extract_trace_context`](crate::extract_trace_context) takes.
    ///
    /// ```
    /// # use tracebaton_opentelemetry::{Links, Record};
    /// # let parent = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_vec();
    /// # let headers = [("traceparent".to_owned(), Some(parent)), ("key".to_owned(), None)];
    /// let mut links = Links::default();
    /// let record = Record { offset: Some(1729), ..Record::default() };
    /// links.insert_list_with(&headers, || record.link_attributes());
    /// assert_eq!(links.iter().next().unwrap().attributes.len(), 1);
    /// ```
    pub fn insert_list_with<N: AsRef<[u8]>, V: HeaderValue>(
        &mut self,
        headers: &[(N, V)],
        attributes: impl FnOnce() -> Vec<KeyValue>,
    ) {
        self.insert_with(tracebaton::extract(borrowed(headers)).context().span_context.as_ref(), attributes);
    }

    /// Takes the span that sent a record, with attributes of that record, such as
    /// [`Record::link_attributes`](crate::Record::link_attributes).
    ///
    /// ```
    /// # use tracebaton::Header;
    /// # use tracebaton_opentelemetry::{Links, Record};
    /// # let headers = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
    /// let mut links = Links::default();
    /// let record = Record { offset: Some(1729), ..Record::default() };
    /// links.insert_with(tracebaton::extract(headers).context().span_context.as_ref(), || record.link_attributes());
    /// assert_eq!(links.iter().next().unwrap().attributes.len(), 1);
    /// ```
    pub fn insert_with(
        &mut self,
        context: Option<&SpanContext<'_>>,
        attributes: impl FnOnce() -> Vec<KeyValue>,
    ) {
        let Some(context) = context else {
            self.without_context += 1;
            return;
        };
        let span = (context.trace_id, context.span_id);
        if self.spans.contains(&span) {
            self.duplicates += 1;
        } else if self.links.len() < self.limit {
            self.spans.insert(span);
            self.links.push(Link::new(to_span_context(context), attributes(), 0));
        } else {
            self.dropped += 1;
        }
    }

    /// The links in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = &Link> {
        self.links.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.links.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// How many records were sent by a span that is here already.
    pub const fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// How many records had no accepted `traceparent`.
    pub const fn without_context(&self) -> usize {
        self.without_context
    }

    /// How many records found no room for their span.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }
}

impl From<Links> for Vec<Link> {
    fn from(links: Links) -> Self {
        links.links
    }
}
