//! JSON in which every control, direction mark and invisible character is escaped.

use crate::escape;
use std::io::{self, Write};

/// Writes compact JSON and escapes every character that could steer a terminal.
pub struct Ascii;

impl serde_json::ser::Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, output: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.is_ascii() && !fragment.as_bytes().contains(&0x7f) {
            return output.write_all(fragment.as_bytes());
        }
        for character in fragment.chars() {
            if escape::steers(character) {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(output, "\\u{unit:04x}")?;
                }
            } else {
                output.write_all(character.encode_utf8(&mut [0; 4]).as_bytes())?;
            }
        }
        Ok(())
    }
}
