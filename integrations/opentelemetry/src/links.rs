//! Links of a span that processes many records.

use crate::{Propagators, ReadHeaders, to_span_context};
use opentelemetry::trace::{Link, SpanContext, SpanId, TraceContextExt, TraceId};
use opentelemetry::{Context, KeyValue};
use std::collections::HashSet;

/// Links to the producers' spans of a batch: owned, each span once.
///
/// The span gets all of them. The SDK keeps as many as its limit allows, 128 by default, and counts the others in the
/// span's `dropped_links_count` (OpenTelemetry, Trace SDK, "Span Limits").
///
/// ```
/// use opentelemetry::trace::{Tracer, TracerProvider};
/// use tracebaton_opentelemetry::Links;
///
/// # let tracer = opentelemetry_sdk::trace::SdkTracerProvider::default().tracer("doc");
/// let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let record = vec![("traceparent", parent)];
/// let batch = [record.clone(), record, Vec::new()];
/// let mut links = Links::default();
/// for headers in &batch {
///     links.insert(headers);
/// }
/// assert_eq!((links.len(), links.duplicates(), links.without_context()), (1, 1, 1));
/// let span = tracer.span_builder("process orders").with_links(links.into()).start(&tracer);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Links {
    links: Vec<Link>,
    spans: HashSet<(TraceId, SpanId)>,
    duplicates: usize,
    without_context: usize,
}

impl Links {
    /// Adds a link to the producer's span of a record, from the record's headers.
    ///
    /// The formats are those of [`Propagators::configured`](crate::Propagators::configured), as for
    /// [`extract_trace_context`](crate::extract_trace_context).
    pub fn insert<'h, K>(&mut self, headers: impl ReadHeaders<'h, K>) {
        self.insert_with(headers, Vec::new);
    }

    /// [`Links::insert`] with attributes of the record, such as
    /// [`Record::link_attributes`](crate::Record::link_attributes).
    ///
    /// ```
    /// use tracebaton_opentelemetry::{Links, Record};
    ///
    /// let headers = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
    /// let mut links = Links::default();
    /// links.insert_with(headers, || Record::new("orders").with_offset(1729).link_attributes());
    /// assert_eq!(links.iter().next().unwrap().attributes.len(), 1);
    /// ```
    pub fn insert_with<'h, K>(
        &mut self,
        headers: impl ReadHeaders<'h, K>,
        attributes: impl FnOnce() -> Vec<KeyValue>,
    ) {
        let received = Propagators::configured().received(headers).0;
        self.insert_remote(received.span_context.as_ref().map(to_span_context), attributes);
    }

    /// Adds a link to the span of a context that was extracted, or that a policy admitted as
    /// [`AdmittedContext::linked`](crate::AdmittedContext::linked).
    ///
    /// A context without a remote span counts as a record without a parent.
    ///
    /// ```
    /// use tracebaton_opentelemetry::tracebaton::TrustPolicy;
    /// use tracebaton_opentelemetry::{Links, Record, admit_trace_context};
    ///
    /// let headers = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
    /// let mut links = Links::default();
    /// for policy in [TrustPolicy::RestartWithLink, TrustPolicy::RestartWithoutLink] {
    ///     let admitted = admit_trace_context(headers, policy);
    ///     links.insert_context(&admitted.linked, || Record::new("orders").link_attributes());
    /// }
    /// assert_eq!((links.len(), links.without_context()), (1, 1));
    /// ```
    pub fn insert_context(&mut self, context: &Context, attributes: impl FnOnce() -> Vec<KeyValue>) {
        let span = context.span();
        let remote = Some(span.span_context()).filter(|span_context| span_context.is_remote());
        self.insert_remote(remote.cloned(), attributes);
    }

    fn insert_remote(&mut self, remote: Option<SpanContext>, attributes: impl FnOnce() -> Vec<KeyValue>) {
        match remote {
            None => self.without_context += 1,
            Some(remote) if self.spans.insert((remote.trace_id(), remote.span_id())) => {
                self.links.push(Link::new(remote, attributes(), 0));
            }
            Some(_) => self.duplicates += 1,
        }
    }

    /// The links, in the order of the records.
    pub fn iter(&self) -> impl Iterator<Item = &Link> {
        self.links.iter()
    }

    /// The number of links.
    pub fn len(&self) -> usize {
        self.links.len()
    }

    /// Whether there are no links.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// Number of records whose producer's span already had a link. That link has the attributes of the first record only.
    pub const fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// The number of records without a parent.
    pub const fn without_context(&self) -> usize {
        self.without_context
    }
}

impl From<Links> for Vec<Link> {
    fn from(links: Links) -> Self {
        links.links
    }
}
