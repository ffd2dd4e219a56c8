//! `OTEL_PROPAGATORS` with formats other than W3C.

use crate::{inject_context, with_received};
use opentelemetry::{Context, otel_warn};
use std::env;
use tracebaton::formats::{self, Choice, Format, FormatInjection, Formats, choose};
use tracebaton::{Carrier, Header, Injected};

/// The formats that a service reads, in this order, and the formats that it writes (PROFILE.md, F1 to F14).
///
/// For services whose peers use B3, Datadog, Jaeger, Elastic, Instana or X-Ray. [`Propagators`](crate::Propagators)
/// is for W3C alone.
///
/// ```
/// use opentelemetry::{Context, trace::TraceContextExt};
/// use tracebaton::Header;
/// use tracebaton_opentelemetry::FormatPropagators;
///
/// let (propagators, unknown) = FormatPropagators::parse("tracecontext,baggage,b3,zipkin");
/// assert_eq!(unknown, ["zipkin"]);
/// let headers = [Header::new("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1")];
/// let context = propagators.extract(&Context::current(), headers);
/// assert!(context.span().span_context().is_remote());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatPropagators {
    order: Vec<Format>,
    written: Formats,
    replaced: Formats,
    if_deferred: bool,
}

impl FormatPropagators {
    /// Reads these formats in this order, and writes those of them that can be written.
    ///
    /// Without [`Format::Baggage`], baggage is neither read nor written.
    pub fn new(order: impl IntoIterator<Item = Format>) -> Self {
        let order: Vec<_> = order.into_iter().collect();
        let written = Format::WRITABLE & Formats::of(&order);
        Self { order, written, replaced: Formats::NONE, if_deferred: false }
    }

    /// Parses a list in the syntax of `OTEL_PROPAGATORS`. Returns the propagators and the unknown names, each one
    /// once.
    ///
    /// The names are OpenTelemetry's `tracecontext`, `baggage`, `b3`, `b3multi`, `jaeger` and `xray`, and `datadog`,
    /// `elastic`, `instana` and `cloudevents`, in any letter case. A list without a name means
    /// `tracecontext,baggage`; `none` disables all.
    ///
    /// Formats are read in the order of the list, and the first one that names a parent wins. As in OpenTelemetry,
    /// `b3` and `b3multi` each read both variants of B3, the single header first, and write only their own. Elastic
    /// and X-Ray are only read.
    pub fn parse(list: &str) -> (Self, Vec<String>) {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        let names: Vec<_> = names.map(str::to_ascii_lowercase).collect();
        if names.is_empty() {
            return (Self::new([Format::TraceContext, Format::Baggage]), Vec::new());
        }
        let (mut order, mut written, mut unknown) = (Vec::new(), Formats::NONE, Vec::new());
        for name in names.iter().filter(|name| *name != "none") {
            let is_read = |format: &Format| {
                format.is_readable() || matches!(format, Format::Baggage | Format::CloudEvents)
            };
            match Format::from_name(name).filter(is_read) {
                Some(format) => {
                    let b3 = [Format::B3, Format::B3Multi];
                    order.extend_from_slice(if b3.contains(&format) {
                        &b3
                    } else {
                        std::slice::from_ref(&format)
                    });
                    written = written.with(format);
                }
                None if unknown.contains(name) => {}
                None => unknown.push(name.clone()),
            }
        }
        if names.iter().any(|name| name == "none") {
            (order, written) = (Vec::new(), Formats::NONE);
        }
        (Self { written: Format::WRITABLE & written, ..Self::new(order) }, unknown)
    }

    /// Parses the environment variable `OTEL_PROPAGATORS`.
    ///
    /// Each call warns once about unknown names, through OpenTelemetry's own log (feature `internal-logs`).
    pub fn from_env() -> Self {
        let list = env::var_os("OTEL_PROPAGATORS").unwrap_or_default();
        let (propagators, unknown) = Self::parse(&list.to_string_lossy());
        if !unknown.is_empty() {
            let names: String = unknown.join(",").chars().take(100).flat_map(char::escape_debug).collect();
            otel_warn!(
                name: "Propagators.UnknownNamesIgnored",
                variable = "OTEL_PROPAGATORS",
                count = unknown.len(),
                names = names.as_str()
            );
        }
        propagators
    }

    /// Sets the sampled flag of a parent whose producer deferred the decision. The default is not sampled.
    #[must_use]
    pub fn if_deferred(self, sampled: bool) -> Self {
        Self { if_deferred: sampled, ..self }
    }

    /// Also removes the headers of these formats when writing. Pass [`Formats::ALL`] to leave no old trace in a
    /// record.
    #[must_use]
    pub fn replacing(self, formats: impl Into<Formats>) -> Self {
        Self { replaced: self.replaced | formats.into(), ..self }
    }

    /// The formats that are read, in their order.
    pub fn order(&self) -> &[Format] {
        &self.order
    }

    /// The formats that are written.
    pub fn written(&self) -> Formats {
        self.written
    }

    /// The parent that a record names, and the other formats that it has, to detect conflicts and to count formats.
    pub fn choose<'a>(&'a self, headers: impl IntoIterator<Item = Header<'a>>) -> Choice<'a> {
        choose(headers, &self.order)
    }

    /// Extends a context with the parent and baggage of a received record. Never fails, whatever the headers contain.
    pub fn extract<'a>(&self, context: &Context, headers: impl IntoIterator<Item = Header<'a>>) -> Context {
        let mut reader = formats::ChoiceReader::new(&self.order);
        headers.into_iter().for_each(|header| reader.add(header));
        let mut received = reader.finish().context(self.if_deferred);
        if !self.order.contains(&Format::Baggage) {
            received.baggage = tracebaton::Baggage::EMPTY;
        }
        with_received(context, &received)
    }

    /// Writes a context's span and baggage into the headers of a record, in every written format: all headers or
    /// none.
    ///
    /// Returns the carrier's error. The record can still be sent: it has no header of these formats, or is unchanged.
    ///
    /// ```
    /// # use opentelemetry::Context;
    /// # use tracebaton::Header;
    /// # use tracebaton_opentelemetry::FormatPropagators;
    /// let propagators = FormatPropagators::parse("tracecontext,jaeger").0;
    /// let received = [Header::new("uber-trace-id", "64fe8b2a57d3eff7:e457b5a2e4d86bd1:0:1")];
    /// let context = propagators.extract(&Context::current(), received);
    /// let mut headers = Sent(Vec::new());
    /// propagators.inject(&context, &mut headers)?;
    /// assert_eq!(headers.0, ["traceparent", "uber-trace-id"]);
    /// # struct Sent(Vec<String>);
    /// # impl tracebaton::Carrier<'_> for Sent {
    /// #     type Error = std::convert::Infallible;
    /// #     fn headers(&self) -> impl Iterator<Item = Header<'_>> { self.0.iter().map(|name| Header::new(name, "")) }
    /// #     fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Self::Error> {
    /// #         Ok(self.0.retain(|name| !unwanted(name.as_bytes())))
    /// #     }
    /// #     fn add(&mut self, header: Header<'_>) -> Result<(), Self::Error> {
    /// #         Ok(self.0.push(String::from_utf8_lossy(header.name).into_owned()))
    /// #     }
    /// # }
    /// # Ok::<(), std::convert::Infallible>(())
    /// ```
    pub fn inject<C, E>(&self, context: &Context, carrier: &mut C) -> Result<Injected, E>
    where
        C: for<'v> Carrier<'v, Error = E>,
    {
        let outgoing = inject_context(context);
        let injection = FormatInjection::new(&outgoing.context(), self.written).replacing(self.replaced);
        formats::inject(&injection, carrier)
    }
}
