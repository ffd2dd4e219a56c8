//! What outlives its record: copies and links (feature `arrayvec`).

use tracebaton::*;

fn with_state(state: &str) -> [Header<'_>; 3] {
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";
    [Header::new("traceparent", parent), Header::new("tracestate", state), Header::new("baggage", "k=v;p")]
}

#[test]
fn a_copy_is_what_was_copied_or_an_error() {
    for (state, fits) in [("", true), ("a=1", true), ("a=1,b=2", true), ("a=1 , b=2", false)] {
        let context = extract(with_state(state)).context();
        let copy = OwnedContext::<7, 5>::copy(&context);
        assert_eq!(copy.is_ok(), fits, "{state}");
        if let Ok(copy) = copy {
            assert_eq!(copy.as_borrowed(), context);
        }
    }
    let context = extract(with_state("a=1")).context();
    assert!(OwnedContext::<7, 4>::copy(&context).is_err(), "baggage of 5 bytes does not fit");
    let none = OwnedContext::<0, 0>::copy(&Context::default()).unwrap();
    assert_eq!(none.as_borrowed(), Context::default());
}

#[test]
fn links_are_distinct_counted_and_bounded() {
    let span = |byte: u8| {
        let context = extract(with_state("a=1")).context().span_context.unwrap();
        Some(SpanContext { span_id: SpanId::from_bytes([byte; 8]).unwrap(), ..context })
    };
    let mut links = Links::<2, 3>::default();
    for context in [None, span(1), span(1), span(2), None, span(3), span(2), span(4)] {
        links.insert(context);
    }
    assert!(links.iter().eq([span(1).unwrap(), span(2).unwrap()]));
    assert_eq!(links.dropped(), 2);

    let mut bare = Links::<2, 2>::default();
    bare.insert(span(1));
    assert!(bare.iter().next().unwrap().trace_state.is_empty(), "a tracestate that does not fit is left out");
    assert_eq!(bare.dropped(), 0);
}
