//! The letters and digits of a name, by which its spellings are compared.

/// No name that is longer is looked at.
const LONGEST: usize = 64;

/// Memory for the letters of one name.
pub struct Memory([u8; LONGEST]);

impl Default for Memory {
    fn default() -> Self {
        Self([0; LONGEST])
    }
}

/// What stands for a dash in JMS and in other protocols that do not allow it in a name.
const DASHES: [&[u8]; 5] = [b"_$dash$_", b"_HYPHEN_", b"-HYPHEN-", b"__dash__", b"_hyphen_"];

impl Memory {
    /// The letters and digits of a name in lower case, without the words that stand for a dash. None if it is too long.
    pub fn letters(&mut self, name: &[u8]) -> Option<&[u8]> {
        if name.len() > LONGEST {
            return None;
        }
        let mut length = 0;
        let mut rest = name;
        while let [byte, tail @ ..] = rest {
            let is_dash = matches!(byte, b'_' | b'-');
            let word = DASHES.iter().filter(|_| is_dash).find_map(|word| rest.strip_prefix(*word));
            if byte.is_ascii_alphanumeric() {
                self.0[length] = byte.to_ascii_lowercase();
                length += 1;
            }
            rest = word.unwrap_or(tail);
        }
        Some(&self.0[..length])
    }
}

/// Whether a word is somewhere in these letters.
pub fn contains(letters: &[u8], word: &[u8]) -> bool {
    letters.len() >= word.len() && letters.windows(word.len()).any(|window| window == word)
}
