//! The status of each rule that a header or a change can break, and the texts of all statuses.

use crate::status::{tracebaton_status, tracebaton_status_t};
use core::ffi::c_char;
use tracebaton::{BaggageRule, RawHeadersRule, TraceParentRule, TraceStateRule, Violation};

/// The text of a status in `NAMES` or `SENTENCES`. An unknown number gives the last one.
fn text(code: tracebaton_status_t, texts: &'static [u8]) -> *const c_char {
    let (mut texts_before, mut rest) =
        (STATUSES.iter().take_while(|status| status.code() != code).count(), texts);
    while texts_before > 0
        && let Some((byte, after)) = rest.split_first()
    {
        texts_before -= usize::from(*byte == 0);
        rest = after;
    }
    rest.as_ptr().cast()
}

macro_rules! statuses {
    (
        events { $($event:ident: $event_name:literal, $event_sentence:literal;)* }
        $($rule:ident { $($variant:ident = $status:ident;)* })*
    ) => {
        /// The rules come first, because programs look up their texts for every refused header.
        const STATUSES: &[tracebaton_status] = &[$($(tracebaton_status::$status,)*)* $(tracebaton_status::$event,)*];

        /// The core has the texts of the rules.
        const NAME_OF_EACH: &[&str] =
            &[$($($rule::$variant.name(),)*)* $($event_name,)* "unknown"];
        const SENTENCE_OF_EACH: &[&str] =
            &[$($($rule::$variant.message(),)*)* $($event_sentence,)* "not a status of this version"];

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

/// The name of each status, in the order of `STATUSES`, then that of an unknown number. A program that calls only one
/// of the two functions contains only its texts.
static NAMES: [u8; length(NAME_OF_EACH)] = joined(NAME_OF_EACH);
/// The sentence of each, in the same order.
static SENTENCES: [u8; length(SENTENCE_OF_EACH)] = joined(SENTENCE_OF_EACH);

/// All texts as one, with a NUL after each. It has no pointers, so it needs no space for them and no relocation.
const fn joined<const LENGTH: usize>(texts: &[&str]) -> [u8; LENGTH] {
    let mut joined = [0; LENGTH];
    let (mut text, mut end) = (0, 0);
    while text < texts.len() {
        let bytes = texts[text].as_bytes();
        let mut byte = 0;
        while byte < bytes.len() {
            joined[end] = bytes[byte];
            byte += 1;
            end += 1;
        }
        text += 1;
        end += 1;
    }
    joined
}

/// Length of all texts, with a NUL after each.
const fn length(texts: &[&str]) -> usize {
    let (mut text, mut length) = (0, 0);
    while text < texts.len() {
        length += texts[text].len() + 1;
        text += 1;
    }
    length
}

statuses! {
    events {
        TRACEBATON_OK: "ok", "success";
        TRACEBATON_NO_CONTEXT: "no_context", "the context has no span context, so there is no parent";
        TRACEBATON_ABSENT: "absent", "the record has no such header with a value";
        TRACEBATON_NOT_FOUND: "not_found", "the list has no member with this key";
        TRACEBATON_END: "end", "the list has no further member";
        TRACEBATON_KEPT: "kept", "the record already has a valid traceparent, or the list already has the link; it was kept";
        TRACEBATON_NO_TIMESTAMP: "no_timestamp", "the record has no timestamp";
        TRACEBATON_ROOT: "root", "a new trace was started, because there is no parent";
        TRACEBATON_LINKS_FULL: "links_full", "the links have no room: the new link was counted as dropped";
        TRACEBATON_INVALID_ARGUMENT: "invalid_argument",
            "an argument is invalid: NULL or misaligned, too large a size, an unknown constant, or a struct that contains one of these";
        TRACEBATON_OVERLAP: "overlap", "a buffer, an array or an output overlaps another argument: give each its own memory";
        TRACEBATON_HEADERS_FULL: "headers_full",
            "the header array is full: leave room for TRACEBATON_MAX_HEADERS more";
        TRACEBATON_BUFFER_TOO_SMALL: "buffer_too_small",
            "the buffer is too small for the result: the description of the function says which size is enough";
        TRACEBATON_INVALID_ARGUMENT_1: "invalid_argument_1",
            "the first argument is invalid: NULL or misaligned, too large a size, an unknown constant, or a struct that contains one of these";
        TRACEBATON_INVALID_ARGUMENT_2: "invalid_argument_2",
            "the second argument is invalid: NULL or misaligned, too large a size, an unknown constant, or a struct that contains one of these";
        TRACEBATON_INVALID_ARGUMENT_3: "invalid_argument_3",
            "the third argument is invalid: NULL or misaligned, too large a size, an unknown constant, or a struct that contains one of these";
        TRACEBATON_INVALID_ARGUMENT_4: "invalid_argument_4",
            "the fourth argument is invalid: NULL or misaligned, too large a size, an unknown constant, or a struct that contains one of these";
        TRACEBATON_INVALID_ARGUMENT_5: "invalid_argument_5",
            "the fifth argument is invalid: NULL or misaligned, too large a size, an unknown constant, or a struct that contains one of these";
        TRACEBATON_INVALID_ARGUMENT_6: "invalid_argument_6",
            "the sixth argument is invalid: NULL or misaligned, too large a size, an unknown constant, or a struct that contains one of these";
        TRACEBATON_INVALID_ARGUMENT_7: "invalid_argument_7",
            "the seventh argument is invalid: NULL or misaligned, too large a size, an unknown constant, or a struct that contains one of these";
        TRACEBATON_RDKAFKA_NOT_A_RECORD: "not_a_record",
            "librdkafka: the message is NULL, or reports an error or an event instead of a record: check its err";
        TRACEBATON_RDKAFKA_RECORD_TOO_LARGE: "record_too_large",
            "librdkafka: the record with its context exceeds message.max.bytes; it was sent without the context: raise the limit";
        TRACEBATON_RDKAFKA_TOO_MANY_HEADERS: "too_many_headers",
            "librdkafka: the list has more than 64 headers that may have to be removed; it is unchanged: \
             tracebaton_rdkafka_produce() has no such limit";
        TRACEBATON_RDKAFKA_NOT_ADDED: "not_added",
            "librdkafka: the list refused a header, for example because it is read-only; it has no context";
    }
    TraceParentRule {
        TooShort = TRACEBATON_TRACEPARENT_TOO_SHORT;
        Version = TRACEBATON_TRACEPARENT_VERSION;
        VersionForbidden = TRACEBATON_TRACEPARENT_VERSION_FORBIDDEN;
        Separator = TRACEBATON_TRACEPARENT_SEPARATOR;
        TraceId = TRACEBATON_TRACEPARENT_TRACE_ID;
        TraceIdZero = TRACEBATON_TRACEPARENT_TRACE_ID_ZERO;
        ParentId = TRACEBATON_TRACEPARENT_PARENT_ID;
        ParentIdZero = TRACEBATON_TRACEPARENT_PARENT_ID_ZERO;
        TraceFlags = TRACEBATON_TRACEPARENT_TRACE_FLAGS;
        Trailing = TRACEBATON_TRACEPARENT_TRAILING;
    }
    TraceStateRule {
        TooLong = TRACEBATON_TRACESTATE_TOO_LONG;
        KeyStart = TRACEBATON_TRACESTATE_KEY_START;
        Key = TRACEBATON_TRACESTATE_KEY;
        KeyTooLong = TRACEBATON_TRACESTATE_KEY_TOO_LONG;
        EqualsMissing = TRACEBATON_TRACESTATE_EQUALS_MISSING;
        Value = TRACEBATON_TRACESTATE_VALUE;
        ValueEmpty = TRACEBATON_TRACESTATE_VALUE_EMPTY;
        ValueTooLong = TRACEBATON_TRACESTATE_VALUE_TOO_LONG;
        TooManyMembers = TRACEBATON_TRACESTATE_TOO_MANY_MEMBERS;
        BufferTooSmall = TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL;
        LimitTooSmall = TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL;
        ValueEnd = TRACEBATON_TRACESTATE_VALUE_END;
    }
    BaggageRule {
        TooLong = TRACEBATON_BAGGAGE_TOO_LONG;
        ControlByte = TRACEBATON_BAGGAGE_CONTROL_BYTE;
        Key = TRACEBATON_BAGGAGE_KEY;
        TooManyMembers = TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS;
        BufferTooSmall = TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL;
        NoMember = TRACEBATON_BAGGAGE_NO_MEMBER;
    }
    RawHeadersRule {
        TooShort = TRACEBATON_RAW_HEADERS_TOO_SHORT;
        Number = TRACEBATON_RAW_HEADERS_NUMBER;
        Count = TRACEBATON_RAW_HEADERS_COUNT;
        NameLength = TRACEBATON_RAW_HEADERS_NAME_LENGTH;
        ValueLength = TRACEBATON_RAW_HEADERS_VALUE_LENGTH;
        Trailing = TRACEBATON_RAW_HEADERS_TRAILING;
    }
}

/// @brief Short name of a status: lower-case words joined by "_", such as "trace_id_zero".
///
/// @param status Any number.
///
/// @returns a string that ends with a NUL and is never NULL: "unknown" for a number that this version does not have.
/// It lives as long as the program.
///
/// @remark A rule has the same name in every language and tool of the project. Two headers may have rules of the same
/// name; their numbers and messages differ. The verdicts of several formats have rules of their own:
/// tracebaton_format_rule_name().
#[unsafe(no_mangle)]
pub extern "C" fn tracebaton_status_name(status: tracebaton_status_t) -> *const c_char {
    text(status, &NAMES)
}

/// @brief Meaning of a status as an English sentence, such as "the trace-id is all zeros".
///
/// @param status Any number.
///
/// @returns a string that ends with a NUL and is never NULL. It lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn tracebaton_status_message(status: tracebaton_status_t) -> *const c_char {
    text(status, &SENTENCES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_ends_with_a_nul() {
        let texts = ["ok", "", "end"];
        assert_eq!(length(&texts), 8);
        assert_eq!(&joined::<8>(&texts), b"ok\0\0end\0");
    }
}
