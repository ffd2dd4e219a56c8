//! Inputs of several lines, so that people can read a seed and a fuzzer can move lines.

/// A list and the arguments of its changes, separated by line feeds.
///
/// No accepted list contains a line feed, so every accepted list can be an input. A missing line is empty.
pub struct Lines<'a>(std::slice::Split<'a, u8, fn(&u8) -> bool>);

impl<'a> Lines<'a> {
    /// Splits an input into lines; `None` if it has one line, which is a list without changes.
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

    /// The next line as a decimal number; 0 if it is not one.
    pub fn number(&mut self) -> usize {
        std::str::from_utf8(self.text()).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// The remaining lines.
    pub fn rest(self) -> impl Iterator<Item = &'a [u8]> {
        self.0
    }
}
