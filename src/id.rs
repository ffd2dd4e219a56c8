//! Trace ids, span ids and trace flags.

use crate::error::{TraceParentError, TraceParentRule as Rule};
use crate::hex;
use crate::text::ascii;
use core::cmp::Ordering;
use core::fmt;
use core::num::NonZero;
use core::str::FromStr;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal bytes, $digits:literal digits, $word:ty, $rule:ident, $zero:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(NonZero<$word>);

        impl $name {
            /// Size of the id in bytes.
            pub const SIZE: usize = $bytes;

            /// Makes an id of these bytes, most significant first. Returns `None` if all bytes are zero.
            #[inline]
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Option<Self> {
                match NonZero::new(<$word>::from_ne_bytes(bytes)) {
                    Some(word) => Some(Self(word)),
                    None => None,
                }
            }

            /// The bytes of the id, most significant first.
            #[inline]
            pub const fn to_bytes(self) -> [u8; $bytes] {
                self.0.get().to_ne_bytes()
            }

            #[doc = concat!("The id that these ", $digits, " lower-case hexadecimal digits name; none for anything else, all zeros included.")]
            pub fn from_hex(digits: &[u8]) -> Option<Self> {
                Self::from_bytes(hex::decode::<$digits, $bytes>(digits.try_into().ok()?)?)
            }

            #[doc = concat!("Its ", $digits, " lower-case hexadecimal digits.")]
            #[inline]
            pub fn to_hex(self) -> [u8; $digits] {
                hex::encode(&self.to_bytes())
            }

            /// Makes a new id with the caller's source of randomness, which fills the given bytes.
            ///
            /// W3C Trace Context Level 2, 3.2.2 requires random bytes and forbids an id of zeros. If the source
            /// returns only zeros, the id is 1.
            ///
            /// ```
            #[doc = concat!("let id = tracebaton::", stringify!($name), "::generate(|bytes| bytes.fill(7));")]
            #[doc = concat!("assert_eq!(id.to_bytes(), [7; ", $bytes, "]);")]
            /// ```
            pub fn generate(fill: impl FnOnce(&mut [u8])) -> Self {
                let mut bytes = [0; $bytes];
                fill(&mut bytes);
                Self::from_bytes(bytes).unwrap_or(const { Self(NonZero::new(<$word>::to_be(1)).unwrap()) })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(ascii(&self.to_hex()), f)
            }
        }

        /// Writes the same digits as `Display`; the flag `#` adds `0x`.
        impl fmt::LowerHex for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad_integral(true, "0x", ascii(&self.to_hex()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        /// Orders ids by their bytes, which is the order of their digits.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.to_bytes().cmp(&other.to_bytes())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        #[doc = concat!("Reads ", $digits, " lower-case hexadecimal digits, as [`from_hex`](Self::from_hex); the error says where they end.")]
        impl FromStr for $name {
            type Err = TraceParentError;

            fn from_str(digits: &str) -> Result<Self, TraceParentError> {
                let digits = digits.as_bytes();
                let end = hex::count_digits(digits).min($digits);
                match Self::from_hex(digits) {
                    Some(id) => Ok(id),
                    None if end == $digits && digits.len() == end => Err(TraceParentError::new(Rule::$zero, 0)),
                    None => Err(TraceParentError::new(Rule::$rule, end)),
                }
            }
        }

        /// Reads the id from a number whose most significant byte is the first; zero is an error.
        impl TryFrom<[u8; $bytes]> for $name {
            type Error = TraceParentError;

            fn try_from(bytes: [u8; $bytes]) -> Result<Self, TraceParentError> {
                Self::from_bytes(bytes).ok_or(TraceParentError::new(Rule::$zero, 0))
            }
        }

        /// Reads the id from the number that its digits denote; zero is an error.
        impl TryFrom<$word> for $name {
            type Error = TraceParentError;

            fn try_from(number: $word) -> Result<Self, TraceParentError> {
                number.to_be_bytes().try_into()
            }
        }

        /// The id as a number whose most significant byte is the first.
        impl From<$name> for [u8; $bytes] {
            fn from(id: $name) -> Self {
                id.to_bytes()
            }
        }

        /// The id as the number that its digits denote.
        impl From<$name> for $word {
            fn from(id: $name) -> Self {
                Self::from_be_bytes(id.to_bytes())
            }
        }
    };
}

id! {
    /// Id of a trace: 16 bytes that are never all zero (W3C Trace Context Level 2, 3.2.2.3).
    ///
    /// Zero is excluded by the type: `Option<TraceId>` has the same size, and there is no `is_valid` to forget.
    ///
    /// ```
    /// use tracebaton::TraceId;
    ///
    /// let id = TraceId::from_hex(b"0af7651916cd43dd8448eb211c80319c").unwrap();
    /// assert_eq!(id.to_bytes()[..2], [0x0a, 0xf7]);
    /// assert_eq!(id.to_string().as_bytes(), id.to_hex());
    /// assert_eq!(TraceId::from_bytes([0; TraceId::SIZE]), None);
    /// assert_eq!(u128::from(id) >> 120, 0x0a);
    /// assert_eq!("0af7".parse::<TraceId>().unwrap_err().offset, 4);
    /// ```
    TraceId, 16 bytes, 32 digits, u128, TraceId, TraceIdZero
}

id! {
    /// Id of a span: 8 bytes that are never all zero (W3C Trace Context Level 2, 3.2.2.4, where it is called
    /// parent-id).
    ///
    /// Zero is excluded by the type: `Option<SpanId>` has the same size, and there is no `is_valid` to forget.
    ///
    /// ```
    /// use tracebaton::SpanId;
    ///
    /// let id = SpanId::from_hex(b"b7ad6b7169203331").unwrap();
    /// assert_eq!(SpanId::from_bytes(id.to_bytes()), Some(id));
    /// assert_eq!(SpanId::from_hex(b"B7AD6B7169203331"), None); // upper case
    /// ```
    SpanId, 8 bytes, 16 digits, u64, ParentId, ParentIdZero
}

impl TraceId {
    /// Makes an id of two words in memory order.
    #[inline(always)]
    pub(crate) const fn from_words(words: [u64; 2]) -> Option<Self> {
        let [low, high] = little_end_first(words);
        match NonZero::new(low as u128 | (high as u128) << 64) {
            Some(word) => Some(Self(word)),
            None => None,
        }
    }

    #[inline(always)]
    pub(crate) const fn to_words(self) -> [u64; 2] {
        little_end_first([self.0.get() as u64, (self.0.get() >> 64) as u64])
    }
}

impl SpanId {
    /// Makes an id of a word in memory order.
    #[inline(always)]
    pub(crate) const fn from_word(word: u64) -> Option<Self> {
        match NonZero::new(word) {
            Some(word) => Some(Self(word)),
            None => None,
        }
    }

    #[inline(always)]
    pub(crate) const fn to_word(self) -> u64 {
        self.0.get()
    }
}

const fn little_end_first([first, second]: [u64; 2]) -> [u64; 2] {
    if cfg!(target_endian = "little") { [first, second] } else { [second, first] }
}

/// Flags of a trace, a bit field (W3C Trace Context Level 2, 3.2.2.5).
///
/// Only the two defined bits are kept; every other bit is dropped ([R6], [W3]).
///
/// ```
/// use tracebaton::TraceFlags;
///
/// let flags = TraceFlags::from_byte(0xff);
/// assert!(flags.is_sampled() && flags.is_random());
/// assert_eq!(flags.to_byte(), 0x03);
/// assert_eq!(flags.with_sampled(false), TraceFlags::RANDOM);
/// assert_eq!((TraceFlags::SAMPLED | TraceFlags::RANDOM).to_string(), "03");
/// ```
#[doc = include_str!("guides/rules.md")]
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TraceFlags(u8);

impl TraceFlags {
    /// Bit that is set if the parent may have recorded its span (3.2.2.5.1).
    pub const SAMPLED: Self = Self(0x01);
    /// Bit that is set if the right-most 7 bytes of the trace id are random (3.2.2.5.2).
    pub const RANDOM: Self = Self(0x02);

    /// The defined flags in this byte.
    #[inline]
    pub const fn from_byte(byte: u8) -> Self {
        Self(byte & (Self::SAMPLED.0 | Self::RANDOM.0))
    }

    /// The flags as a byte.
    #[inline]
    pub const fn to_byte(self) -> u8 {
        self.0
    }

    /// Whether the parent may have recorded its span.
    #[inline]
    pub const fn is_sampled(self) -> bool {
        self.0 & Self::SAMPLED.0 != 0
    }

    /// Whether the right-most 7 bytes of the trace id are random.
    #[inline]
    pub const fn is_random(self) -> bool {
        self.0 & Self::RANDOM.0 != 0
    }

    /// The same flags with the sampled flag set or cleared.
    #[inline]
    pub const fn with_sampled(self, sampled: bool) -> Self {
        Self(self.0 & !Self::SAMPLED.0 | sampled as u8)
    }

    /// The same flags with the random flag set or cleared. Set it only for a trace id that you created (3.2.2.5.2).
    #[inline]
    pub const fn with_random(self, random: bool) -> Self {
        Self(self.0 & !Self::RANDOM.0 | (random as u8) << 1)
    }
}

/// The flags that are set in at least one of the two.
impl core::ops::BitOr for TraceFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for TraceFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}", self.0)
    }
}

/// Formats the flags like a `u8`; `{:02x}` writes the two digits of a header.
impl fmt::LowerHex for TraceFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerHex::fmt(&self.0, f)
    }
}

/// The defined flags in this byte.
impl From<u8> for TraceFlags {
    fn from(byte: u8) -> Self {
        Self::from_byte(byte)
    }
}

impl From<TraceFlags> for u8 {
    fn from(flags: TraceFlags) -> Self {
        flags.to_byte()
    }
}

impl fmt::Debug for TraceFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceFlags({self})")
    }
}
