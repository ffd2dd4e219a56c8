//! Letters and digits of a header name, to compare names whatever their spelling.

/// Longest name that is compared.
const LONGEST: usize = 64;

/// Buffer for the letters of one name.
pub struct Memory([u8; LONGEST]);

impl Default for Memory {
    fn default() -> Self {
        Self([0; LONGEST])
    }
}

/// Letters and digits of a name, in lower case.
#[derive(Clone, Copy)]
pub struct Letters<'m> {
    /// The letters, in the order of the name.
    pub bytes: &'m [u8],
    /// The set of letters.
    set: u32,
}

/// A word to find in names.
pub struct Word {
    bytes: &'static [u8],
    set: u32,
}

/// Replacements for a dash in JMS and other protocols that do not allow it in names, without their first byte.
const DASHES: [&[u8]; 5] = [b"$dash$_", b"HYPHEN_", b"HYPHEN-", b"_dash__", b"hyphen_"];

impl Memory {
    /// Reduces a name to its letters and digits, and drops the replacements for a dash. `None` if the name is too
    /// long.
    pub fn letters(&mut self, name: &[u8]) -> Option<Letters<'_>> {
        if name.len() > LONGEST {
            return None;
        }
        let (mut length, mut set) = (0, 0);
        let mut rest = name;
        while let [byte, tail @ ..] = rest {
            rest = tail;
            if byte.is_ascii_alphanumeric() {
                let letter = byte.to_ascii_lowercase();
                self.0[length] = letter;
                set |= bit(letter);
                length += 1;
            } else if matches!((byte, tail.first()), (b'_' | b'-', Some(b'$' | b'H' | b'_' | b'h'))) {
                rest = DASHES.iter().find_map(|word| tail.strip_prefix(*word)).unwrap_or(tail);
            }
        }
        Some(Letters { bytes: &self.0[..length], set })
    }
}

/// Bit of a letter. Digits share the bits of letters.
const fn bit(letter: u8) -> u32 {
    1 << (letter & 31)
}

impl Word {
    /// A word in lower case.
    pub const fn new(bytes: &'static [u8]) -> Self {
        let (mut set, mut rest) = (0, bytes);
        while let [letter, tail @ ..] = rest {
            set |= bit(*letter);
            rest = tail;
        }
        Self { bytes, set }
    }
}

impl Letters<'_> {
    /// Whether the letters contain a word.
    pub fn contain(&self, word: &Word) -> bool {
        let Word { bytes, set } = word;
        set & !self.set == 0 && self.bytes.windows(bytes.len()).any(|window| window == *bytes)
    }

    /// Whether at most this many edits turn these letters into the word. An edit adds, drops or replaces a letter, or
    /// swaps two neighbours.
    pub fn is_slip(&self, word: &Word, most: usize) -> bool {
        const WIDTH: usize = 12;
        let (letters, known) = (self.bytes, word.bytes);
        let missing = (word.set & !self.set).count_ones() as usize;
        if missing > most || letters.len().abs_diff(known.len()) > most || known.len() >= WIDTH {
            return false;
        }
        let first: [usize; WIDTH] = std::array::from_fn(|column| column);
        let mut rows = [first; 3]; // the one before the last, the last, this one
        for (row, letter) in letters.iter().enumerate() {
            rows.rotate_left(1);
            rows[2][0] = row + 1;
            for column in 0..known.len() {
                let change = rows[1][column] + usize::from(*letter != known[column]);
                let mut least = change.min(rows[1][column + 1] + 1).min(rows[2][column] + 1);
                if row > 0 && column > 0 && *letter == known[column - 1] && letters[row - 1] == known[column]
                {
                    least = least.min(rows[0][column - 1] + 1);
                }
                rows[2][column + 1] = least;
            }
        }
        rows[2][known.len()] <= most
    }
}
