//! The status of each rule that a header or a change can break, and what it is called: one row a status.

use crate::status::Status;
use core::ffi::CStr;
use tracebaton::{BaggageRule, TraceParentRule, TraceStateRule, Violation};

/// A status, its name, and the sentence that tells it.
pub(crate) type Text = (Status, &'static CStr, &'static CStr);

/// The name and the sentence of a status; none for a number that is no status of this version.
pub(crate) fn text(code: i32) -> Option<&'static Text> {
    [EVENTS, TRACEPARENT, TRACESTATE, BAGGAGE]
        .into_iter()
        .flatten()
        .find(|(status, ..)| status.code() == code)
}

const EVENTS: &[Text] = &[
    (Status::TRACEBATON_OK, c"ok", c"done"),
    (Status::TRACEBATON_NO_CONTEXT, c"no_context", c"there is no span context"),
    (Status::TRACEBATON_ABSENT, c"absent", c"the record has no such header"),
    (Status::TRACEBATON_NOT_FOUND, c"not_found", c"the list has no member with this key"),
    (Status::TRACEBATON_END, c"end", c"there is nothing more to read"),
    (Status::TRACEBATON_KEPT, c"kept", c"the record already carries a context, which was kept"),
    (Status::TRACEBATON_NO_TIMESTAMP, c"no_timestamp", c"the record has no timestamp"),
    (Status::TRACEBATON_INVALID_ARGUMENT, c"invalid_argument", c"an argument is not in order"),
    (Status::TRACEBATON_OVERLAP, c"overlap", c"the buffer overlaps what the result is made from"),
    (Status::TRACEBATON_HEADERS_FULL, c"headers_full", c"the array has no room for the headers"),
];

macro_rules! rules {
    ($texts:ident, $rule:ident { $($variant:ident = $status:ident: $name:literal, $sentence:literal;)* }) => {
        const $texts: &[Text] = &[$((Status::$status, $name, $sentence)),*];

        impl From<$rule> for Status {
            fn from(rule: $rule) -> Self {
                match rule {
                    $($rule::$variant => Self::$status,)*
                    _ => Self::TRACEBATON_INVALID_ARGUMENT,
                }
            }
        }

        impl From<Violation<$rule>> for Status {
            fn from(error: Violation<$rule>) -> Self {
                error.rule.into()
            }
        }
    };
}

rules! {
    TRACEPARENT, TraceParentRule {
        TooShort = TRACEBATON_TRACEPARENT_TOO_SHORT: c"too_short",
            c"traceparent: the value has fewer than 55 bytes";
        Version = TRACEBATON_TRACEPARENT_VERSION: c"version",
            c"traceparent: the version is not two lower-case hexadecimal digits";
        VersionForbidden = TRACEBATON_TRACEPARENT_VERSION_FORBIDDEN: c"version_forbidden",
            c"traceparent: the version ff is forbidden";
        Separator = TRACEBATON_TRACEPARENT_SEPARATOR: c"separator",
            c"traceparent: a field is not followed by a dash";
        TraceId = TRACEBATON_TRACEPARENT_TRACE_ID: c"trace_id",
            c"traceparent: the trace-id is not 32 lower-case hexadecimal digits";
        TraceIdZero = TRACEBATON_TRACEPARENT_TRACE_ID_ZERO: c"trace_id_zero",
            c"traceparent: the trace-id is all zeros";
        ParentId = TRACEBATON_TRACEPARENT_PARENT_ID: c"parent_id",
            c"traceparent: the parent-id is not 16 lower-case hexadecimal digits";
        ParentIdZero = TRACEBATON_TRACEPARENT_PARENT_ID_ZERO: c"parent_id_zero",
            c"traceparent: the parent-id is all zeros";
        TraceFlags = TRACEBATON_TRACEPARENT_TRACE_FLAGS: c"trace_flags",
            c"traceparent: the trace-flags are not two lower-case hexadecimal digits";
        Trailing = TRACEBATON_TRACEPARENT_TRAILING: c"trailing",
            c"traceparent: something follows the trace-flags that the version does not allow";
    }
}

rules! {
    TRACESTATE, TraceStateRule {
        TooLong = TRACEBATON_TRACESTATE_TOO_LONG: c"too_long",
            c"tracestate: the value has more than 8192 bytes";
        KeyStart = TRACEBATON_TRACESTATE_KEY_START: c"key_start",
            c"tracestate: a key does not begin with a lower-case letter or a digit";
        Key = TRACEBATON_TRACESTATE_KEY: c"key",
            c"tracestate: a key holds a byte other than a-z 0-9 _ - * / @";
        KeyTooLong = TRACEBATON_TRACESTATE_KEY_TOO_LONG: c"key_too_long",
            c"tracestate: a key has more than 256 bytes";
        EqualsMissing = TRACEBATON_TRACESTATE_EQUALS_MISSING: c"equals_missing",
            c"tracestate: a member has no equals sign";
        Value = TRACEBATON_TRACESTATE_VALUE: c"value",
            c"tracestate: a value holds a comma, an equals sign, or a byte that is not printable ASCII";
        ValueEmpty = TRACEBATON_TRACESTATE_VALUE_EMPTY: c"value_empty",
            c"tracestate: a value is empty or only white space";
        ValueTooLong = TRACEBATON_TRACESTATE_VALUE_TOO_LONG: c"value_too_long",
            c"tracestate: a value has more than 256 bytes";
        TooManyMembers = TRACEBATON_TRACESTATE_TOO_MANY_MEMBERS: c"too_many_members",
            c"tracestate: the list has more than 32 members";
        BufferTooSmall = TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL: c"buffer_too_small",
            c"tracestate: the buffer is too small for the result";
        LimitTooSmall = TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL: c"limit_too_small",
            c"tracestate: at least 512 bytes must be kept";
    }
}

rules! {
    BAGGAGE, BaggageRule {
        TooLong = TRACEBATON_BAGGAGE_TOO_LONG: c"too_long",
            c"baggage: the value has more than 8192 bytes";
        ControlByte = TRACEBATON_BAGGAGE_CONTROL_BYTE: c"control_byte",
            c"baggage: the value holds a control byte";
        Key = TRACEBATON_BAGGAGE_KEY: c"key",
            c"baggage: a key is not a token";
        TooManyMembers = TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS: c"too_many_members",
            c"baggage: the list has more than 64 members";
        BufferTooSmall = TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL: c"buffer_too_small",
            c"baggage: the buffer is too small for the result";
        NoMember = TRACEBATON_BAGGAGE_NO_MEMBER: c"no_member",
            c"baggage: a property needs a member before it";
    }
}
