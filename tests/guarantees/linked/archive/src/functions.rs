//! The Rust functions, each as a symbol.

use tracebaton::Header;
use tracebaton_every_function as every;

macro_rules! exported {
    ($($name:ident => $function:ident($($argument:ident: $type:ty),*);)*) => {$(
        #[unsafe(no_mangle)]
        fn $name($($argument: $type),*) {
            every::$function($($argument),*);
        }
    )*};
}

exported! {
    rust_traceparent => traceparent(value: &[u8]);
    rust_ids => ids(digits: &[u8]);
    rust_tracestate => tracestate(value: &[u8]);
    rust_tracestate_change =>
        tracestate_change(list: &[u8], key: &[u8], value: &[u8], limit: usize, buffer: &mut [u8]);
    rust_baggage => baggage(value: &[u8]);
    rust_baggage_change => baggage_change(list: &[u8], key: &[u8], value: &[u8], buffer: &mut [u8]);
    rust_baggage_build => baggage_build(list: &[u8], key: &[u8], value: &[u8], buffer: &mut [u8]);
    rust_record => record(headers: &[Header<'_>]);
    rust_arrayvec => arrayvec(headers: &[Header<'_>]);
    rust_heapless => heapless(headers: &[Header<'_>]);
    rust_refilled => refilled(headers: &[Header<'_>]);
    rust_context => context(headers: &[Header<'_>]);
    rust_owned => owned(headers: &[Header<'_>]);
    rust_queue_time => queue_time(timestamp: i64, consumed: i64);
    rust_format_name => format_name(name: &[u8]);
    rust_format_value => format_value(value: &[u8]);
    rust_formats => formats(headers: &[Header<'_>]);
    rust_format_injection => format_injection(headers: &[Header<'_>]);
    rust_raw_headers => raw_headers(block: &[u8]);
    rust_text_of_formats => text_of_formats(value: &[u8]);
    rust_text_of_errors => text_of_errors(value: &[u8]);
    rust_text_of_ids => text_of_ids(bytes: &[u8]);
    rust_text_of_values => text_of_values(value: &[u8]);
}
