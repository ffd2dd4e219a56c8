//! How far the keys and values of a `tracestate` reach, eight bytes at a time.
//!
//! Each byte of a word is a lane: a sum of seven bits and a constant of at most seven carries into the lane's own top bit
//! and no further, so that comparisons of all lanes are sums, and their answers top bits.

const LANES: u64 = 0x0101_0101_0101_0101;
const TOP: u64 = LANES << 7;

/// The end of the key that starts here: `a-z 0-9 _ - * / @` (W3C Trace Context Level 2, 3.3.2.2.1).
#[inline(always)]
pub(crate) fn key_end(list: &[u8], start: usize) -> usize {
    end(list, start, |word| {
        let low = word & !TOP;
        let letter = from(low, b'a') & !from(low, b'z' + 1);
        let slash_or_digit = from(low, b'/') & !from(low, b'9' + 1);
        let other = not(low, b'_') & not(low, b'-') & not(low, b'*') & not(low, b'@');
        (letter | slash_or_digit | !other) & !word
    })
}

/// The end of the value that starts here: printable ASCII and spaces without `,` and `=` (3.3.2.2.2).
#[inline(always)]
pub(crate) fn value_end(list: &[u8], start: usize) -> usize {
    end(list, start, |word| {
        let low = word & !TOP;
        from(low, b' ') & !from(low, 0x7f) & not(low, b',') & not(low, b'=') & !word
    })
}

/// Where the first byte is, from `start` on, whose lane has no top bit in what `class` makes of it.
#[inline(always)]
fn end(list: &[u8], start: usize, class: impl Fn(u64) -> u64) -> usize {
    let mut at = start;
    loop {
        let (word, lanes) = word(list, at);
        let outside = !class(word) & TOP;
        let run = (outside.trailing_zeros() / 8) as usize;
        if run < 8 || lanes < 8 {
            return at + run.min(lanes);
        }
        at += 8;
    }
}

/// The word of eight bytes that starts here, and how many of them there are; zeros follow the end of the list.
#[inline(always)]
fn word(list: &[u8], at: usize) -> (u64, usize) {
    let rest = list.get(at..).unwrap_or_default();
    if let Some(bytes) = rest.first_chunk() {
        return (u64::from_le_bytes(*bytes), 8);
    }
    let word = match list.last_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes).checked_shr(64 - 8 * rest.len() as u32),
        None => Some(rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))),
    };
    (word.unwrap_or(0), rest.len())
}

/// The top bit where the lane is at least `byte`.
#[inline(always)]
const fn from(low: u64, byte: u8) -> u64 {
    low + LANES * (0x80 - byte as u64)
}

/// The top bit where the lane is not `byte`.
#[inline(always)]
const fn not(low: u64, byte: u8) -> u64 {
    (low ^ LANES * byte as u64) + LANES * 0x7f
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_key(byte: u8) -> bool {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-*/@".contains(&byte)
    }

    fn is_value(byte: u8) -> bool {
        (b' '..=b'~').contains(&byte) && byte != b',' && byte != b'='
    }

    #[test]
    fn every_byte_at_every_place_ends_a_run_or_not() {
        for length in 0..20 {
            for place in 0..length {
                for byte in 0..=u8::MAX {
                    let mut list = [b'a'; 20];
                    list[place] = byte;
                    let list = &list[..length];
                    for start in 0..=length {
                        let expected = |class: fn(u8) -> bool| {
                            start + list[start..].iter().take_while(|byte| class(**byte)).count()
                        };
                        assert_eq!(key_end(list, start), expected(is_key), "{list:?} from {start}");
                        assert_eq!(value_end(list, start), expected(is_value), "{list:?} from {start}");
                    }
                }
            }
        }
    }
}
