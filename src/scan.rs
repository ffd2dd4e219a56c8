//! How far the keys and values of a `tracestate` reach.

/// The end of the key that starts here: `a-z 0-9 _ - * / @` (W3C Trace Context Level 2, 3.3.2.2.1).
#[inline(always)]
pub(crate) fn key_end(list: &[u8], start: usize) -> usize {
    end(list, start, KEY)
}

/// The end of the value that starts here: printable ASCII and spaces without `,` and `=` (3.3.2.2.2).
#[inline(always)]
pub(crate) fn value_end(list: &[u8], start: usize) -> usize {
    end(list, start, VALUE)
}

#[inline(always)]
fn end(list: &[u8], start: usize, class: u8) -> usize {
    let mut end = start;
    while let Some(byte) = list.get(end)
        && CLASSES[*byte as usize] & class != 0
    {
        end += 1;
    }
    end
}

const KEY: u8 = 1;
const VALUE: u8 = 2;

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        if matches!(byte as u8, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/' | b'@') {
            classes[byte] |= KEY;
        }
        if matches!(byte as u8, 0x20..=0x2b | 0x2d..=0x3c | 0x3e..=0x7e) {
            classes[byte] |= VALUE;
        }
        byte += 1;
    }
    classes
};

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
    fn every_byte_ends_a_run_or_not() {
        for byte in 0..=u8::MAX {
            let list = [b',', b'a', byte, b'a'];
            assert_eq!(key_end(&list, 1), if is_key(byte) { 4 } else { 2 }, "{byte:#x}");
            assert_eq!(value_end(&list, 1), if is_value(byte) { 4 } else { 2 }, "{byte:#x}");
            assert_eq!((key_end(&list, 4), value_end(&list, 9)), (4, 9));
        }
    }
}
