//! The bytes of a register, for loops without vectors.

/// Whether the processor loads a word from any address. If not, the compiler makes a word of four bytes of ten
/// instructions.
///
/// Armv6-M is the Arm processor without atomic operations.
pub(crate) const LOADS_WORDS: bool =
    cfg!(not(any(target_arch = "riscv32", all(target_arch = "arm", not(target_has_atomic = "8")))));

/// A number as wide as a register. WebAssembly has 64 bits with pointers of 32.
#[cfg(any(target_pointer_width = "64", target_arch = "wasm32"))]
type Number = u64;
#[cfg(not(any(target_pointer_width = "64", target_arch = "wasm32")))]
type Number = u32;

/// The bytes of a word; the first is the lowest.
#[derive(Clone, Copy)]
pub(crate) struct Word(Number);

/// A condition on each byte of a word: bit 0x80 is set if it holds. It is exact up to the first byte for which it does
/// not hold, since sums carry upwards.
#[derive(Clone, Copy)]
pub(crate) struct Holds(Number);

impl Word {
    /// Number of bytes.
    pub(crate) const SIZE: usize = size_of::<Number>();

    #[inline(always)]
    pub(crate) fn load(bytes: &[u8; Self::SIZE]) -> Self {
        Self(Number::from_le_bytes(*bytes))
    }

    /// Whether each byte is between 0x20 and 0x7e.
    ///
    /// Adding 0x60 sets bit 0x80 of the bytes 0x20 to 0x9f. Adding 1 sets it of 0x7f to 0xfe.
    #[inline(always)]
    pub(crate) fn is_printable(self) -> Holds {
        Holds(self.0.wrapping_add(splat(0x60)) & !self.0.wrapping_add(splat(1)))
    }

    /// Whether each byte is not a control byte, which is below 0x20, or 0x7f.
    #[inline(always)]
    pub(crate) fn is_no_control(self) -> Holds {
        let low_bits = Self(self.0 & splat(0x7f));
        Holds(self.0 | low_bits.is_printable().0)
    }

    /// Whether each byte differs from `byte`. Requires that no byte is above 0x7f.
    ///
    /// XOR makes equal bytes 0. Adding 0x7f sets bit 0x80 of every other byte.
    #[inline(always)]
    pub(crate) fn differs_from(self, byte: u8) -> Holds {
        Holds((self.0 ^ splat(byte)).wrapping_add(splat(0x7f)))
    }
}

impl Holds {
    #[inline(always)]
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The place of the first byte for which the condition does not hold.
    #[inline(always)]
    pub(crate) fn first_not(self) -> Option<usize> {
        let not = !self.0 & splat(0x80);
        (not != 0).then_some(not.trailing_zeros() as usize / 8)
    }
}

#[inline(always)]
const fn splat(byte: u8) -> Number {
    Number::from_ne_bytes([byte; Word::SIZE])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_exact_up_to_the_first_byte_that_breaks_them() {
        for place in 0..Word::SIZE {
            for byte in 0..=u8::MAX {
                for after in [0, b' ', b',', 0x7e, 0x7f, 0x80, 0xff] {
                    let mut bytes = [after; Word::SIZE];
                    bytes[..place].fill(b'a');
                    bytes[place] = byte;
                    let word = Word::load(&bytes);
                    let first_not = |holds: fn(u8) -> bool| bytes.iter().position(|byte| !holds(*byte));
                    let is_printable = |byte| matches!(byte, 0x20..=0x7e);
                    let is_valid = |byte| matches!(byte, 0x20..=0x7e) && byte != b',';
                    let is_no_control = |byte: u8| byte >= 0x20 && byte != 0x7f;
                    assert_eq!(word.is_printable().first_not(), first_not(is_printable), "{bytes:x?}");
                    assert_eq!(word.is_no_control().first_not(), first_not(is_no_control), "{bytes:x?}");
                    let found = word.is_printable().and(word.differs_from(b',')).first_not();
                    assert_eq!(found, first_not(is_valid), "{bytes:x?}");
                }
            }
        }
    }
}
