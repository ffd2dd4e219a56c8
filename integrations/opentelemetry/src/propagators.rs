//! Which of the headers a service reads and writes: `OTEL_PROPAGATORS`.

use crate::{inject_context, with_received};
use opentelemetry::{Context, otel_warn};
use std::collections::BTreeSet;
use std::env;
use std::sync::OnceLock;
use tracebaton::{Carrier, Header, Injection};

/// The variable of OpenTelemetry's SDKs.
const VARIABLE: &str = "OTEL_PROPAGATORS";

/// Which headers are read and written: `traceparent` with `tracestate`, `baggage`, both or none.
///
/// Whatever is not carried is not touched: a record keeps the headers of that kind that it has.
///
/// ```
/// use opentelemetry::{Context, KeyValue, baggage::BaggageExt};
/// use tracebaton_opentelemetry::{HeaderList, Propagators};
///
/// let context = Context::new().with_baggage([KeyValue::new("tenant", "7")]);
/// let mut headers = vec![("traceparent".to_owned(), b"of somebody else".to_vec())];
/// let Ok(()) = Propagators::BAGGAGE.inject(&context, &mut HeaderList(&mut headers));
/// assert_eq!(headers[0].1, b"of somebody else");
/// assert_eq!(headers[1].1, b"tenant=7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Propagators {
    trace_context: bool,
    baggage: bool,
}

impl Default for Propagators {
    /// What holds without the variable: both.
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

    /// What a list in the form of `OTEL_PROPAGATORS` says, and the names in it that mean nothing here, each once, in
    /// alphabetical order and lower case.
    ///
    /// Names are compared in any letter case, white space around them and empty ones do not count, and `none` beside
    /// others is none. A list without a name is as no list: both. A list of unknown names alone carries nothing, since
    /// its writer wanted something else (OpenTelemetry, Environment Variable Specification).
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

    /// What `OTEL_PROPAGATORS` says now.
    ///
    /// Of unknown names it warns, once a call, where OpenTelemetry's own warnings go (feature `internal-logs`).
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

    /// What `OTEL_PROPAGATORS` said when this was first called, for all of the process.
    ///
    /// [`inject_trace_context`](crate::inject_trace_context) and
    /// [`extract_trace_context`](crate::extract_trace_context) go by it.
    ///
    /// ```
    /// # use opentelemetry::Context;
    /// # use tracebaton_opentelemetry::{HeaderList, Propagators};
    /// # let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
    /// // With rust-rdkafka the carrier is `tracebaton_rdkafka::HeadersMut(&mut headers)`.
    /// let Ok(()) = Propagators::configured().inject(&Context::current(), &mut HeaderList(&mut headers));
    /// ```
    pub fn configured() -> Self {
        static CONFIGURED: OnceLock<Propagators> = OnceLock::new();
        *CONFIGURED.get_or_init(Self::from_env)
    }

    /// Whether `traceparent` and `tracestate` are carried.
    pub const fn trace_context(self) -> bool {
        self.trace_context
    }

    /// Whether `baggage` is carried.
    pub const fn baggage(self) -> bool {
        self.baggage
    }

    /// Writes a context's span and baggage into the headers of a record: replaces what is there (W1), all or none (W6).
    ///
    /// An error is the carrier's. The record is then without a context, or untouched, and can still be sent.
    pub fn inject<C, E>(self, context: &Context, carrier: &mut C) -> Result<(), E>
    where
        C: for<'v> Carrier<'v, Error = E>,
    {
        let outgoing = inject_context(context);
        let injection = self.restrict(outgoing.injection());
        tracebaton::inject(&injection, carrier)
    }

    /// The context of a received record on top of another one: total, whatever the headers hold (R1).
    ///
    /// ```
    /// # use opentelemetry::{Context, baggage::BaggageExt, trace::TraceContextExt};
    /// # use tracebaton_opentelemetry::Propagators;
    /// # let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    /// # use tracebaton::Header;
    /// let headers = [Header::new("traceparent", traceparent), Header::new("baggage", "tenant=7")];
    /// let context = Propagators::TRACE_CONTEXT.extract(&Context::current(), headers);
    /// assert!(context.span().span_context().is_remote() && context.baggage().is_empty());
    /// ```
    pub fn extract<'a>(self, context: &Context, headers: impl IntoIterator<Item = Header<'a>>) -> Context {
        let mut received = tracebaton::extract(headers).context();
        if !self.trace_context {
            received.span_context = None;
        }
        if !self.baggage {
            received.baggage = tracebaton::Baggage::EMPTY;
        }
        with_received(context, &received)
    }

    /// An injection of the headers that are carried; where nothing is, the record stays as it is.
    ///
    /// ```
    /// # use tracebaton_opentelemetry::Propagators;
    /// # let outgoing = tracebaton_opentelemetry::inject_context(&opentelemetry::Context::current());
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

/// Names as a log may show them: no control characters, and not at any length.
fn shortened(names: &str) -> String {
    const MOST: usize = 100;
    let mut shown: String = names.chars().take(MOST).flat_map(char::escape_debug).collect();
    if names.chars().nth(MOST).is_some() {
        shown.push_str("...");
    }
    shown
}
