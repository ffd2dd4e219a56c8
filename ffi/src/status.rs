//! What every function answers with.

/// @brief The result of a function: 0 is success, a positive number another normal outcome, a negative number an error.
///
/// Its values are those of enum tracebaton_status, at the end of this file. A later version may add values, and never
/// changes or reuses one: treat an unknown positive value as success and an unknown negative value as an error.
pub type tracebaton_status_t = i32;

/// @brief Every status; see tracebaton_status_t.
///
/// Those from -99 up are those of the functions. The others are the rules of the three grammars, -101 and below for
/// traceparent, -201 and below for tracestate, -301 and below for baggage; -401 and below are those of tracebaton_rdkafka.h,
/// and -501 and below those of raw headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum tracebaton_status {
    /// Success; as a verdict: the header was accepted.
    TRACEBATON_OK = 0,
    /// There is no span context, and so no parent.
    TRACEBATON_NO_CONTEXT = 1,
    /// As a verdict: the record has no such header with a value, or a tracestate but no accepted traceparent.
    TRACEBATON_ABSENT = 2,
    /// The list has no member with this key.
    TRACEBATON_NOT_FOUND = 3,
    /// The list has no further member.
    TRACEBATON_END = 4,
    /// The record already has a context, which was kept.
    TRACEBATON_KEPT = 5,
    /// The record has no timestamp.
    TRACEBATON_NO_TIMESTAMP = 6,
    /// A new trace was started, because there is no parent.
    TRACEBATON_ROOT = 7,
    /// The links have no room for another one, which was counted as dropped.
    TRACEBATON_LINKS_FULL = 8,
    /// An argument is invalid. The functions of this file return the status that names it: the seven below.
    TRACEBATON_INVALID_ARGUMENT = -1,
    /// A buffer, an array or an output overlaps another argument.
    TRACEBATON_OVERLAP = -2,
    /// The array has no room for the headers; none of them was added.
    TRACEBATON_HEADERS_FULL = -3,
    /// The buffer is too small for the copy; tracebaton_context_copy_size() gives the size.
    TRACEBATON_BUFFER_TOO_SMALL = -4,
    /// The first argument is invalid: a pointer is NULL or misaligned, a size or count is beyond the address space or the
    /// capacity, a constant is not one of those defined here, or a struct holds one of these.
    TRACEBATON_INVALID_ARGUMENT_1 = -11,
    /// The second argument is invalid.
    TRACEBATON_INVALID_ARGUMENT_2 = -12,
    /// The third argument is invalid.
    TRACEBATON_INVALID_ARGUMENT_3 = -13,
    /// The fourth argument is invalid.
    TRACEBATON_INVALID_ARGUMENT_4 = -14,
    /// The fifth argument is invalid.
    TRACEBATON_INVALID_ARGUMENT_5 = -15,
    /// The sixth argument is invalid.
    TRACEBATON_INVALID_ARGUMENT_6 = -16,
    /// The seventh argument is invalid.
    TRACEBATON_INVALID_ARGUMENT_7 = -17,
    /// traceparent: the value has fewer than 55 bytes.
    TRACEBATON_TRACEPARENT_TOO_SHORT = -101,
    /// traceparent: the version is not two lower-case hexadecimal digits.
    TRACEBATON_TRACEPARENT_VERSION = -102,
    /// traceparent: the version ff is forbidden.
    TRACEBATON_TRACEPARENT_VERSION_FORBIDDEN = -103,
    /// traceparent: a field is not followed by a dash.
    TRACEBATON_TRACEPARENT_SEPARATOR = -104,
    /// traceparent: the trace-id is not 32 lower-case hexadecimal digits.
    TRACEBATON_TRACEPARENT_TRACE_ID = -105,
    /// traceparent: the trace-id is all zeros.
    TRACEBATON_TRACEPARENT_TRACE_ID_ZERO = -106,
    /// traceparent: the parent-id is not 16 lower-case hexadecimal digits.
    TRACEBATON_TRACEPARENT_PARENT_ID = -107,
    /// traceparent: the parent-id is all zeros.
    TRACEBATON_TRACEPARENT_PARENT_ID_ZERO = -108,
    /// traceparent: the trace-flags are not two lower-case hexadecimal digits.
    TRACEBATON_TRACEPARENT_TRACE_FLAGS = -109,
    /// traceparent: something follows the trace-flags that the version does not allow.
    TRACEBATON_TRACEPARENT_TRAILING = -110,
    /// tracestate: the value has more than 8192 bytes.
    TRACEBATON_TRACESTATE_TOO_LONG = -201,
    /// tracestate: a key does not begin with a lower-case letter or a digit.
    TRACEBATON_TRACESTATE_KEY_START = -202,
    /// tracestate: a key holds a byte other than a-z 0-9 _ - * / @.
    TRACEBATON_TRACESTATE_KEY = -203,
    /// tracestate: a key has more than 256 bytes.
    TRACEBATON_TRACESTATE_KEY_TOO_LONG = -204,
    /// tracestate: a member has no equals sign.
    TRACEBATON_TRACESTATE_EQUALS_MISSING = -205,
    /// tracestate: a value holds a comma, an equals sign, or a byte that is not printable ASCII.
    TRACEBATON_TRACESTATE_VALUE = -206,
    /// tracestate: a value is empty or only white space.
    TRACEBATON_TRACESTATE_VALUE_EMPTY = -207,
    /// tracestate: a value has more than 256 bytes.
    TRACEBATON_TRACESTATE_VALUE_TOO_LONG = -208,
    /// tracestate: the list has more than 32 members.
    TRACEBATON_TRACESTATE_TOO_MANY_MEMBERS = -209,
    /// tracestate: the buffer is too small for the result; 8192 bytes are enough for every list.
    TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL = -210,
    /// tracestate: the limit is below 512 bytes, which everyone must propagate.
    TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL = -211,
    /// tracestate: a value ends with a space, which a reader would trim: remove it.
    TRACEBATON_TRACESTATE_VALUE_END = -212,
    /// baggage: the value has more than 8192 bytes.
    TRACEBATON_BAGGAGE_TOO_LONG = -301,
    /// baggage: the value holds a control byte.
    TRACEBATON_BAGGAGE_CONTROL_BYTE = -302,
    /// baggage: a key is not a token: it is empty, or holds a space, a delimiter, or a byte that is not printable ASCII.
    TRACEBATON_BAGGAGE_KEY = -303,
    /// baggage: the list has more than 64 members.
    TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS = -304,
    /// baggage: the buffer is too small for the result; 8192 bytes are enough for every list.
    TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL = -305,
    /// baggage: a property needs a member that was added before it.
    TRACEBATON_BAGGAGE_NO_MEMBER = -306,
    /// librdkafka: the message is missing, or reports an error or an event instead of a record: check its err.
    TRACEBATON_RDKAFKA_NOT_A_RECORD = -401,
    /// librdkafka: the record was sent without the context, with which it exceeds message.max.bytes: raise that limit.
    TRACEBATON_RDKAFKA_RECORD_TOO_LARGE = -402,
    /// librdkafka: the list has more than 64 headers that may have to be removed, and is unchanged; give it to
    /// tracebaton_rdkafka_produce(), which has no limit.
    TRACEBATON_RDKAFKA_TOO_MANY_HEADERS = -403,
    /// librdkafka: a header was not added, such as to a list that is read-only; the list has no context.
    TRACEBATON_RDKAFKA_NOT_ADDED = -404,
    /// raw headers: the block ends inside a number, a name or a value.
    TRACEBATON_RAW_HEADERS_TOO_SHORT = -501,
    /// raw headers: a number has more than five bytes or than 32 bits.
    TRACEBATON_RAW_HEADERS_NUMBER = -502,
    /// raw headers: the count of headers is negative or more than the bytes can hold.
    TRACEBATON_RAW_HEADERS_COUNT = -503,
    /// raw headers: the length of a name is negative.
    TRACEBATON_RAW_HEADERS_NAME_LENGTH = -504,
    /// raw headers: the length of a value is negative and not -1.
    TRACEBATON_RAW_HEADERS_VALUE_LENGTH = -505,
    /// raw headers: something follows the last header.
    TRACEBATON_RAW_HEADERS_TRAILING = -506,
}

impl tracebaton_status {
    pub(crate) const fn code(self) -> tracebaton_status_t {
        self as tracebaton_status_t
    }
}

/// The status of a function: `Err` is negative or has written nothing.
pub(crate) type Outcome = Result<tracebaton_status, tracebaton_status>;

/// Runs the body of a function and gives its status to C.
#[inline(always)]
pub(crate) fn status_of(body: impl FnOnce() -> Outcome) -> tracebaton_status_t {
    match body() {
        Ok(status) | Err(status) => status.code(),
    }
}
