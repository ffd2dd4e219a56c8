//! `OTEL_PROPAGATORS`: the formats that a service reads and writes.

use crate::extraction::with_parent;
use crate::{Outgoing, ReadHeaders, WriteHeaders, inject_context};
use opentelemetry::{Context, otel_warn};
use std::env;
use std::fmt;
use std::sync::OnceLock;
use tracebaton::formats::{Choice, ChoiceReader, Format, FormatInjection, Formats, Sampling};
use tracebaton::{Baggage, Injected, Verdict};

/// The environment variable of OpenTelemetry's SDKs.
const VARIABLE: &str = "OTEL_PROPAGATORS";

/// Maximum count of formats that are read.
const MOST: usize = 10;

const W3C: Formats = Formats::of(&[Format::TraceContext, Format::Baggage]);

static CONFIGURED: OnceLock<Propagators> = OnceLock::new();

/// The formats that a service reads, in this order, and the formats that it writes ([F1] to [F14]).
///
/// A format that is read and not written is removed from a record that gets a span, since it names an older one. The
/// headers of all other formats are not changed.
///
/// ```
/// use opentelemetry::{Context, trace::TraceContextExt};
/// use tracebaton_opentelemetry::Propagators;
///
/// let (propagators, unknown) = Propagators::parse("tracecontext,baggage,b3,zipkin");
/// assert_eq!(unknown, ["zipkin"]);
/// let received = [("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1")];
/// let context = propagators.extract(&Context::current(), received);
/// assert!(context.span().span_context().is_remote());
///
/// let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
/// propagators.inject(&context, &mut headers)?;
/// assert_eq!([&*headers[0].0, &*headers[1].0], ["traceparent", "b3"]);
/// # Ok::<(), std::convert::Infallible>(())
/// ```
#[doc = include_str!("rules.md")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Propagators {
    /// The first `count` are read; the rest is filler.
    order: [Format; MOST],
    count: usize,
    written: Formats,
    replaced: Formats,
    if_deferred: bool,
}

impl Default for Propagators {
    /// `tracecontext,baggage`, as if the variable was not set.
    fn default() -> Self {
        Self::W3C
    }
}

impl Propagators {
    /// `tracecontext,baggage`: the three headers of W3C.
    pub const W3C: Self = Self::new(&[Format::TraceContext, Format::Baggage]);
    /// `tracecontext`: `traceparent` and `tracestate`.
    pub const TRACE_CONTEXT: Self = Self::new(&[Format::TraceContext]);
    /// `baggage`.
    pub const BAGGAGE: Self = Self::new(&[Format::Baggage]);
    /// `none`: nothing is read or written.
    pub const NONE: Self = Self {
        order: [Format::TraceContext; MOST],
        count: 0,
        written: Formats::NONE,
        replaced: Formats::NONE,
        if_deferred: false,
    };

    /// Reads these formats in this order, and writes those of them that can be written.
    ///
    /// Formats that cannot be read are ignored. Without [`Format::Baggage`], baggage is neither read nor written.
    pub const fn new(formats: &[Format]) -> Self {
        let (mut new, mut formats) = (Self::NONE, formats);
        while let [format, rest @ ..] = formats {
            (new, formats) = (new.read(*format).write(*format), rest);
        }
        new
    }

    /// Parses a list in the syntax of `OTEL_PROPAGATORS`. Returns the propagators and the unknown names, each one
    /// once and in lower case.
    ///
    /// The names are OpenTelemetry's `tracecontext`, `baggage`, `b3`, `b3multi`, `jaeger` and `xray`, and `datadog`,
    /// `elastic`, `instana` and `cloudevents`, in any letter case.
    ///
    /// - Formats are read in the order of the list, and the first one that names a parent wins.
    /// - As in OpenTelemetry, `b3` and `b3multi` each read both variants of B3, the single header first, and write
    ///   only their own. `elastic`, `xray` and `cloudevents` are only read.
    /// - White space around names and empty names are ignored. A list without a name is the default.
    /// - A list with `none` disables propagation. So does a list of only unknown names, since it was not meant as the
    ///   default (OpenTelemetry, Environment Variable Specification).
    ///
    /// ```
    /// use tracebaton_opentelemetry::Propagators;
    ///
    /// let (propagators, unknown) = Propagators::parse("TraceContext, b4,tracecontext");
    /// assert_eq!(propagators, Propagators::TRACE_CONTEXT);
    /// assert_eq!(unknown, ["b4"]);
    /// assert_eq!(Propagators::parse("").0, Propagators::W3C);
    /// ```
    pub fn parse(list: &str) -> (Self, Vec<String>) {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        let names: Vec<_> = names.map(str::to_ascii_lowercase).collect();
        if names.is_empty() {
            return (Self::W3C, Vec::new());
        }
        let (mut propagators, mut unknown) = (Self::NONE, Vec::new());
        for name in names.iter().filter(|name| *name != "none") {
            match Format::from_name(name).filter(|format| can_be_read(*format)) {
                Some(format @ (Format::B3 | Format::B3Multi)) => {
                    propagators = propagators.read(Format::B3).read(Format::B3Multi).write(format);
                }
                Some(format) => propagators = propagators.read(format).write(format),
                None if unknown.contains(name) => {}
                None => unknown.push(name.clone()),
            }
        }
        let is_none = names.iter().any(|name| name == "none");
        (if is_none { Self::NONE } else { propagators }, unknown)
    }

    const fn read(mut self, format: Format) -> Self {
        if can_be_read(format) && !self.reads(format) {
            self.order[self.count] = format;
            self.count += 1;
        }
        self
    }

    const fn write(self, format: Format) -> Self {
        let is_writable = Format::WRITABLE.contains(format);
        Self { written: if is_writable { self.written.with(format) } else { self.written }, ..self }
    }

    /// Parses the environment variable `OTEL_PROPAGATORS`.
    ///
    /// Each call warns once about unknown names, through OpenTelemetry's own log (feature `internal-logs`).
    pub fn from_env() -> Self {
        let list = env::var_os(VARIABLE).unwrap_or_default();
        let (propagators, unknown) = Self::parse(&list.to_string_lossy());
        if !unknown.is_empty() {
            otel_warn!(
                name: "Propagators.UnknownNamesIgnored",
                variable = VARIABLE,
                count = unknown.len(),
                names = shortened(&unknown.join(","))
            );
        }
        propagators
    }

    /// The propagators of the process: the installed ones, otherwise those of `OTEL_PROPAGATORS`, which is read once.
    ///
    /// [`inject_trace_context`](crate::inject_trace_context), [`extract_trace_context`](crate::extract_trace_context) and
    /// [`Links`](crate::Links) use them.
    ///
    /// ```
    /// use tracebaton_opentelemetry::Propagators;
    /// assert_eq!(*Propagators::configured(), Propagators::W3C); // without the variable
    /// ```
    pub fn configured() -> &'static Self {
        CONFIGURED.get_or_init(Self::from_env)
    }

    /// Sets the propagators of the process, in place of `OTEL_PROPAGATORS`. Call it once, before a record is read or
    /// written.
    ///
    /// Returns an error with the propagators that are already in use.
    ///
    /// ```
    /// use tracebaton::formats::Formats;
    /// use tracebaton_opentelemetry::Propagators;
    ///
    /// // As the variable has it, and no header of another format stays in a record.
    /// let propagators = Propagators::from_env().replacing(Formats::ALL);
    /// assert_eq!(propagators.install(), Ok(()));
    /// assert_eq!(Propagators::W3C.install(), Err(&propagators));
    /// ```
    pub fn install(self) -> Result<(), &'static Self> {
        CONFIGURED.set(self).map_err(|_| Self::configured())
    }

    /// Sets the sampled flag of a parent whose producer deferred the decision. The default is not sampled.
    #[must_use]
    pub const fn if_deferred(self, sampled: bool) -> Self {
        Self { if_deferred: sampled, ..self }
    }

    /// Writes these formats in place of those in the list. What is read does not change.
    ///
    /// Formats that cannot be written are ignored.
    ///
    /// ```
    /// # use opentelemetry::Context;
    /// use tracebaton::formats::Format;
    /// use tracebaton_opentelemetry::Propagators;
    ///
    /// // The second step from B3 to W3C: B3 is still read.
    /// let propagators = Propagators::parse("tracecontext,baggage,b3").0.writing(Format::TraceContext | Format::Baggage);
    /// let mut headers = vec![("b3".to_owned(), b"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1".to_vec())];
    /// let context = propagators.extract(&Context::new(), &headers);
    /// propagators.inject(&context, &mut headers)?;
    /// assert_eq!(headers.len(), 1);
    /// assert_eq!(headers[0].0, "traceparent");
    /// # Ok::<(), std::convert::Infallible>(())
    /// ```
    #[must_use]
    pub fn writing(self, formats: impl Into<Formats>) -> Self {
        Self { written: Format::WRITABLE & formats, ..self }
    }

    /// Also removes the headers of these formats at each injection, even if the context has no span to write. So
    /// [`Formats::ALL`] leaves no old trace in a record, and no trace at all in a service without spans.
    ///
    /// A format that is written stays written: [`writing`](Self::writing) changes that.
    #[must_use]
    pub fn replacing(self, formats: impl Into<Formats>) -> Self {
        Self { replaced: self.replaced | formats.into(), ..self }
    }

    pub(crate) const fn is_sampled_if_deferred(&self) -> bool {
        self.if_deferred
    }

    /// The formats that are read, in their order.
    pub fn order(&self) -> &[Format] {
        &self.order[..self.count]
    }

    /// Whether a format is read.
    pub const fn reads(&self, format: Format) -> bool {
        let mut index = 0;
        while index < self.count {
            if self.order[index] as u32 == format as u32 {
                return true;
            }
            index += 1;
        }
        false
    }

    /// The formats that are written.
    pub const fn written(&self) -> Formats {
        self.written
    }

    /// The formats that are read and not written, and name a parent or baggage.
    fn only_read(&self) -> Formats {
        let read = Formats::of(self.order()).without(Format::CloudEvents);
        self.written.formats().fold(read, Formats::without)
    }

    /// The parent that a record names, and its other formats, to detect conflicts and to count formats.
    ///
    /// Without [`Format::Baggage`] in the list, the record's baggage is absent.
    ///
    /// ```
    /// use tracebaton::formats::Format;
    /// use tracebaton_opentelemetry::Propagators;
    ///
    /// let propagators = Propagators::parse("tracecontext,jaeger").0;
    /// let headers = [("uber-trace-id", "64fe8b2a57d3eff7:e457b5a2e4d86bd1:0:1"), ("baggage", "tenant=7")];
    /// let choice = propagators.choose(headers);
    /// assert_eq!(choice.arrived_as(), Some(Format::Jaeger));
    /// assert!(choice.context(false).baggage.is_empty());
    /// ```
    pub fn choose<'a, 'h: 'a, K>(&'a self, headers: impl ReadHeaders<'h, K>) -> Choice<'a> {
        let mut reader = ChoiceReader::new(self.order());
        headers.read_headers().for_each(|header| reader.add(header));
        let mut choice = reader.finish();
        if !self.reads(Format::Baggage) {
            choice.w3c.baggage = Verdict::Absent;
        }
        choice
    }

    /// Extends a context with the parent and baggage of a record. Never fails, whatever the headers contain ([R1]).
    ///
    /// ```
    /// # use opentelemetry::{Context, baggage::BaggageExt, trace::TraceContextExt};
    /// # use tracebaton_opentelemetry::Propagators;
    /// # let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    /// let headers = [("traceparent", traceparent), ("baggage", "tenant=7")];
    /// let context = Propagators::TRACE_CONTEXT.extract(&Context::current(), headers);
    /// assert!(context.span().span_context().is_remote() && context.baggage().is_empty());
    /// ```
    #[doc = include_str!("rules.md")]
    pub fn extract<'a, K>(&self, context: &Context, headers: impl ReadHeaders<'a, K>) -> Context {
        let (received, sampling) = self.received(headers);
        with_parent(context, &received, sampling)
    }

    /// The context of a record in the formats that are read, and the sampling decision of its parent.
    pub(crate) fn received<'a, 'h: 'a, K>(
        &'a self,
        headers: impl ReadHeaders<'h, K>,
    ) -> (tracebaton::Context<'a>, Option<Sampling>) {
        let is_w3c = self.order().iter().all(|format| W3C.contains(*format));
        let (mut received, sampling) = if is_w3c {
            (tracebaton::extract(headers.read_headers()).context(), None)
        } else {
            let choice = self.choose(headers);
            (choice.context(self.if_deferred), choice.sampling())
        };
        if is_w3c && !self.reads(Format::TraceContext) {
            received.span_context = None;
        }
        if !self.reads(Format::Baggage) {
            received.baggage = Baggage::EMPTY;
        }
        (received, sampling)
    }

    /// Writes the span and baggage of a context into the headers of a record, as
    /// [`inject_trace_context`](crate::inject_trace_context) does ([W1], [W2]).
    ///
    /// All headers are written, or none ([W6]). Returns the carrier's error. The record can still be sent: it has
    /// none of the headers to write, or is unchanged.
    ///
    #[doc = include_str!("rules.md")]
    pub fn inject<K, H: WriteHeaders<K>>(
        &self,
        context: &Context,
        headers: &mut H,
    ) -> Result<Injected, H::Error> {
        headers.write_headers(&self.injection(&inject_context(context)))
    }

    /// The headers to write for a context that was inspected or changed, for
    /// [`formats::inject`](tracebaton::formats::inject) and the carriers.
    ///
    /// ```
    /// # use tracebaton_opentelemetry::{Propagators, extract_trace_context};
    /// # let parent = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
    /// let outgoing = tracebaton_opentelemetry::inject_context(&extract_trace_context(parent)).with_random(true);
    /// let injection = Propagators::TRACE_CONTEXT.injection(&outgoing);
    /// assert!(injection.replaces(b"traceparent") && !injection.replaces(b"baggage"));
    /// ```
    pub fn injection<'o>(&self, outgoing: &'o Outgoing) -> FormatInjection<'o> {
        let context = outgoing.context();
        let older = if context.span_context.is_some() { self.only_read() } else { Formats::NONE };
        let injection = FormatInjection::new(&context, self.written).replacing(self.replaced | older);
        match outgoing.sampling() {
            Some(sampling) => injection.sampling(sampling),
            None => injection,
        }
    }
}

impl fmt::Debug for Propagators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Propagators")
            .field("order", &self.order())
            .field("written", &self.written)
            .field("replaced", &self.replaced)
            .field("if_deferred", &self.if_deferred)
            .finish()
    }
}

/// Whether a format names a parent and can be read, or is baggage or CloudEvents.
const fn can_be_read(format: Format) -> bool {
    format.is_readable() || matches!(format, Format::Baggage | Format::CloudEvents)
}

/// Formats names for a log: without control characters, at most 100 characters.
fn shortened(names: &str) -> String {
    const MOST: usize = 100;
    let mut shown: String = names.chars().take(MOST).flat_map(char::escape_debug).collect();
    if names.chars().nth(MOST).is_some() {
        shown.push_str("...");
    }
    shown
}
