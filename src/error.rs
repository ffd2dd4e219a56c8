//! The rules that a header or a change can break: one enum a header, one variant a grammar rule.

use core::fmt;

/// A broken rule, and where it shows.
///
/// ```
/// use tracebaton::{TraceState, TraceStateRule};
///
/// let refused = TraceState::parse(b"rojo=1,Congo=2").unwrap_err();
/// assert_eq!((refused.rule, refused.offset), (TraceStateRule::KeyStart, 7));
/// assert_eq!(refused.rule.name(), "key_start");
/// assert_eq!(refused.to_string(), "a key does not begin with a lower-case letter or a digit (at byte 7)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Violation<Rule> {
    /// The first rule that failed, reading from left to right.
    pub rule: Rule,
    /// The byte where it shows, counted from 0 in the value that was read (or, for a change, in the argument at fault).
    pub offset: usize,
}

impl<Rule> Violation<Rule> {
    /// This rule, broken at this byte.
    pub const fn new(rule: Rule, offset: usize) -> Self {
        Self { rule, offset }
    }
}

impl<Rule: fmt::Display> fmt::Display for Violation<Rule> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.rule, self.offset)
    }
}

impl<Rule: fmt::Debug + fmt::Display> core::error::Error for Violation<Rule> {}

/// Why a `traceparent` was refused.
pub type TraceParentError = Violation<TraceParentRule>;
/// Why a `tracestate` was refused, or a change of one.
pub type TraceStateError = Violation<TraceStateRule>;
/// Why a `baggage` was refused, or a change of one.
pub type BaggageError = Violation<BaggageRule>;

macro_rules! rules {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal: $sentence:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`: ", $sentence, ".")] $variant,)*
        }

        impl $name {
            /// Every rule, in the order of the grammar.
            ///
            /// ```
            #[doc = concat!("for rule in tracebaton::", stringify!($name), "::ALL {")]
            ///     println!("{}: {rule}", rule.name());
            /// }
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The rule's name, the same in every language and tool: lower-case words joined by `_`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// What is wrong, in English: what [`Display`](fmt::Display) writes.
            ///
            /// ```
            #[doc = concat!("for rule in tracebaton::", stringify!($name), "::ALL {")]
            ///     assert_eq!(rule.message(), rule.to_string());
            /// }
            /// ```
            pub const fn message(self) -> &'static str {
                match self {
                    $(Self::$variant => $sentence,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.message())
            }
        }
    };
}

rules! {
    /// What W3C Trace Context Level 2, 3.2 asks of a `traceparent` value ([R5]).
    ///
    #[doc = include_str!("guides/rules.md")]
    TraceParentRule {
        TooShort = "too_short": "the value has fewer than 55 bytes",
        Version = "version": "the version is not two lower-case hexadecimal digits",
        VersionForbidden = "version_forbidden": "the version ff is forbidden",
        Separator = "separator": "a field is not followed by a dash",
        TraceId = "trace_id": "the trace-id is not 32 lower-case hexadecimal digits",
        TraceIdZero = "trace_id_zero": "the trace-id is all zeros",
        ParentId = "parent_id": "the parent-id is not 16 lower-case hexadecimal digits",
        ParentIdZero = "parent_id_zero": "the parent-id is all zeros",
        TraceFlags = "trace_flags": "the trace-flags are not two lower-case hexadecimal digits",
        Trailing = "trailing": "something follows the trace-flags that the version does not allow",
    }
}

rules! {
    /// What W3C Trace Context Level 2, 3.3 asks of a `tracestate` value ([R7]), and what a change may break ([C3], [C4]).
    ///
    #[doc = include_str!("guides/rules.md")]
    TraceStateRule {
        TooLong = "too_long": "the value has more than 8192 bytes",
        KeyStart = "key_start": "a key does not begin with a lower-case letter or a digit",
        Key = "key": "a key holds a byte other than a-z 0-9 _ - * / @",
        KeyTooLong = "key_too_long": "a key has more than 256 bytes",
        EqualsMissing = "equals_missing": "a member has no equals sign",
        Value = "value": "a value holds a comma, an equals sign, or a byte that is not printable ASCII",
        ValueEmpty = "value_empty": "a value is empty or only white space",
        ValueTooLong = "value_too_long": "a value has more than 256 bytes",
        ValueEnd = "value_end": "a value ends with a space, which a reader would trim: remove it",
        TooManyMembers = "too_many_members": "the list has more than 32 members",
        BufferTooSmall = "buffer_too_small": "the buffer is too small for the result; 8192 bytes are enough for every list",
        LimitTooSmall = "limit_too_small": "the limit is below 512 bytes, which everyone must propagate",
    }
}

rules! {
    /// What is asked of a `baggage` value as a whole ([R8]), and what a change may break (W3C Baggage 3.3, [C5]).
    ///
    #[doc = include_str!("guides/rules.md")]
    BaggageRule {
        TooLong = "too_long": "the value has more than 8192 bytes",
        ControlByte = "control_byte": "the value holds a control byte",
        Key = "key": "a key is not a token: it is empty, or holds a space, a delimiter, or a byte that is not printable ASCII",
        TooManyMembers = "too_many_members": "the list has more than 64 members",
        BufferTooSmall = "buffer_too_small": "the buffer is too small for the result; 8192 bytes are enough for every list",
        NoMember = "no_member": "a property needs a member that was added before it",
    }
}
