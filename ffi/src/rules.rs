//! The status of each rule that a header or a change can break, and the texts of every status: one row a status.

use crate::status::{tracebaton_status, tracebaton_status_t};
use core::ffi::c_char;
use tracebaton::{BaggageRule, TraceParentRule, TraceStateRule, Violation};

/// Which text of a status; both end with a NUL.
#[derive(Clone, Copy)]
enum Text {
    Name,
    Sentence,
}

/// The text of a status; "unknown" and its like for a number that this version does not have.
fn text(code: tracebaton_status_t, text: Text) -> *const c_char {
    let row = STATUSES.iter().take_while(|status| status.code() != code).count();
    let mut texts = TEXTS.as_bytes().split(|byte| *byte == 0);
    texts.nth(2 * row + text as usize).unwrap_or_default().as_ptr().cast()
}

macro_rules! statuses {
    (
        events { $($event:ident: $event_name:literal, $event_sentence:literal;)* }
        $($rule:ident { $($variant:ident = $status:ident: $name:literal, $sentence:literal;)* })*
    ) => {
        /// The rules first: their texts are those that programs look up for every refused header.
        const STATUSES: &[tracebaton_status] = &[$($(tracebaton_status::$status,)*)* $(tracebaton_status::$event,)*];

        /// Name and sentence of each, in the order of `STATUSES`, and then those of no status. One text without pointers
        /// needs neither their room nor their relocation.
        const TEXTS: &str = concat!(
            $($($name, "\0", $sentence, "\0",)*)*
            $($event_name, "\0", $event_sentence, "\0",)*
            "unknown\0not a status of this version\0"
        );

        $(impl From<$rule> for tracebaton_status {
            fn from(rule: $rule) -> Self {
                match rule {
                    $($rule::$variant => Self::$status,)*
                    _ => Self::TRACEBATON_INVALID_ARGUMENT,
                }
            }
        }

        impl From<Violation<$rule>> for tracebaton_status {
            fn from(error: Violation<$rule>) -> Self {
                error.rule.into()
            }
        })*
    };
}

statuses! {
    events {
        TRACEBATON_OK: "ok", "success";
        TRACEBATON_NO_CONTEXT: "no_context", "there is no span context";
        TRACEBATON_ABSENT: "absent", "the record has no such header";
        TRACEBATON_NOT_FOUND: "not_found", "the list has no member with this key";
        TRACEBATON_END: "end", "the list has no further member";
        TRACEBATON_KEPT: "kept", "the record already has a context, which was kept";
        TRACEBATON_NO_TIMESTAMP: "no_timestamp", "the record has no timestamp";
        TRACEBATON_ROOT: "root", "a new trace was started";
        TRACEBATON_INVALID_ARGUMENT: "invalid_argument", "an argument is invalid: a NULL or misaligned pointer, a size, or a constant";
        TRACEBATON_OVERLAP: "overlap", "the buffer overlaps the input";
        TRACEBATON_HEADERS_FULL: "headers_full", "the array has no room for the headers";
        TRACEBATON_RDKAFKA_NOT_A_RECORD: "not_a_record",
            "librdkafka: the message is missing, or reports an error or an event instead of a record";
        TRACEBATON_RDKAFKA_RECORD_TOO_LARGE: "record_too_large",
            "librdkafka: the record was sent without the context, with which it exceeds message.max.bytes";
        TRACEBATON_RDKAFKA_TOO_MANY_HEADERS: "too_many_headers",
            "librdkafka: the list has more than 64 headers that may have to be removed; it is unchanged";
    }
    TraceParentRule {
        TooShort = TRACEBATON_TRACEPARENT_TOO_SHORT: "too_short",
            "traceparent: the value has fewer than 55 bytes";
        Version = TRACEBATON_TRACEPARENT_VERSION: "version",
            "traceparent: the version is not two lower-case hexadecimal digits";
        VersionForbidden = TRACEBATON_TRACEPARENT_VERSION_FORBIDDEN: "version_forbidden",
            "traceparent: the version ff is forbidden";
        Separator = TRACEBATON_TRACEPARENT_SEPARATOR: "separator",
            "traceparent: a field is not followed by a dash";
        TraceId = TRACEBATON_TRACEPARENT_TRACE_ID: "trace_id",
            "traceparent: the trace-id is not 32 lower-case hexadecimal digits";
        TraceIdZero = TRACEBATON_TRACEPARENT_TRACE_ID_ZERO: "trace_id_zero",
            "traceparent: the trace-id is all zeros";
        ParentId = TRACEBATON_TRACEPARENT_PARENT_ID: "parent_id",
            "traceparent: the parent-id is not 16 lower-case hexadecimal digits";
        ParentIdZero = TRACEBATON_TRACEPARENT_PARENT_ID_ZERO: "parent_id_zero",
            "traceparent: the parent-id is all zeros";
        TraceFlags = TRACEBATON_TRACEPARENT_TRACE_FLAGS: "trace_flags",
            "traceparent: the trace-flags are not two lower-case hexadecimal digits";
        Trailing = TRACEBATON_TRACEPARENT_TRAILING: "trailing",
            "traceparent: something follows the trace-flags that the version does not allow";
    }
    TraceStateRule {
        TooLong = TRACEBATON_TRACESTATE_TOO_LONG: "too_long",
            "tracestate: the value has more than 8192 bytes";
        KeyStart = TRACEBATON_TRACESTATE_KEY_START: "key_start",
            "tracestate: a key does not begin with a lower-case letter or a digit";
        Key = TRACEBATON_TRACESTATE_KEY: "key",
            "tracestate: a key holds a byte other than a-z 0-9 _ - * / @";
        KeyTooLong = TRACEBATON_TRACESTATE_KEY_TOO_LONG: "key_too_long",
            "tracestate: a key has more than 256 bytes";
        EqualsMissing = TRACEBATON_TRACESTATE_EQUALS_MISSING: "equals_missing",
            "tracestate: a member has no equals sign";
        Value = TRACEBATON_TRACESTATE_VALUE: "value",
            "tracestate: a value holds a comma, an equals sign, or a byte that is not printable ASCII";
        ValueEmpty = TRACEBATON_TRACESTATE_VALUE_EMPTY: "value_empty",
            "tracestate: a value is empty or only white space";
        ValueTooLong = TRACEBATON_TRACESTATE_VALUE_TOO_LONG: "value_too_long",
            "tracestate: a value has more than 256 bytes";
        TooManyMembers = TRACEBATON_TRACESTATE_TOO_MANY_MEMBERS: "too_many_members",
            "tracestate: the list has more than 32 members";
        BufferTooSmall = TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL: "buffer_too_small",
            "tracestate: the buffer is too small for the result";
        LimitTooSmall = TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL: "limit_too_small",
            "tracestate: at least 512 bytes must be kept";
    }
    BaggageRule {
        TooLong = TRACEBATON_BAGGAGE_TOO_LONG: "too_long",
            "baggage: the value has more than 8192 bytes";
        ControlByte = TRACEBATON_BAGGAGE_CONTROL_BYTE: "control_byte",
            "baggage: the value holds a control byte";
        Key = TRACEBATON_BAGGAGE_KEY: "key",
            "baggage: a key is not a token";
        TooManyMembers = TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS: "too_many_members",
            "baggage: the list has more than 64 members";
        BufferTooSmall = TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL: "buffer_too_small",
            "baggage: the buffer is too small for the result";
        NoMember = TRACEBATON_BAGGAGE_NO_MEMBER: "no_member",
            "baggage: a property needs a member before it";
    }
}

/// @brief Name of a status: lower-case words joined by "_", such as "trace_id_zero".
///
/// @param status Any number.
///
/// @returns a string that ends with a NUL and is never NULL; "unknown" for a number that this version does not have. It
/// lives as long as the program.
///
/// @remark Rules of a header have the same name in every language and tool of the project. Two headers may have rules of
/// the same name; their numbers and messages differ.
#[unsafe(no_mangle)]
pub extern "C" fn tracebaton_status_name(status: tracebaton_status_t) -> *const c_char {
    text(status, Text::Name)
}

/// @brief Meaning of a status in English, such as "traceparent: the trace-id is all zeros".
///
/// @param status Any number.
///
/// @returns a string that ends with a NUL and is never NULL. It lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn tracebaton_status_message(status: tracebaton_status_t) -> *const c_char {
    text(status, Text::Sentence)
}
