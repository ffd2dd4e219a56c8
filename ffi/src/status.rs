//! The statuses that functions return.

/// @brief The result of a function: 0 is success, a positive number another normal outcome, a negative number an
/// error.
///
/// The values are those of enum tracebaton_status. A later version may add values, but never changes or reuses one.
/// An unknown positive value is not an error, and an unknown negative value is one.
pub type tracebaton_status_t = i32;

/// @brief Every status; see tracebaton_status_t.
///
/// The errors have ranges. From -99 to -1 they are about arguments, arrays and buffers, from -199 to -101 about a
/// traceparent, from -299 to -201 about a tracestate, and from -399 to -301 about a baggage. From -599 to -501 they are
/// about the header block of a record in a batch. An error about a text or a block names the rule of the grammar that
/// its bytes break, or says that a buffer or a limit is too small. Those from -499 to -401 are about librdkafka, and
/// only tracebaton_rdkafka.h returns them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum tracebaton_status {
    /// Success. As a verdict: the header was accepted.
    TRACEBATON_OK = 0,
    /// The context has no span context, so there is no parent.
    TRACEBATON_NO_CONTEXT = 1,
    /// As a verdict: the record has no such header with a value, or it has a tracestate without an accepted
    /// traceparent.
    TRACEBATON_ABSENT = 2,
    /// The list has no member with this key.
    TRACEBATON_NOT_FOUND = 3,
    /// The list has no further member.
    TRACEBATON_END = 4,
    /// The record already has a valid traceparent, or the list already has the link. It was kept.
    TRACEBATON_KEPT = 5,
    /// The record has no timestamp.
    TRACEBATON_NO_TIMESTAMP = 6,
    /// A new trace was started, because there is no parent.
    TRACEBATON_ROOT = 7,
    /// The links have no room: the new link was counted as dropped.
    TRACEBATON_LINKS_FULL = 8,
    /// Stands for the seven statuses below in descriptions. No function returns this number.
    TRACEBATON_INVALID_ARGUMENT = -1,
    /// A buffer, an array or an output overlaps another argument.
    TRACEBATON_OVERLAP = -2,
    /// The header array is full; none of the headers was added. Leave room for TRACEBATON_MAX_HEADERS more.
    TRACEBATON_HEADERS_FULL = -3,
    /// The buffer is too small for the result. The description of the function says which size is enough.
    TRACEBATON_BUFFER_TOO_SMALL = -4,
    /// The first argument is invalid: a pointer is NULL or misaligned, a size or count is beyond the address space or
    /// the capacity, a constant is unknown, or a struct contains one of these.
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
    /// The traceparent has fewer than 55 bytes.
    TRACEBATON_TRACEPARENT_TOO_SHORT = -101,
    /// The version of the traceparent is not two lower-case hexadecimal digits.
    TRACEBATON_TRACEPARENT_VERSION = -102,
    /// The version of the traceparent is ff, which is forbidden.
    TRACEBATON_TRACEPARENT_VERSION_FORBIDDEN = -103,
    /// A field of the traceparent is not followed by a dash.
    TRACEBATON_TRACEPARENT_SEPARATOR = -104,
    /// The trace-id is not 32 lower-case hexadecimal digits.
    TRACEBATON_TRACEPARENT_TRACE_ID = -105,
    /// The trace-id is all zeros.
    TRACEBATON_TRACEPARENT_TRACE_ID_ZERO = -106,
    /// The parent-id is not 16 lower-case hexadecimal digits.
    TRACEBATON_TRACEPARENT_PARENT_ID = -107,
    /// The parent-id is all zeros.
    TRACEBATON_TRACEPARENT_PARENT_ID_ZERO = -108,
    /// The trace-flags of the traceparent are not two lower-case hexadecimal digits.
    TRACEBATON_TRACEPARENT_TRACE_FLAGS = -109,
    /// The traceparent has bytes after its trace-flags that its version does not allow.
    TRACEBATON_TRACEPARENT_TRAILING = -110,
    /// The tracestate has more than 8192 bytes.
    TRACEBATON_TRACESTATE_TOO_LONG = -201,
    /// A tracestate key does not begin with a lower-case letter or a digit.
    TRACEBATON_TRACESTATE_KEY_START = -202,
    /// A tracestate key contains a byte other than a-z 0-9 _ - * / @.
    TRACEBATON_TRACESTATE_KEY = -203,
    /// A tracestate key has more than 256 bytes.
    TRACEBATON_TRACESTATE_KEY_TOO_LONG = -204,
    /// A tracestate member has no equals sign.
    TRACEBATON_TRACESTATE_EQUALS_MISSING = -205,
    /// A tracestate value contains a comma, an equals sign, or a byte that is not printable ASCII.
    TRACEBATON_TRACESTATE_VALUE = -206,
    /// A tracestate value is empty or only white space.
    TRACEBATON_TRACESTATE_VALUE_EMPTY = -207,
    /// A tracestate value has more than 256 bytes.
    TRACEBATON_TRACESTATE_VALUE_TOO_LONG = -208,
    /// The tracestate has more than 32 members.
    TRACEBATON_TRACESTATE_TOO_MANY_MEMBERS = -209,
    /// The buffer is too small for the new tracestate: 8192 bytes are always enough.
    TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL = -210,
    /// The limit for the tracestate is below 512 bytes: W3C requires at least 512.
    TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL = -211,
    /// A tracestate value ends with a space, which readers trim: remove the space.
    TRACEBATON_TRACESTATE_VALUE_END = -212,
    /// The baggage has more than 8192 bytes.
    TRACEBATON_BAGGAGE_TOO_LONG = -301,
    /// The baggage contains a control byte.
    TRACEBATON_BAGGAGE_CONTROL_BYTE = -302,
    /// A baggage key is empty, or contains a space, a delimiter, or a byte that is not printable ASCII.
    TRACEBATON_BAGGAGE_KEY = -303,
    /// The baggage would have more than 64 members: remove one first.
    TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS = -304,
    /// The buffer is too small for the new baggage: 8192 bytes are always enough.
    TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL = -305,
    /// The baggage has no member that the property could belong to: add a member first.
    TRACEBATON_BAGGAGE_NO_MEMBER = -306,
    /// librdkafka: the message is NULL, or reports an error or an event instead of a record: check its err.
    TRACEBATON_RDKAFKA_NOT_A_RECORD = -401,
    /// librdkafka: the record with its context exceeds message.max.bytes; it was sent without the context. Raise the limit.
    TRACEBATON_RDKAFKA_RECORD_TOO_LARGE = -402,
    /// librdkafka: the list has more than 64 headers that may have to be removed; it is unchanged.
    /// tracebaton_rdkafka_produce() has no such limit.
    TRACEBATON_RDKAFKA_TOO_MANY_HEADERS = -403,
    /// librdkafka: the list refused a header, for example because it is read-only; it has no context.
    TRACEBATON_RDKAFKA_NOT_ADDED = -404,
    /// The header block ends inside a number, a name or a value.
    TRACEBATON_RAW_HEADERS_TOO_SHORT = -501,
    /// A number in the header block has more than five bytes or than 32 bits.
    TRACEBATON_RAW_HEADERS_NUMBER = -502,
    /// The count of the header block is negative or more than its bytes can hold.
    TRACEBATON_RAW_HEADERS_COUNT = -503,
    /// The length of a name in the header block is negative.
    TRACEBATON_RAW_HEADERS_NAME_LENGTH = -504,
    /// The length of a value in the header block is negative and not -1.
    TRACEBATON_RAW_HEADERS_VALUE_LENGTH = -505,
    /// The header block continues after its last header.
    TRACEBATON_RAW_HEADERS_TRAILING = -506,
}

impl tracebaton_status {
    pub(crate) const fn code(self) -> tracebaton_status_t {
        self as tracebaton_status_t
    }
}

/// The result of a function's body. `Err` is a negative status, or one that has written no output.
pub(crate) type Outcome = Result<tracebaton_status, tracebaton_status>;

/// Runs the body of a function and returns its status to C.
#[inline(always)]
pub(crate) fn status_of(body: impl FnOnce() -> Outcome) -> tracebaton_status_t {
    match body() {
        Ok(status) | Err(status) => status.code(),
    }
}
