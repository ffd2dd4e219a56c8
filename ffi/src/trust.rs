//! How far a consumer trusts who produced a record.

use crate::context::{done, parent_status, tracebaton_context_t};
use crate::memory::{read, write};
use crate::status::{answer, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use tracebaton::{Admitted, TrustPolicy};

/// @brief How far a consumer trusts who produced a record: one of enum tracebaton_trust_policy.
pub type tracebaton_trust_policy_t = i32;

/// @brief What a consumer makes of the context of a record from a topic that it does not trust (W3C Trace Context
/// Level 2, 6 and 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum tracebaton_trust_policy {
    /// The record's context is the parent, as it came.
    TRACEBATON_TRUST_CONTINUE = 0,
    /// The record's context is the parent, and this service has decided to sample.
    TRACEBATON_TRUST_CONTINUE_SAMPLED = 1,
    /// The record's context is the parent, and this service has decided not to sample.
    TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED = 2,
    /// A new trace is begun, with a link to the record's span; baggage is dropped.
    TRACEBATON_TRUST_RESTART_WITH_LINK = 3,
    /// Nothing of the record's context is used.
    TRACEBATON_TRUST_IGNORE = 4,
}

impl tracebaton_trust_policy {
    fn of(code: tracebaton_trust_policy_t) -> Result<TrustPolicy, tracebaton_status> {
        const CONTINUE: tracebaton_trust_policy_t =
            tracebaton_trust_policy::TRACEBATON_TRUST_CONTINUE as tracebaton_trust_policy_t;
        const SAMPLED: tracebaton_trust_policy_t =
            tracebaton_trust_policy::TRACEBATON_TRUST_CONTINUE_SAMPLED as tracebaton_trust_policy_t;
        const NOT_SAMPLED: tracebaton_trust_policy_t =
            tracebaton_trust_policy::TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED as tracebaton_trust_policy_t;
        const RESTART: tracebaton_trust_policy_t =
            tracebaton_trust_policy::TRACEBATON_TRUST_RESTART_WITH_LINK as tracebaton_trust_policy_t;
        const IGNORE: tracebaton_trust_policy_t =
            tracebaton_trust_policy::TRACEBATON_TRUST_IGNORE as tracebaton_trust_policy_t;
        match code {
            CONTINUE => Ok(TrustPolicy::Continue),
            SAMPLED => Ok(TrustPolicy::ContinueResampled { sampled: true }),
            NOT_SAMPLED => Ok(TrustPolicy::ContinueResampled { sampled: false }),
            RESTART => Ok(TrustPolicy::RestartWithLink),
            IGNORE => Ok(TrustPolicy::Ignore),
            _ => Err(TRACEBATON_INVALID_ARGUMENT),
        }
    }
}

/// @brief What a consumer's span takes from a record: at most one of parent and link has a span context.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_admitted_t {
    /// The parent of the consumer's span, and the baggage to go on with.
    pub parent: tracebaton_context_t,
    /// What the consumer's span, the first of a new trace, links to. It has no baggage.
    pub link: tracebaton_context_t,
}

impl From<Admitted<'_>> for tracebaton_admitted_t {
    fn from(trusted: Admitted<'_>) -> Self {
        let parent = tracebaton::Context { span_context: trusted.parent, baggage: trusted.baggage };
        Self {
            parent: parent.into(),
            link: trusted.link.map_or(tracebaton_context_t::EMPTY, tracebaton_context_t::from),
        }
    }
}

/// @brief Takes from the context of a record what a consumer trusts.
///
/// @param context The context of the record.
/// @param trust How far it is trusted: one of enum tracebaton_trust_policy.
/// @param trusted (out) What is left. Its pointers are those of \p context.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if \p trusted has no parent: the consumer's span begins a new
/// trace. Negative: TRACEBATON_INVALID_ARGUMENT, or what is wrong with \p context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_context_admit(
    context: *const tracebaton_context_t,
    trust: tracebaton_trust_policy_t,
    trusted: *mut tracebaton_admitted_t,
) -> tracebaton_status_t {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let choice = tracebaton_trust_policy::of(trust)?;
        let taken = read(context)?.validate()?.admit(choice);
        done(write(trusted, taken.into()), parent_status(taken.parent.is_some()))
    })
}
