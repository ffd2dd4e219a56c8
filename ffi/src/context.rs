//! The context of one record as a C struct.

use crate::id::{
    TRACEBATON_SPAN_ID_SIZE, TRACEBATON_TRACE_ID_SIZE, tracebaton_span_id_t, tracebaton_trace_id_t,
};
use crate::mark::mark_of;
use crate::memory::{Argument, FIFTH, FIRST, SECOND, THIRD, bytes, read, write};
use crate::status::{status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::ffi::c_char;
use core::ptr::null;
use tracebaton::{Baggage, SpanContext, SpanId, TraceFlags, TraceId, TraceParent, TraceState};

/// @brief Trace flag that is set if the parent may have recorded its span (W3C Trace Context Level 2, 3.2.2.5.1).
pub const TRACEBATON_FLAG_SAMPLED: u8 = 1;
/// @brief Trace flag that is set if the right-most 7 bytes of the trace id are random (3.2.2.5.2).
pub const TRACEBATON_FLAG_RANDOM: u8 = 2;

const _: () = {
    assert!(TRACEBATON_FLAG_SAMPLED == TraceFlags::SAMPLED.to_byte());
    assert!(TRACEBATON_FLAG_RANDOM == TraceFlags::RANDOM.to_byte());
};

/// @brief The context of one record: a span context (ids, flags and tracestate), baggage, both or neither.
///
/// Ids and flags are stored by value. tracestate and baggage are borrowed: they point into the record that was read
/// or into the buffer that was written. They are valid until it is freed or modified.
///
/// A program may fill a zeroed struct itself. Every function checks the ids, the tracestate and the baggage before
/// use, except for lists that the library itself put there.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_context_t {
    /// Trace id. If both ids are zeros there is no span context, and trace_flags and tracestate are ignored.
    pub trace_id: tracebaton_trace_id_t,
    /// Span id of the producer's span, or of the span that is about to produce.
    pub span_id: tracebaton_span_id_t,
    /// TRACEBATON_FLAG_SAMPLED, TRACEBATON_FLAG_RANDOM, both or neither; other bits are not written.
    pub trace_flags: u8,
    /// Reserved: zeros.
    pub reserved: [u8; 3],
    /// Zero in a context that you fill. The library notes here that it has checked tracestate and baggage; see law 8
    /// of tracebaton.h.
    pub checked: u32,
    /// Value of a tracestate header: one member for each vendor. May be NULL if its size is 0.
    pub tracestate: *const c_char,
    /// Size of the tracestate in bytes.
    pub tracestate_size: usize,
    /// Value of a baggage header: key-value pairs of the application. May be NULL if its size is 0.
    pub baggage: *const c_char,
    /// Size of the baggage in bytes.
    pub baggage_size: usize,
}

impl tracebaton_context_t {
    pub(crate) const EMPTY: Self = Self {
        trace_id: tracebaton_trace_id_t { bytes: [0; TRACEBATON_TRACE_ID_SIZE] },
        span_id: tracebaton_span_id_t { bytes: [0; TRACEBATON_SPAN_ID_SIZE] },
        trace_flags: 0,
        reserved: [0; 3],
        checked: 0,
        tracestate: null(),
        tracestate_size: 0,
        baggage: null(),
        baggage_size: 0,
    };

    /// Reads a struct, checks it and returns the context. What the library marked is not checked again.
    ///
    /// # Safety
    ///
    /// The pointer is NULL, or points to a context whose pointers obey the laws of the header for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn validated<'a>(
        argument: Argument,
        context: *const Self,
    ) -> Result<tracebaton::Context<'a>, tracebaton_status> {
        // SAFETY: the caller's promise.
        unsafe {
            if !read(argument, context)?.is_checked() {
                Self::check(argument, context)?;
            }
            // Read again, so that the call above keeps no field in a register.
            read(argument, context)?.borrowed(argument)
        }
    }

    /// [`validated`](Self::validated) in one copy, for functions that are not called for every record.
    ///
    /// # Safety
    ///
    /// The same as for [`validated`](Self::validated).
    #[inline(never)]
    pub(crate) unsafe fn validated_shared<'a>(
        argument: Argument,
        context: *const Self,
    ) -> Result<tracebaton::Context<'a>, tracebaton_status> {
        // SAFETY: the caller's promise.
        unsafe { Self::validated(argument, context) }
    }

    /// Checks a context that the library did not mark.
    ///
    /// # Safety
    ///
    /// The same as for [`validated`](Self::validated).
    #[cold]
    #[inline(never)]
    unsafe fn check(argument: Argument, context: *const Self) -> Result<(), tracebaton_status> {
        // SAFETY: the caller's promise.
        let context = unsafe { read(argument, context)?.borrowed(argument) }?;
        Baggage::parse(context.baggage.as_bytes())?;
        if let Some(span) = &context.span_context {
            TraceState::parse(span.trace_state.as_bytes())?;
        }
        Ok(())
    }

    /// The context without a check of its lists.
    ///
    /// # Safety
    ///
    /// The pointers of the struct obey the laws of the header for `'a`.
    #[inline(always)]
    unsafe fn borrowed<'a>(&self, argument: Argument) -> Result<tracebaton::Context<'a>, tracebaton_status> {
        let mut span = self.span_context()?;
        // SAFETY: the caller's promise.
        unsafe {
            if let Some(span) = &mut span {
                let state = bytes(argument, self.tracestate, argument, self.tracestate_size)?;
                span.trace_state = TraceState::from_validated(state);
            }
            let baggage = bytes(argument, self.baggage, argument, self.baggage_size)?;
            Ok(tracebaton::Context::new(span, Baggage::from_validated(baggage)))
        }
    }

    /// # Safety
    ///
    /// The pointers of the struct obey the laws of the header for `'a`.
    #[inline(never)]
    pub(crate) unsafe fn validate_baggage<'a>(
        &self,
        argument: Argument,
    ) -> Result<Baggage<'a>, tracebaton_status> {
        // SAFETY: the caller's promise.
        let value = unsafe { bytes(argument, self.baggage, argument, self.baggage_size) }?;
        if self.is_checked() {
            return Ok(Baggage::from_validated(value));
        }
        Ok(Baggage::parse(value)?)
    }

    /// # Safety
    ///
    /// The pointers of the struct obey the laws of the header for `'a`.
    #[inline(never)]
    pub(crate) unsafe fn validate_tracestate<'a>(
        &self,
        argument: Argument,
    ) -> Result<TraceState<'a>, tracebaton_status> {
        // SAFETY: the caller's promise.
        let value = unsafe { bytes(argument, self.tracestate, argument, self.tracestate_size) }?;
        if self.is_checked() {
            return Ok(TraceState::from_validated(value));
        }
        Ok(TraceState::parse(value)?)
    }

    /// The ids and flags, without a tracestate. `None` if both ids are zero.
    #[inline]
    pub(crate) fn span_context(&self) -> Result<Option<SpanContext<'static>>, tracebaton_status> {
        let trace_flags = TraceFlags::from_byte(self.trace_flags);
        match (TraceId::from_bytes(self.trace_id.bytes), SpanId::from_bytes(self.span_id.bytes)) {
            (Some(trace_id), Some(span_id)) => Ok(Some(SpanContext::root(trace_id, span_id, trace_flags))),
            (None, None) => Ok(None),
            (None, Some(_)) => Err(TRACEBATON_TRACEPARENT_TRACE_ID_ZERO),
            (Some(_), None) => Err(TRACEBATON_TRACEPARENT_PARENT_ID_ZERO),
        }
    }

    /// Sets a tracestate that is valid.
    pub(crate) fn set_tracestate(&mut self, value: &[u8]) {
        let other_is_checked = self.baggage_size == 0 || self.is_checked();
        (self.tracestate, self.tracestate_size) = text(value);
        self.mark(other_is_checked);
    }

    /// Sets a baggage that is valid.
    pub(crate) fn set_baggage(&mut self, value: &[u8]) {
        let other_is_checked = self.tracestate_size == 0 || self.is_checked();
        (self.baggage, self.baggage_size) = text(value);
        self.mark(other_is_checked);
    }

    #[inline(always)]
    pub(crate) fn mark(&mut self, is_checked: bool) {
        self.checked = if is_checked { self.mark_of_lists() } else { 0 };
    }

    #[inline(always)]
    fn mark_of_lists(&self) -> u32 {
        mark_of((self.tracestate, self.tracestate_size), (self.baggage, self.baggage_size))
    }

    /// Whether the library itself put both lists there.
    #[inline(always)]
    pub(crate) fn is_checked(&self) -> bool {
        self.checked == self.mark_of_lists()
    }
}

impl tracebaton_context_t {
    /// Fills a zeroed struct.
    #[inline]
    pub(crate) fn fill(&mut self, context: &tracebaton::Context<'_>) {
        if let Some(span) = &context.span_context {
            self.set_ids(&span.traceparent());
        }
        let state = context.span_context.map_or(TraceState::EMPTY, |span| span.trace_state);
        self.set_lists(state, context.baggage);
    }

    #[inline(always)]
    pub(crate) fn set_ids(&mut self, span: &TraceParent) {
        self.trace_id = span.trace_id.into();
        self.span_id = span.parent_id.into();
        self.trace_flags = span.trace_flags.to_byte();
    }

    #[inline(always)]
    pub(crate) fn set_lists(&mut self, state: TraceState<'_>, baggage: Baggage<'_>) {
        (self.tracestate, self.tracestate_size) = text(state.as_bytes());
        (self.baggage, self.baggage_size) = text(baggage.as_bytes());
        self.mark(true);
    }
}

impl From<tracebaton::Context<'_>> for tracebaton_context_t {
    fn from(context: tracebaton::Context<'_>) -> Self {
        let mut filled = Self::EMPTY;
        filled.fill(&context);
        filled
    }
}

impl From<SpanContext<'_>> for tracebaton_context_t {
    fn from(context: SpanContext<'_>) -> Self {
        tracebaton::Context::from(context).into()
    }
}

/// Pointer and size of a text; NULL for an empty text.
#[inline]
pub(crate) fn text(text: &[u8]) -> (*const c_char, usize) {
    (if text.is_empty() { null() } else { text.as_ptr().cast() }, text.len())
}

/// @brief Makes the context of a child: the same trace, flags, tracestate and baggage, with another span id.
///
/// To change the sampled flag, change trace_flags of the child. W3C allows that only together with a new span id
/// (3.4).
///
/// @param context Context of the parent.
/// @param span_id Id of the child, not all zeros; see tracebaton_span_id_generate().
/// @param child (out) Context of the child; may be \p context itself. Its pointers are copied from \p context.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then \p child has only the baggage.
/// Negative: TRACEBATON_TRACEPARENT_PARENT_ID_ZERO, TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_context_child(
    context: *const tracebaton_context_t,
    span_id: *const tracebaton_span_id_t,
    child: *mut tracebaton_context_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let context = tracebaton_context_t::validated_shared(FIRST, context)?;
        let span_id = read(SECOND, span_id)?.valid()?;
        match context.child(span_id) {
            Some(context) => write(THIRD, child, context.into()).map(|()| TRACEBATON_OK),
            None => write(THIRD, child, context.into()).map(|()| TRACEBATON_NO_CONTEXT),
        }
    })
}

/// @brief Makes the context of your span: a child of the record's span, or a root if the record has no parent.
///
/// A consumer calls this for every record. The child is the same as from tracebaton_context_child(), and the root as
/// from tracebaton_context_restart(). The baggage is kept in both cases.
///
/// @param context Context of the record; zeros if there is no record.
/// @param trace_id Trace id for a root, not all zeros; see tracebaton_trace_id_generate().
/// @param span_id Id of the span, not all zeros; see tracebaton_span_id_generate().
/// @param trace_flags Flags for a root. A service with a sampler passes its decision. A service without a sampler
/// passes TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM: later samplers follow the sampled flag of their parent,
/// so an unsampled root would drop the whole trace.
/// @param span (out) Context of the span; may be \p context itself. Its pointers are copied from \p context.
///
/// @returns TRACEBATON_OK for a child, TRACEBATON_ROOT for a root. Negative: TRACEBATON_TRACEPARENT_TRACE_ID_ZERO or
/// TRACEBATON_TRACEPARENT_PARENT_ID_ZERO if an id is all zeros, even one that is not used;
/// TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_context_child_or_root(
    context: *const tracebaton_context_t,
    trace_id: *const tracebaton_trace_id_t,
    span_id: *const tracebaton_span_id_t,
    trace_flags: u8,
    span: *mut tracebaton_context_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let context = tracebaton_context_t::validated(FIRST, context)?;
        let (trace_id, span_id) = (read(SECOND, trace_id)?.valid()?, read(THIRD, span_id)?.valid()?);
        let flags = TraceFlags::from_byte(trace_flags);
        let new = context.child_or_root(trace_id, span_id, flags);
        let status = if context.span_context.is_some() { TRACEBATON_OK } else { TRACEBATON_ROOT };
        write(FIFTH, span, new.into()).map(|()| status)
    })
}

/// @brief Makes the context of a root: a new trace without tracestate. The baggage is kept.
///
/// @param context Context whose baggage is kept. May be NULL for no baggage.
/// @param trace_id Id of the new trace, not all zeros; see tracebaton_trace_id_generate().
/// @param span_id Id of the root, not all zeros; see tracebaton_span_id_generate().
/// @param trace_flags TRACEBATON_FLAG_SAMPLED if the span is recorded, TRACEBATON_FLAG_RANDOM if the trace id is
/// random, or both.
/// @param root (out) Context of the root; may be \p context itself. Its baggage pointer is copied from \p context.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_TRACE_ID_ZERO, TRACEBATON_TRACEPARENT_PARENT_ID_ZERO,
/// TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_context_restart(
    context: *const tracebaton_context_t,
    trace_id: *const tracebaton_trace_id_t,
    span_id: *const tracebaton_span_id_t,
    trace_flags: u8,
    root: *mut tracebaton_context_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let context = match context.is_null() {
            true => tracebaton::Context::EMPTY,
            false => tracebaton_context_t::validated_shared(FIRST, context)?,
        };
        let trace_id = read(SECOND, trace_id)?.valid()?;
        let new =
            context.restart(trace_id, read(THIRD, span_id)?.valid()?, TraceFlags::from_byte(trace_flags));
        write(FIFTH, root, new.into()).map(|()| TRACEBATON_OK)
    })
}

pub(crate) const fn parent_status(there_is_one: bool) -> tracebaton_status {
    if there_is_one { TRACEBATON_OK } else { TRACEBATON_NO_CONTEXT }
}
