//! Rust and C see the same structs: a C program asserts what Rust says, at compile time.

use std::fmt::Write;
use std::mem::{align_of, offset_of, size_of};
use std::process::Command;
use tracebaton_ffi::*;

macro_rules! layout {
    ($($rust:ident = $c:literal { $($field:ident),* })*) => {{
        let mut program = String::from("#include \"tracebaton.h\"\n");
        $(
            let (c, size, align) = ($c, size_of::<$rust>(), align_of::<$rust>());
            writeln!(program, "_Static_assert(sizeof({c}) == {size} && _Alignof({c}) == {align}, \"{c}\");").unwrap();
            $(
                let (field, offset) = (stringify!($field), offset_of!($rust, $field));
                writeln!(program, "_Static_assert(offsetof({c}, {field}) == {offset}, \"{c}.{field}\");").unwrap();
            )*
            let _every_field_is_listed = |$rust { $($field: _),* }| ();
        )*
        program
    }};
}

fn assertions() -> String {
    layout! {
        Header = "tracebaton_header_t" { name, name_size, value, value_size }
        Context = "tracebaton_context_t" {
            trace_id, span_id, trace_flags, reserved, tracestate, tracestate_size, baggage, baggage_size
        }
        TrustedContext = "tracebaton_trusted_t" { parent, link }
        HeaderVerdict = "tracebaton_verdict_t" { status, offset, index }
        ExtractedContext = "tracebaton_extracted_t" {
            context, traceparent, tracestate, baggage, traceparent_value, traceparent_value_size, traceparent_version,
            reserved
        }
        Extraction = "tracebaton_extraction_t" { values, sizes, indexes, header_count }
        PreparedInjection = "tracebaton_injection_t" {
            traceparent, carries, forwarded_traceparent, traceparent_size, tracestate, tracestate_size, baggage,
            baggage_size
        }
        Cursor = "tracebaton_cursor_t" { position, members, skipped }
        TracestateMember = "tracebaton_tracestate_member_t" { key, key_size, value, value_size }
        BaggageMember = "tracebaton_baggage_member_t" {
            member, member_size, key, key_size, value, value_size, properties, properties_size
        }
        BaggageProperty = "tracebaton_baggage_property_t" {
            property, property_size, key, key_size, value, value_size
        }
        BaggageEntry = "tracebaton_baggage_entry_t" { key, key_size, value, value_size, is_property, reserved }
        QueueTime = "tracebaton_queue_time_t" { milliseconds, kind, reserved }
    }
}

fn compiles(program: &str, name: &str) -> bool {
    let source = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&source, program).unwrap();
    let include = concat!(env!("CARGO_MANIFEST_DIR"), "/../include");
    let mut compiler = Command::new(std::env::var("CC").unwrap_or("cc".into()));
    compiler.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", include]).arg(source);
    compiler.output().unwrap().status.success()
}

#[test]
fn rust_and_c_agree_on_every_size_alignment_and_offset() {
    let program = assertions();
    assert_eq!(program.matches("_Static_assert").count(), 13 + 67);
    assert!(compiles(&program, "layout.c"));
}

#[test]
fn an_offset_that_is_wrong_does_not_compile() {
    let wrong =
        assertions().replace("skipped) == 16", "skipped) == 15").replace("skipped) == 8", "skipped) == 7");
    assert!(!compiles(&wrong, "wrong_layout.c"));
}
