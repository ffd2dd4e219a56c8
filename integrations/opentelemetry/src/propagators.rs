//! `OTEL_PROPAGATORS`: the headers that a service reads and writes.

use crate::{Injected, ReadHeaders, WriteHeaders, inject_context, with_received};
use opentelemetry::{Context, otel_warn};
use std::collections::BTreeSet;
use std::env;
use std::sync::OnceLock;
use tracebaton::Injection;

/// The environment variable of OpenTelemetry's SDKs.
const VARIABLE: &str = "OTEL_PROPAGATORS";

/// The headers that are read and written: `traceparent` with `tracestate`, `baggage`, both or none.
///
/// Excluded headers are not changed: a record keeps those that it has.
///
/// ```
/// use opentelemetry::{Context, KeyValue, baggage::BaggageExt};
/// use tracebaton_opentelemetry::{Injected, Propagators};
///
/// let context = Context::new().with_baggage([KeyValue::new("tenant", "7")]);
/// let mut headers = vec![("traceparent".to_owned(), b"of somebody else".to_vec())];
/// assert_eq!(Propagators::BAGGAGE.inject(&context, &mut headers), Ok(Injected::Baggage));
/// assert_eq!(headers[0].1, b"of somebody else");
/// assert_eq!(headers[1].1, b"tenant=7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Propagators {
    trace_context: bool,
    baggage: bool,
}

impl Default for Propagators {
    /// Both, as if the variable was not set.
    fn default() -> Self {
        Self::ALL
    }
}

impl Propagators {
    /// `tracecontext,baggage`.
    pub const ALL: Self = Self { trace_context: true, baggage: true };
    /// `tracecontext`: `traceparent` and `tracestate`.
    pub const TRACE_CONTEXT: Self = Self { trace_context: true, baggage: false };
    /// `baggage`.
    pub const BAGGAGE: Self = Self { trace_context: false, baggage: true };
    /// `none`: nothing is read or written.
    pub const NONE: Self = Self { trace_context: false, baggage: false };

    /// Parses a list in the syntax of `OTEL_PROPAGATORS`. Returns the propagators and the unknown names, in lower
    /// case, each one once, in alphabetical order.
    ///
    /// Letter case, white space around names and empty names are ignored. A list with `none` disables propagation. A
    /// list without a name is the default. A list of only unknown names disables propagation, since it was not meant
    /// as the default (OpenTelemetry, Environment Variable Specification).
    ///
    /// ```
    /// use tracebaton_opentelemetry::Propagators;
    ///
    /// let (propagators, unknown) = Propagators::parse("TraceContext, b3,tracecontext");
    /// assert_eq!(propagators, Propagators::TRACE_CONTEXT);
    /// assert_eq!(unknown, ["b3"]);
    /// assert_eq!(Propagators::parse("").0, Propagators::ALL);
    /// ```
    pub fn parse(list: &str) -> (Self, Vec<String>) {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        let mut names: BTreeSet<String> = names.map(str::to_ascii_lowercase).collect();
        if names.is_empty() {
            return (Self::ALL, Vec::new());
        }
        let [none, trace_context, baggage] =
            ["none", "tracecontext", "baggage"].map(|name| names.remove(name));
        let propagators = Self { trace_context: trace_context && !none, baggage: baggage && !none };
        (propagators, names.into_iter().collect())
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

    /// The propagators of the environment variable `OTEL_PROPAGATORS`, read once in a process.
    ///
    /// [`inject_trace_context`](crate::inject_trace_context) and
    /// [`extract_trace_context`](crate::extract_trace_context) use it.
    ///
    /// ```
    /// use tracebaton_opentelemetry::Propagators;
    /// assert_eq!(Propagators::configured(), Propagators::ALL); // without the variable
    /// ```
    pub fn configured() -> Self {
        static CONFIGURED: OnceLock<Propagators> = OnceLock::new();
        *CONFIGURED.get_or_init(Self::from_env)
    }

    /// Whether `traceparent` and `tracestate` are read and written.
    pub const fn trace_context(self) -> bool {
        self.trace_context
    }

    /// Whether `baggage` is read and written.
    pub const fn baggage(self) -> bool {
        self.baggage
    }

    /// Writes the span and baggage of a context into the headers of a record, as
    /// [`inject_trace_context`](crate::inject_trace_context) does (W1, W2).
    ///
    /// All headers are written, or none (W6). Returns the carrier's error. The record can still be sent: it has none
    /// of these headers, or is unchanged.
    pub fn inject<K, H: WriteHeaders<K>>(
        self,
        context: &Context,
        headers: &mut H,
    ) -> Result<Injected, H::Error> {
        let outgoing = inject_context(context);
        let injection = self.restrict(outgoing.injection());
        headers.write_headers(&injection)?;
        Ok(Injected::of(&injection))
    }

    /// Extends a context with the parent and baggage of a record. Never fails, whatever the headers contain (R1).
    ///
    /// ```
    /// # use opentelemetry::{Context, baggage::BaggageExt, trace::TraceContextExt};
    /// # use tracebaton_opentelemetry::Propagators;
    /// # let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    /// let headers = [("traceparent", traceparent), ("baggage", "tenant=7")];
    /// let context = Propagators::TRACE_CONTEXT.extract(&Context::current(), headers);
    /// assert!(context.span().span_context().is_remote() && context.baggage().is_empty());
    /// ```
    pub fn extract<'a, K>(self, context: &Context, headers: impl ReadHeaders<'a, K>) -> Context {
        let mut received = tracebaton::extract(headers.read_headers()).context();
        if !self.trace_context {
            received.span_context = None;
        }
        if !self.baggage {
            received.baggage = tracebaton::Baggage::EMPTY;
        }
        with_received(context, &received)
    }

    /// Removes the excluded headers from an injection. They are then neither written nor removed.
    ///
    /// ```
    /// # use tracebaton_opentelemetry::{Propagators, extract_trace_context};
    /// # let parent = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
    /// # let outgoing = tracebaton_opentelemetry::inject_context(&extract_trace_context(parent));
    /// let injection = Propagators::TRACE_CONTEXT.restrict(outgoing.injection());
    /// assert!(injection.replaces(b"traceparent") && !injection.replaces(b"baggage"));
    /// ```
    pub const fn restrict(self, mut injection: Injection<'_>) -> Injection<'_> {
        if !self.baggage {
            injection = injection.trace_context_only();
        }
        if !self.trace_context {
            injection = injection.baggage_only();
        }
        injection
    }
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
