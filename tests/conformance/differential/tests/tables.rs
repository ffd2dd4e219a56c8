//! The README lists every difference, and no others.

use std::sync::LazyLock;
use tracebaton_test_differential::named::NAMED;
use tracebaton_test_differential::{Comparison, page, tables};

static COMPARISON: LazyLock<Comparison> = LazyLock::new(|| Comparison::of_everything().unwrap());

#[test]
fn every_difference_has_a_name() {
    let Comparison { unexplained, vectors, .. } = &*COMPARISON;
    assert!(*vectors > 1000, "{vectors} values of the vectors");
    assert!(
        unexplained.is_empty(),
        "{} differ for no named reason:\n{}",
        unexplained.len(),
        unexplained[..20.min(unexplained.len())].join("\n")
    );
}

#[test]
fn every_name_has_a_difference() {
    for named in NAMED {
        let different = COMPARISON.named(named.header, named.name);
        assert!(different.generated > 0, "no generated value is named {}", named.name);
    }
}

#[test]
fn the_page_has_the_tables() {
    let mut tables = String::new();
    tables::write(&COMPARISON, &mut tables).unwrap();
    let page = std::fs::read_to_string(page::path()).unwrap();
    let made = page::with_tables(&page, &tables).expect("the README has a place for the tables");
    if std::env::var_os("TRACEBATON_BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(page::path(), made).unwrap();
    } else if made != page {
        println!("{tables}");
        panic!(
            "the tables have changed: TRACEBATON_BLESS=1 cargo test -p tracebaton-test-differential writes them"
        );
    }
}
