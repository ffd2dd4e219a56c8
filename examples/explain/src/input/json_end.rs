//! Finds the end of a JSON text of several lines: checks its grammar without its values.

/// Reads a text line by line.
#[derive(Default)]
pub struct End {
    /// For each open bracket, whether it belongs to an object.
    open: Vec<bool>,
    next: Next,
}

/// State of a text after another line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// The text is incomplete.
    Open,
    /// The text is complete.
    Ended,
    /// The text is not JSON.
    Invalid,
}

/// The next token that is allowed.
#[derive(Clone, Copy, Default, PartialEq)]
enum Next {
    #[default]
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    Nothing,
}

/// Maximum depth that serde_json accepts.
const DEEPEST: usize = 128;

impl End {
    /// Reads another line. A string cannot span lines.
    pub fn feed(&mut self, line: &[u8]) -> Progress {
        let mut rest = line.trim_ascii();
        while let [byte, tail @ ..] = rest {
            let Some((next, after)) = self.token(*byte, tail) else { return Progress::Invalid };
            self.next = next;
            rest = after.trim_ascii_start();
        }
        if self.next == Next::Nothing { Progress::Ended } else { Progress::Open }
    }

    /// The state after a token, and the bytes after it.
    fn token<'a>(&mut self, byte: u8, tail: &'a [u8]) -> Option<(Next, &'a [u8])> {
        let is_value = matches!(self.next, Next::Value | Next::ValueOrEnd);
        Some(match (byte, self.next) {
            (b'{' | b'[', _) if is_value && self.open.len() < DEEPEST => {
                self.open.push(byte == b'{');
                (if byte == b'{' { Next::KeyOrEnd } else { Next::ValueOrEnd }, tail)
            }
            (b'}', Next::KeyOrEnd | Next::CommaOrEnd) if self.open.last() == Some(&true) => {
                (self.close(), tail)
            }
            (b']', Next::ValueOrEnd | Next::CommaOrEnd) if self.open.last() == Some(&false) => {
                (self.close(), tail)
            }
            (b',', Next::CommaOrEnd) => {
                (if self.open.last() == Some(&true) { Next::Key } else { Next::Value }, tail)
            }
            (b':', Next::Colon) => (Next::Value, tail),
            (b'"', Next::Key | Next::KeyOrEnd) => (Next::Colon, after_string(tail)?),
            (b'"', _) if is_value => (self.after_value(), after_string(tail)?),
            (b'-' | b'0'..=b'9' | b't' | b'f' | b'n', _) if is_value => {
                let is_scalar = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
                let end = tail.iter().position(|byte| !is_scalar(byte)).unwrap_or(tail.len());
                (self.after_value(), &tail[end..])
            }
            _ => return None,
        })
    }

    fn close(&mut self) -> Next {
        self.open.pop();
        self.after_value()
    }

    fn after_value(&self) -> Next {
        if self.open.is_empty() { Next::Nothing } else { Next::CommaOrEnd }
    }
}

fn after_string(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        bytes = match bytes {
            [b'"', rest @ ..] => return Some(rest),
            [b'\\', _, rest @ ..] | [_, rest @ ..] => rest,
            [] => return None,
        };
    }
}
