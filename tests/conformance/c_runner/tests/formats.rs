//! Runs every row about other formats through the C library.

use std::ffi::c_void;
use std::ptr::{null, null_mut};
use tracebaton_ffi::*;
use tracebaton_rows::check_formats;
use tracebaton_test_c_runner::formats::{format_name, number, outcome, rule_name, zeros};

const NO_CONTEXT: i32 = TRACEBATON_NO_CONTEXT as i32;

/// An array is never read-only and never smaller than its contents.
const SKIPPED: usize = 20;

#[test]
fn every_row_comes_out_as_expected() {
    check_formats("the C library, other formats", SKIPPED, |row| outcome(&row.case));
}

#[test]
fn constants_and_pointers_are_checked() {
    // TRACEBATON_INVALID_ARGUMENT_1 and so on.
    let invalid = |argument: i32| TRACEBATON_INVALID_ARGUMENT_1 as i32 + 1 - argument;
    let header =
        tracebaton_header_t { name: c"b3".as_ptr(), name_size: 2, value: null::<c_void>(), value_size: 0 };
    let (mut count, wrong) = (1, [99]);
    // SAFETY: each call is refused before it reads through a pointer.
    unsafe {
        let choose = |order: &[i32], choice| {
            tracebaton_headers_choose(&header, 1, order.as_ptr(), order.len(), 0, choice)
        };
        assert_eq!(choose(&wrong, &mut zeros()), invalid(3));
        assert_eq!(choose(&[0], &mut zeros()), invalid(3));
        assert_eq!(choose(&[3], null_mut()), invalid(6));
        assert_eq!(choose(&[3], &mut zeros()), NO_CONTEXT);
        assert_eq!(tracebaton_headers_choose(null(), 1, null(), 0, 0, &mut zeros()), invalid(1));
        assert_eq!(tracebaton_headers_strip_formats(null_mut(), &mut count, 0), invalid(1));
        assert_eq!(tracebaton_headers_strip_formats(null_mut(), null_mut(), 0), invalid(2));
        let prepare = |context, sampling, injection| {
            tracebaton_format_injection_prepare(context, TRACEBATON_FORMATS_ALL, 0, sampling, injection)
        };
        assert_eq!(prepare(null(), 0, &mut zeros()), invalid(1));
        assert_eq!(prepare(&zeros(), 5, &mut zeros()), invalid(4));
        assert_eq!(prepare(&zeros(), 0, null_mut()), invalid(5));
        assert_eq!(tracebaton_headers_inject_formats(null(), null_mut(), &mut count, 0), invalid(1));
        assert_eq!(tracebaton_headers_inject_formats(&zeros(), null_mut(), &mut count, 0), invalid(3));
        assert_eq!(tracebaton_header_format_of(null(), 1), 0);
        assert_eq!(tracebaton_format_of_name(null(), 1), 0);
    }
    assert_eq!((format_name(-1), format_name(19)), ("unknown", "unknown"));
    assert_eq!((rule_name(0), rule_name(16)), ("none", "unknown"));
}

#[test]
fn every_format_and_rule_has_the_name_of_the_core() {
    use tracebaton::formats::{Format, FormatRule};
    for (index, format) in Format::ALL.iter().enumerate() {
        assert_eq!(format_name(index as i32 + 1), format.name());
        assert_eq!(number(format.name()), index as i32 + 1);
    }
    for (index, rule) in FormatRule::ALL.iter().enumerate() {
        assert_eq!(rule_name(index as i32 + 1), rule.name());
    }
}
