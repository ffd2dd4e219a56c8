//! Untrusted bytes as printable ASCII, so that they cannot steer a terminal or break a table.

use std::fmt::{self, Write};

/// Displays bytes: printable ASCII unchanged, a backslash doubled, every other byte as `\n`, `\t`, `\r` or `\xff`.
pub struct Escaped<'a>(pub &'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| match byte {
            b'\n' => f.write_str("\\n"),
            b'\r' => f.write_str("\\r"),
            b'\t' => f.write_str("\\t"),
            b'\\' => f.write_str("\\\\"),
            b' '..=b'~' => f.write_char(char::from(*byte)),
            _ => write!(f, "\\x{byte:02x}"),
        })
    }
}

/// Displays characters: printable ASCII unchanged, every other character escaped as Rust does it.
pub struct EscapedChars<T>(pub T);

impl<T: Iterator<Item = char> + Clone> fmt::Display for EscapedChars<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.clone().try_for_each(|character| match character {
            ' '..='~' if character != '\\' => f.write_char(character),
            _ => write!(f, "{}", character.escape_default()),
        })
    }
}

/// Whether a character can steer a terminal or reorder text: a control, a direction mark or an invisible character.
pub fn steers(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{f0000}'..
        )
}

/// An excerpt of a value that fits into a column, and the place of one of its bytes.
pub struct Excerpt {
    /// The escaped excerpt, with dots for omitted bytes.
    pub text: String,
    /// Offset in `text` at which the marked byte begins.
    pub column: usize,
}

impl Excerpt {
    const DOTS: &'static str = "...";

    /// An excerpt of `bytes` around `offset` that fits into `width` columns.
    pub fn around(bytes: &[u8], offset: usize, width: usize) -> Self {
        let mut start = 0;
        if width_of(bytes.iter().take(offset + 1)) + Self::DOTS.len() > width {
            let room = width / 2;
            let before = bytes.iter().take(offset).rev();
            start = offset.min(bytes.len()) - before.scan(0, fits(room)).count();
        }
        let mut text = String::from(if start == 0 { "" } else { Self::DOTS });
        let room = width - text.len();
        let rest = &bytes[start..];
        let mut shown = rest.len();
        if width_of(rest.iter().take(room + 1)) > room {
            shown = rest.iter().scan(0, fits(room - Self::DOTS.len())).count();
        }
        let column = text.len() + width_of(rest.iter().take(offset.saturating_sub(start)));
        let _ = write!(text, "{}", Escaped(&rest[..shown]));
        if shown < rest.len() {
            text.push_str(Self::DOTS);
        }
        Self { text, column }
    }

    /// The first bytes of `bytes` that fit into `width` columns.
    pub fn beginning(bytes: &[u8], width: usize) -> String {
        Self::around(bytes, 0, width).text
    }
}

fn width_of<'a>(bytes: impl Iterator<Item = &'a u8>) -> usize {
    bytes.map(width).sum()
}

fn width(byte: &u8) -> usize {
    match byte {
        b'\n' | b'\r' | b'\t' | b'\\' => 2,
        b' '..=b'~' => 1,
        _ => 4,
    }
}

/// Accepts bytes while they fit into `room` columns together.
fn fits<'a>(room: usize) -> impl FnMut(&mut usize, &'a u8) -> Option<()> {
    move |used, byte| {
        *used += width(byte);
        (*used <= room).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_printable_ascii_of_the_expected_width() {
        for byte in 0..=u8::MAX {
            let text = Escaped(&[byte]).to_string();
            assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{byte:#x} gives {text:?}");
            assert_eq!(text.len(), width(&byte), "{byte:#x} gives {text:?}");
        }
        let text = EscapedChars("a\\\u{1b}\u{e9}\u{202e}\u{7f}".chars()).to_string();
        assert_eq!(text, r"a\\\u{1b}\u{e9}\u{202e}\u{7f}");
    }

    #[test]
    fn an_excerpt_fits_and_holds_its_byte() {
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(1000).collect();
        for length in [0, 1, 20, 55, 1000] {
            for offset in 0..=length {
                let bytes = &bytes[..length];
                let Excerpt { text, column } = Excerpt::around(bytes, offset, 40);
                let byte = bytes.get(offset..).and_then(<[u8]>::first);
                let shown = byte.map_or(String::new(), |byte| Escaped(&[*byte]).to_string());
                assert!(text.len() <= 40, "{length} {offset}: {text}");
                assert!(text[column..].starts_with(&shown), "{length} {offset}: {text} {column} {shown}");
                assert!(byte.is_some() || column == text.len(), "{length} {offset}: {text} {column}");
            }
        }
        assert_eq!(Excerpt::beginning(b"0123456789", 10), "0123456789");
        assert_eq!(Excerpt::beginning(b"0123456789a", 10), "0123456...");
        let Excerpt { text, column } = Excerpt::around(b"0123456789abcdefghij", 15, 12);
        assert_eq!((text.as_str(), column), ("...9abcde...", 9));
    }
}
