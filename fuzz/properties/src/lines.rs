//! Inputs of several parts, one a line, so that people can read seeds and fuzzers can move parts.

/// The lines of an input: a list, and the parts of the changes to it.
///
/// No accepted list contains a line feed, so every list can be an input. A missing part is empty.
pub struct Lines<'a>(std::slice::Split<'a, u8, fn(&u8) -> bool>);

impl<'a> Lines<'a> {
    /// The lines of an input; none if it has only one, which is a list without changes.
    pub fn of(input: &'a [u8]) -> Option<Self> {
        fn is_line_feed(byte: &u8) -> bool {
            *byte == b'\n'
        }
        input.contains(&b'\n').then(|| Self(input.split(is_line_feed as fn(&u8) -> bool)))
    }

    /// The next line.
    pub fn text(&mut self) -> &'a [u8] {
        self.0.next().unwrap_or_default()
    }

    /// The next line as a decimal number; 0 if it is not a number.
    pub fn number(&mut self) -> usize {
        std::str::from_utf8(self.text()).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// All remaining lines.
    pub fn rest(self) -> impl Iterator<Item = &'a [u8]> {
        self.0
    }
}
