//! Trust policies: how far a consumer trusts the producer of a record.

use crate::context::{parent_status, tracebaton_context_t};
use crate::memory::{FIRST, SECOND, THIRD, write};
use crate::status::{status_of, tracebaton_status, tracebaton_status_t};
use tracebaton::{Admitted, TrustPolicy};

/// @brief How far a consumer trusts the producer of a record: one of enum tracebaton_trust_policy. See
/// tracebaton_context_admit().
pub type tracebaton_trust_policy_t = i32;

/// @brief How far a consumer trusts the producer of a record (W3C Trace Context Level 2, 6 and 7).
///
/// tracebaton_context_admit() reduces a context to the part that a policy admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum tracebaton_trust_policy {
    /// The received context is the parent, unchanged.
    TRACEBATON_TRUST_CONTINUE = 0,
    /// The received context is the parent. The consumer has decided to sample.
    TRACEBATON_TRUST_CONTINUE_SAMPLED = 1,
    /// The received context is the parent. The consumer has decided not to sample.
    TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED = 2,
    /// The consumer starts a new trace with a link to the received span. The baggage is dropped.
    TRACEBATON_TRUST_RESTART_WITH_LINK = 3,
    /// The consumer starts a new trace. It uses no part of the received context.
    TRACEBATON_TRUST_RESTART_WITHOUT_LINK = 4,
}

impl tracebaton_trust_policy {
    fn of(code: tracebaton_trust_policy_t) -> Result<TrustPolicy, tracebaton_status> {
        const CONTINUE: i32 = tracebaton_trust_policy::TRACEBATON_TRUST_CONTINUE as i32;
        const SAMPLED: i32 = tracebaton_trust_policy::TRACEBATON_TRUST_CONTINUE_SAMPLED as i32;
        const NOT_SAMPLED: i32 = tracebaton_trust_policy::TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED as i32;
        const RESTART: i32 = tracebaton_trust_policy::TRACEBATON_TRUST_RESTART_WITH_LINK as i32;
        const RESTART_WITHOUT_LINK: i32 =
            tracebaton_trust_policy::TRACEBATON_TRUST_RESTART_WITHOUT_LINK as i32;
        match code {
            CONTINUE => Ok(TrustPolicy::Continue),
            SAMPLED => Ok(TrustPolicy::ContinueResampled { sampled: true }),
            NOT_SAMPLED => Ok(TrustPolicy::ContinueResampled { sampled: false }),
            RESTART => Ok(TrustPolicy::RestartWithLink),
            RESTART_WITHOUT_LINK => Ok(TrustPolicy::RestartWithoutLink),
            _ => Err(SECOND),
        }
    }
}

/// @brief The part of a received context that a trust policy admits: a parent or a link, never both, and baggage.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_admitted_t {
    /// Parent of the consumer's span, with the baggage that the consumer propagates.
    pub parent: tracebaton_context_t,
    /// Span that the consumer's root links to. It has no baggage.
    pub link: tracebaton_context_t,
}

impl From<Admitted<'_>> for tracebaton_admitted_t {
    fn from(admitted: Admitted<'_>) -> Self {
        let parent = tracebaton::Context::new(admitted.parent, admitted.baggage);
        Self {
            parent: parent.into(),
            link: admitted.link.map_or(tracebaton_context_t::EMPTY, tracebaton_context_t::from),
        }
    }
}

/// @brief Reduces a received context to the part that a trust policy admits.
///
/// It does not change the record. After every policy except TRACEBATON_TRUST_CONTINUE, a record that you send again
/// still has the tracing headers of its producer. Remove them with tracebaton_headers_strip_formats(), or in
/// librdkafka's list with tracebaton_rdkafka_strip_formats(). Then inject the context of your span.
///
/// @param context Context of the record.
/// @param policy How far the producer is trusted: one of enum tracebaton_trust_policy.
/// @param admitted (out) The admitted part. Its pointers are copied from \p context.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no parent: the consumer's span is then a root.
/// Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_context_admit(
    context: *const tracebaton_context_t,
    policy: tracebaton_trust_policy_t,
    admitted: *mut tracebaton_admitted_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let policy = tracebaton_trust_policy::of(policy)?;
        let part = tracebaton_context_t::validated_shared(FIRST, context)?.admit(policy);
        write(THIRD, admitted, part.into()).map(|()| parent_status(part.parent.is_some()))
    })
}
