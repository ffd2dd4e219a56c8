//! The table in the README is replaced, and nothing else is.

use tracebaton_interop::driver::readme::replace;

const BEGIN: &str = "<!-- made by tests/systems/interop/run readme -->\n";
const END: &str = "<!-- end of what tests/systems/interop/run readme makes -->";

#[test]
fn what_is_between_the_comments_is_replaced() {
    let text = format!("# Title\n\n{BEGIN}old\n{END}\n\nrest\n");
    let new = replace(&text, "\n| new |\n\n").unwrap();
    assert_eq!(new, format!("# Title\n\n{BEGIN}\n| new |\n\n{END}\n\nrest\n"));
    assert_eq!(replace(&new, "| new |").unwrap(), new);
}

#[test]
fn without_both_comments_nothing_is() {
    assert_eq!(replace("# Title\n", "new"), None);
    assert_eq!(replace(BEGIN, "new"), None);
    assert_eq!(replace(END, "new"), None);
}
