//! Trust policies: the part of a record's context that a consumer continues.

use crate::extraction::with_parent;
use crate::{Propagators, ReadHeaders};
use opentelemetry::Context;
use tracebaton::formats::{Choice, Sampling};
use tracebaton::{Baggage, TrustPolicy};

/// The part of a record's context that a [`TrustPolicy`] admits, as two contexts of OpenTelemetry ([C6]).
///
#[doc = include_str!("rules.md")]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AdmittedContext {
    /// Context for the start of the consumer's span: the admitted parent and baggage. It does not extend the current
    /// context, unlike the result of [`extract_trace_context`](crate::extract_trace_context).
    pub parent: Context,
    /// Context with the span to link to, for [`Record::process`](crate::Record::process) and
    /// [`Links::insert_context`](crate::Links::insert_context): the producer's span if it is the parent, and after
    /// `RestartWithLink`. After `RestartWithoutLink` it is empty.
    pub linked: Context,
}

/// Reads the headers of a record as [`extract_trace_context`](crate::extract_trace_context) does, and applies a trust
/// policy to the result ([C6]).
///
/// Attach `parent` in place of the extracted context. For a later attempt, keep the result: to extract again would give
/// what the policy forbids.
///
/// ```
/// use opentelemetry::trace::{TraceContextExt, TracerProvider};
/// use tracebaton_opentelemetry::tracebaton::TrustPolicy;
/// use tracebaton_opentelemetry::{Record, admit_trace_context};
///
/// # let tracer = opentelemetry_sdk::trace::SdkTracerProvider::default().tracer("doc");
/// let headers = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// let record = Record::new("orders.partner");
/// let admitted = admit_trace_context(headers, TrustPolicy::RestartWithLink);
/// let span = record.process(&admitted.linked).start_with_context(&tracer, &admitted.parent);
/// let processing = admitted.parent.with_span(span); // the root of a trace, with a link to the partner's
/// # let theirs = admitted.linked.span().span_context().trace_id();
/// assert_ne!(processing.span().span_context().trace_id(), theirs);
/// ```
#[doc = include_str!("rules.md")]
pub fn admit_trace_context<'a, K>(headers: impl ReadHeaders<'a, K>, policy: TrustPolicy) -> AdmittedContext {
    Propagators::configured().admit(headers, policy)
}

impl Propagators {
    /// [`admit_trace_context`] in these formats.
    ///
    /// Only `Continue` keeps B3's debug flag, a deferred decision, and a decision without a parent.
    pub fn admit<'a, K>(&self, headers: impl ReadHeaders<'a, K>, policy: TrustPolicy) -> AdmittedContext {
        let (received, sampling) = self.received(headers);
        admitted(&received, sampling, policy)
    }

    /// [`admit`](Self::admit) for a record whose verdicts [`choose`](Self::choose) has returned, without reading it again.
    ///
    /// ```
    /// # use opentelemetry::trace::TraceContextExt;
    /// # use tracebaton::{TraceParentRule, TrustPolicy};
    /// # use tracebaton_opentelemetry::Propagators;
    /// let choice = Propagators::W3C.choose([("traceparent", "00-")]);
    /// assert_eq!(choice.w3c.traceparent.error().unwrap().rule, TraceParentRule::TooShort);
    /// let admitted = Propagators::W3C.admit_choice(&choice, TrustPolicy::Continue);
    /// assert!(!admitted.parent.has_active_span());
    /// ```
    pub fn admit_choice(&self, choice: &Choice<'_>, policy: TrustPolicy) -> AdmittedContext {
        admitted(&choice.context(self.is_sampled_if_deferred()), choice.sampling(), policy)
    }
}

fn admitted(
    received: &tracebaton::Context<'_>,
    sampling: Option<Sampling>,
    policy: TrustPolicy,
) -> AdmittedContext {
    let sampling = sampling.filter(|_| policy == TrustPolicy::Continue);
    let admitted = received.admit(policy);
    let context =
        |span, baggage| with_parent(&Context::new(), &tracebaton::Context::new(span, baggage), sampling);
    AdmittedContext {
        parent: context(admitted.parent, admitted.baggage),
        linked: context(admitted.parent.or(admitted.link), Baggage::EMPTY),
    }
}
