//! Rules that a header or a change can break: one enum for each header, one variant for each rule of its grammar.

use core::fmt;

/// A broken rule, and where the value breaks it.
///
/// ```
/// use tracebaton::{TraceState, TraceStateRule};
///
/// let refused = TraceState::parse(b"rojo=1,Congo=2").unwrap_err();
/// assert_eq!((refused.rule, refused.offset), (TraceStateRule::KeyStart, 7));
/// assert_eq!(refused.rule.name(), "key_start");
/// assert_eq!(refused.to_string(), "a tracestate key does not begin with a lower-case letter or a digit (at byte 7)");
/// assert_eq!(refused.to_string(), "a tracestate key does not begin with a lower-case letter or a digit (at byte 7)");
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Violation<Rule> {
    /// The first rule that the value breaks, from left to right.
    pub rule: Rule,
    /// Offset of the byte at fault, counted from 0 in the value. For a change, it counts in the argument at fault.
    pub offset: usize,
}

impl<Rule> Violation<Rule> {
    /// A violation of this rule at this offset.
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
/// Why a `tracestate`, or a change of one, was refused.
pub type TraceStateError = Violation<TraceStateRule>;
/// Why a `baggage`, or a change of one, was refused.
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

            /// Name of the rule, the same in every language and tool: lower-case words joined by `_`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// English sentence that names the header and what is wrong; [`Display`](fmt::Display) writes the same.
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
    /// Rule that a `traceparent` value can break (W3C Trace Context Level 2, 3.2; [R5]).
    ///
    #[doc = include_str!("guides/rules.md")]
    TraceParentRule {
        TooShort = "too_short": "the traceparent has fewer than 55 bytes",
        Version = "version": "the version of the traceparent is not two lower-case hexadecimal digits",
        VersionForbidden = "version_forbidden": "the version of the traceparent is ff, which is forbidden",
        Separator = "separator": "a field of the traceparent is not followed by a dash",
        TraceId = "trace_id": "the trace-id is not 32 lower-case hexadecimal digits",
        TraceIdZero = "trace_id_zero": "the trace-id is all zeros",
        ParentId = "parent_id": "the parent-id is not 16 lower-case hexadecimal digits",
        ParentIdZero = "parent_id_zero": "the parent-id is all zeros",
        TraceFlags = "trace_flags": "the trace-flags of the traceparent are not two lower-case hexadecimal digits",
        Trailing = "trailing": "the traceparent has bytes after its trace-flags that its version does not allow",
    }
}

rules! {
    /// Rule that a `tracestate` value or a change of one can break (W3C Trace Context Level 2, 3.3; [R7], [C3],
    /// [C4]).
    ///
    #[doc = include_str!("guides/rules.md")]
    TraceStateRule {
        TooLong = "too_long": "the tracestate has more than 8192 bytes",
        KeyStart = "key_start": "a tracestate key does not begin with a lower-case letter or a digit",
        Key = "key": "a tracestate key contains a byte other than a-z 0-9 _ - * / @",
        KeyTooLong = "key_too_long": "a tracestate key has more than 256 bytes",
        EqualsMissing = "equals_missing": "a tracestate member has no equals sign",
        Value = "value": "a tracestate value contains a comma, an equals sign, or a byte that is not printable ASCII",
        ValueEmpty = "value_empty": "a tracestate value is empty or only white space",
        ValueTooLong = "value_too_long": "a tracestate value has more than 256 bytes",
        ValueEnd = "value_end": "a tracestate value ends with a space, which readers trim: remove the space",
        TooManyMembers = "too_many_members": "the tracestate has more than 32 members",
        BufferTooSmall = "buffer_too_small": "the buffer is too small for the new tracestate: 8192 bytes are always enough",
        LimitTooSmall = "limit_too_small": "the limit for the tracestate is below 512 bytes: W3C requires at least 512",
    }
}

rules! {
    /// Rule that a whole `baggage` value or a change of one can break (W3C Baggage 3.3; [R8], [C5]).
    ///
    #[doc = include_str!("guides/rules.md")]
    BaggageRule {
        TooLong = "too_long": "the baggage has more than 8192 bytes",
        ControlByte = "control_byte": "the baggage contains a control byte",
        Key = "key": "a baggage key is empty, or contains a space, a delimiter, or a byte that is not printable ASCII",
        TooManyMembers = "too_many_members": "the baggage would have more than 64 members: remove one first",
        BufferTooSmall = "buffer_too_small": "the buffer is too small for the new baggage: 8192 bytes are always enough",
        NoMember = "no_member": "the baggage has no member that the property could belong to: add a member first",
    }
}
