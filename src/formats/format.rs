//! The tracing formats, and sets of them.

use crate::header::HeaderName;
use core::fmt;
use core::ops::{BitAnd, BitOr};

macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// A tracing format whose headers occur in Kafka records ([F1]).
        ///
        /// ```
        /// use tracebaton::formats::Format;
        ///
        /// assert_eq!(Format::B3Multi.name(), "b3multi");
        /// assert_eq!(Format::from_name("jaeger"), Some(Format::Jaeger));
        /// assert!(Format::Datadog.is_readable() && !Format::NewRelic.is_readable());
        /// ```
        #[doc = include_str!("../guides/rules.md")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Format {
            $($(#[$doc])* $variant,)*
        }

        impl Format {
            /// Every format.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Name of the format. If OpenTelemetry has a propagator for it, this is its name in `OTEL_PROPAGATORS`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

formats! {
    /// W3C Trace Context: `traceparent`, `tracestate`.
    TraceContext = "tracecontext",
    /// W3C Baggage: `baggage`.
    Baggage = "baggage",
    /// B3 in one header, `b3` ([F4]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    B3 = "b3",
    /// B3 in several headers, `X-B3-TraceId` and others ([F5]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    B3Multi = "b3multi",
    /// Jaeger: `uber-trace-id` ([F6]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    Jaeger = "jaeger",
    /// Datadog: `x-datadog-trace-id` and others ([F7]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    Datadog = "datadog",
    /// Elastic APM: `elasticapmtraceparent`, binary ([F8]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    Elastic = "elastic",
    /// Instana: `X_INSTANA_T` and others ([F9]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    Instana = "instana",
    /// AWS X-Ray: `X-Amzn-Trace-Id` ([F10]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    Xray = "xray",
    /// CloudEvents, Distributed Tracing extension: `ce_traceparent`. It names the origin of an event, never the
    /// parent ([F11]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    CloudEvents = "cloudevents",
    /// Datadog Data Streams: `dd-pathway-ctx`, which names no span. Recognised by name only.
    DataStreams = "datastreams",
    /// OpenTracing's basic tracer: `ot-tracer-traceid` and others. Recognised by name only.
    OpenTracing = "ottrace",
    /// New Relic: `newrelic`. Recognised by name only.
    NewRelic = "newrelic",
    /// Apache SkyWalking: `sw8`. Recognised by name only.
    SkyWalking = "skywalking",
    /// Dynatrace: `dtdTraceTagInfo`. Recognised by name only.
    Dynatrace = "dynatrace",
    /// Debezium: `tracingspancontext`. Recognised by name only.
    Debezium = "debezium",
    /// ASP.NET before W3C: `Request-Id`. Recognised by name only.
    AspNet = "aspnet",
    /// OpenCensus: `grpc-trace-bin`. Recognised by name only.
    OpenCensus = "opencensus",
}

impl Format {
    /// The formats that can name a parent and are read.
    pub const READABLE: Formats = Formats::of(&[
        Self::TraceContext,
        Self::B3,
        Self::B3Multi,
        Self::Jaeger,
        Self::Datadog,
        Self::Elastic,
        Self::Instana,
        Self::Xray,
    ]);

    /// The formats that can be written ([F13]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    pub const WRITABLE: Formats = Formats::of(&[
        Self::TraceContext,
        Self::Baggage,
        Self::B3,
        Self::B3Multi,
        Self::Jaeger,
        Self::Datadog,
        Self::Instana,
    ]);

    /// The format with this name, written in lower case. Returns `None` for every other text.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name().as_bytes() == name.as_bytes())
    }

    /// Whether the format can name a parent and is read.
    pub const fn is_readable(self) -> bool {
        Self::READABLE.contains(self)
    }
}

impl From<HeaderName> for Format {
    fn from(name: HeaderName) -> Self {
        match name {
            HeaderName::TraceParent | HeaderName::TraceState => Self::TraceContext,
            HeaderName::Baggage => Self::Baggage,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of formats.
///
/// ```
/// use tracebaton::formats::{Format, Formats};
///
/// let vendors = Formats::ALL.without(Format::TraceContext).without(Format::Baggage);
/// assert!(vendors.contains(Format::Datadog) && !vendors.contains(Format::TraceContext));
/// assert_eq!(Format::B3 | Format::B3Multi, Formats::of(&[Format::B3, Format::B3Multi]));
/// assert_eq!(Formats::ALL & Format::B3, Format::B3.into());
/// assert!(Formats::NONE.formats().next().is_none());
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Formats(u32);

impl Formats {
    /// The empty set.
    pub const NONE: Self = Self(0);
    /// Every known format, including W3C Trace Context and Baggage.
    pub const ALL: Self = Self::of(Format::ALL);

    /// The set of these formats.
    pub const fn of(mut formats: &[Format]) -> Self {
        let mut set = Self::NONE;
        while let [first, rest @ ..] = formats {
            set = set.with(*first);
            formats = rest;
        }
        set
    }

    /// The set with this format added.
    #[must_use]
    pub const fn with(self, format: Format) -> Self {
        Self(self.0 | 1 << format as u32)
    }

    /// The set with this format removed.
    #[must_use]
    pub const fn without(self, format: Format) -> Self {
        Self(self.0 & !(1 << format as u32))
    }

    /// Whether the format is in the set.
    #[inline]
    pub const fn contains(self, format: Format) -> bool {
        self.0 >> format as u32 & 1 != 0
    }

    /// The formats in the set, in the order of [`Format::ALL`].
    pub fn formats(self) -> impl Iterator<Item = Format> {
        Format::ALL.iter().copied().filter(move |format| self.contains(*format))
    }

    /// The set as bits, bit 0 for the first of [`Format::ALL`].
    pub const fn to_bits(self) -> u32 {
        self.0
    }

    /// The set with these bits. Bits that stand for no format are dropped.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// Whether a header of this name belongs to a format of the set ([F1]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    pub fn contains_name(self, name: &[u8]) -> bool {
        if self.is_w3c() {
            // No name of W3C's has a dash, so each has one spelling.
            return HeaderName::of(name).is_some_and(|name| self.contains(name.into()));
        }
        super::format_of(name).is_some_and(|format| self.contains(format))
    }

    /// Whether no format but W3C's is in the set.
    pub(super) const fn is_w3c(self) -> bool {
        self.without(Format::TraceContext).without(Format::Baggage).0 == 0
    }
}

impl From<Format> for Formats {
    fn from(format: Format) -> Self {
        Self::NONE.with(format)
    }
}

impl<F: Into<Self>> BitOr<F> for Formats {
    type Output = Self;

    fn bitor(self, other: F) -> Self {
        Self(self.0 | other.into().0)
    }
}

impl<F: Into<Self>> BitAnd<F> for Formats {
    type Output = Self;

    fn bitand(self, other: F) -> Self {
        Self(self.0 & other.into().0)
    }
}

impl<F: Into<Formats>> BitOr<F> for Format {
    type Output = Formats;

    fn bitor(self, other: F) -> Formats {
        Formats::from(self) | other
    }
}

impl fmt::Debug for Formats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.formats()).finish()
    }
}
