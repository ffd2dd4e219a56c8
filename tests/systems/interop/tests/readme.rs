//! The table in the README is replaced, and nothing else is.

use tracebaton_interop::driver::readme::replace;

const COMMAND: &str = "tests/systems/interop/run readme";
const BEGIN: &str = "<!-- made by tests/systems/interop/run readme -->\n";
const END: &str = "<!-- end of what tests/systems/interop/run readme makes -->";

#[test]
fn what_is_between_the_comments_is_replaced() {
    let text = format!("# Title\n\n{BEGIN}old\n{END}\n\nrest\n");
    let new = replace(&text, COMMAND, "\n| new |\n\n").unwrap();
    assert_eq!(new, format!("# Title\n\n{BEGIN}\n| new |\n\n{END}\n\nrest\n"));
    assert_eq!(replace(&new, COMMAND, "| new |").unwrap(), new);
}

#[test]
fn without_both_comments_nothing_is() {
    for text in ["# Title\n", BEGIN, END] {
        assert_eq!(replace(text, COMMAND, "new"), None);
    }
    assert_eq!(replace(&format!("{BEGIN}old\n{END}"), "another command", "new"), None);
}
