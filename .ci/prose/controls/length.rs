//! A short sentence.
//! A sentence of thirty-six words, over three lines: one two three four five six seven eight nine ten eleven
//! twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty one two three four five six seven
//! eight nine.

/// What this refuses, it does not keep. What is this?
pub fn opening() {
    // Sent to whoever
    // reads it.
    let valid = "in order"; // two words are no text
    assert!(valid.is_empty(), "two messages that follow each other are two sentences, of twenty words each, so that none of them is long");
    assert!(valid.is_empty(), "two messages that follow each other are two sentences, of twenty words each, so that none of them is long");
    panic!("the value {valid} is \"not\" in order, \
            and neither is whoever sends it");
}
