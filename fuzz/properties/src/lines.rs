//! Inputs of several parts: a line each, so that a seed can be read, and a fuzzer can move from part to part.

/// A list, and the parts of the changes to it: what is between the line feeds.
///
/// No list that is accepted holds a line feed, so that none is out of reach. A part that is missing is empty.
pub struct Lines<'a>(std::slice::Split<'a, u8, fn(&u8) -> bool>);

impl<'a> Lines<'a> {
    /// The lines of an input, or none if it is a single one: then it is a list without changes.
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

    /// The next line as a decimal number; 0 if it is none.
    pub fn number(&mut self) -> usize {
        std::str::from_utf8(self.text()).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// All lines that are left.
    pub fn rest(self) -> impl Iterator<Item = &'a [u8]> {
        self.0
    }
}
