//! How far a consumer trusts who produced a record.

use crate::context::{Context, done, parent_status};
use crate::memory::{read, write};
use crate::status::{Status, StatusCode, answer};
use tracebaton::{Admitted, TrustPolicy};

/// @brief How far a consumer trusts who produced a record: one of enum tracebaton_trust_choice.
pub type TrustCode = i32;

/// @brief What a consumer makes of the context of a record from a topic that it does not trust (W3C Trace Context
/// Level 2, 6 and 7).
#[allow(non_camel_case_types, reason = "one name in both languages")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum TrustChoice {
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

impl TrustChoice {
    fn of(code: TrustCode) -> Result<TrustPolicy, Status> {
        const CONTINUE: TrustCode = TrustChoice::TRACEBATON_TRUST_CONTINUE as TrustCode;
        const SAMPLED: TrustCode = TrustChoice::TRACEBATON_TRUST_CONTINUE_SAMPLED as TrustCode;
        const NOT_SAMPLED: TrustCode = TrustChoice::TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED as TrustCode;
        const RESTART: TrustCode = TrustChoice::TRACEBATON_TRUST_RESTART_WITH_LINK as TrustCode;
        const IGNORE: TrustCode = TrustChoice::TRACEBATON_TRUST_IGNORE as TrustCode;
        match code {
            CONTINUE => Ok(TrustPolicy::Continue),
            SAMPLED => Ok(TrustPolicy::ContinueResampled { sampled: true }),
            NOT_SAMPLED => Ok(TrustPolicy::ContinueResampled { sampled: false }),
            RESTART => Ok(TrustPolicy::RestartWithLink),
            IGNORE => Ok(TrustPolicy::Ignore),
            _ => Err(Status::TRACEBATON_INVALID_ARGUMENT),
        }
    }
}

/// @brief What a consumer's span takes from a record: at most one of parent and link has a span context.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct TrustedContext {
    /// The parent of the consumer's span, and the baggage to go on with.
    pub parent: Context,
    /// What the consumer's span, the first of a new trace, links to. It has no baggage.
    pub link: Context,
}

impl From<Admitted<'_>> for TrustedContext {
    fn from(trusted: Admitted<'_>) -> Self {
        let parent = tracebaton::Context { span_context: trusted.parent, baggage: trusted.baggage };
        Self { parent: parent.into(), link: trusted.link.map_or(Context::EMPTY, Context::from) }
    }
}

/// @brief Takes from the context of a record what a consumer trusts.
///
/// @param context The context of the record.
/// @param trust How far it is trusted: one of enum tracebaton_trust_choice.
/// @param trusted (out) What is left. Its pointers are those of \p context.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if \p trusted has no parent: the consumer's span begins a new
/// trace. Negative: TRACEBATON_INVALID_ARGUMENT, or what is wrong with \p context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_trust(
    context: *const Context,
    trust: TrustCode,
    trusted: *mut TrustedContext,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let choice = TrustChoice::of(trust)?;
        let taken = read(context)?.validate()?.admit(choice);
        done(write(trusted, taken.into()), parent_status(taken.parent.is_some()))
    })
}
