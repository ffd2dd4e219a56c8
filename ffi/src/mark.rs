//! The mark of values that the library has accepted or written, in the struct that points to them.
//!
//! A mark is made of the addresses and sizes of the values, so that it no longer fits if a program puts another value into
//! the struct; the values are then checked as any others. Zeros are no mark: a struct that a program fills is checked. The
//! bytes of a value are not part of its mark, whose purpose is not to read them again. The core is safe whatever they are.

use core::ffi::c_char;

/// An address and a size.
pub(crate) type Text = (*const c_char, usize);

/// 2^64 divided by the golden ratio, and 2^64 times the square root of 2, less 2^64. Multiples of such numbers that come
/// close to each other are far apart.
const FACTORS: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0x6a09_e667_f3bc_c909];

/// The mark of two values: zero if there are none, otherwise not.
///
/// An address is in the low 50 bits and a size, at most 8192, in the 14 above them. So the mark changes if one value has
/// another size; if one of the same size is less than 32 MiB away; and otherwise with a chance of all but 1 in 2^31.
#[inline(always)]
pub(crate) fn mark_of(first: Text, second: Text) -> u32 {
    let place = |(pointer, size): Text| pointer.addr() as u64 ^ (size as u64).rotate_left(50);
    let both = place(first).wrapping_mul(FACTORS[0]).wrapping_add(place(second).wrapping_mul(FACTORS[1]));
    (both >> 32) as u32 | u32::from(both != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::ptr::{null, without_provenance};

    #[test]
    fn other_values_have_another_mark() {
        // On 32 bits, the lower half of each address.
        let text = |address: u64, size: usize| (without_provenance::<c_char>(address as usize), size);
        let sample = if cfg!(miri) { 509 } else { 1 };
        let other = text(0x7ffe_0000_0123, 25);
        for start in [0x7fff_1234_5678_u64, 0x5555_5555_4ff0, 0x1000, 1] {
            let marks =
                |address, size| [mark_of(text(address, size), other), mark_of(other, text(address, size))];
            let [one, two] = marks(start, 39);
            assert!(one != 0 && two != 0 && one != two);
            let differs = |[left, right]: [u32; 2]| left != one && right != two;
            assert!((39..=8192).step_by(sample).all(|size| differs(marks(start, size)) == (size != 39)));
            assert!((0..39).all(|size| differs(marks(start, size))), "{start:#x}");
            let near = (1..1 << 16).chain((1..32 << 20).step_by(4099)).chain((4096..32 << 20).step_by(4096));
            assert!(near.step_by(sample).all(|distance| differs(marks(start + distance, 39))), "{start:#x}");
        }
    }

    #[test]
    fn zero_is_the_mark_of_nothing() {
        assert_eq!(mark_of((null(), 0), (null(), 0)), 0);
        assert_ne!(mark_of((c"rojo=1".as_ptr(), 6), (null(), 0)), 0);
    }
}
