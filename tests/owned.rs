//! Values that outlive their record: copies and links.

use tracebaton::*;

fn with_state(state: &str) -> [Header<'_>; 3] {
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";
    [Header::new("traceparent", parent), Header::new("tracestate", state), Header::new("baggage", "k=v;p")]
}

/// The context of a record with this tracestate, and a baggage of five bytes.
fn context(state: &str) -> Context<'_> {
    extract(with_state(state)).context()
}

#[test]
fn a_copy_equals_its_original_or_is_an_error() {
    for (state, fits) in [("", true), ("a=1", true), ("a=1,b=2", true), ("a=1 , b=2", false)] {
        let context = context(state);
        let copy = OwnedContext::<7, 5>::copy(&context);
        match fits {
            true => assert_eq!(copy.unwrap().as_borrowed(), context, "{state}"),
            false => assert_eq!(copy, Err(DoesNotFit::TraceState), "{state}"),
        }
        let span = OwnedSpanContext::<7>::copy(&context.span_context.unwrap());
        assert_eq!(span.is_ok(), fits, "{state}");
    }
    assert_eq!(OwnedContext::<7, 4>::copy(&context("a=1")), Err(DoesNotFit::Baggage));
    assert_eq!(OwnedContext::<2, 4>::copy(&context("a=1")), Err(DoesNotFit::Both));
    let none = OwnedContext::<0, 0>::copy(&Context::EMPTY).unwrap();
    assert_eq!((none.as_borrowed(), &none), (Context::EMPTY, &OwnedContext::EMPTY));
}

#[test]
fn the_error_names_what_does_not_fit() {
    for (parts, text) in [
        (DoesNotFit::TraceState, "the tracestate is longer than the capacity of the copy"),
        (DoesNotFit::Baggage, "the baggage is longer than the capacity of the copy"),
        (DoesNotFit::Both, "the tracestate and the baggage are longer than the capacities of the copy"),
    ] {
        assert_eq!(parts.to_string(), text);
    }
}

#[test]
fn parts_that_do_not_fit_are_left_out() {
    let received = context("a=1");
    let span = received.span_context;
    let bare = span.map(|span| span.with_trace_state(TraceState::EMPTY));
    let mut small = OwnedContext::<2, 5>::EMPTY;
    assert_eq!(small.assign(&received), Err(DoesNotFit::TraceState));
    assert_eq!(small.as_borrowed(), Context::new(bare, received.baggage));
    let mut small = OwnedContext::<3, 4>::EMPTY;
    assert_eq!(small.assign(&received), Err(DoesNotFit::Baggage));
    assert_eq!(small.as_borrowed(), Context::new(span, Baggage::EMPTY));
    let mut ids = OwnedContext::<0, 0>::EMPTY;
    assert_eq!(ids.assign(&received), Err(DoesNotFit::Both));
    assert_eq!(ids.as_borrowed(), Context::new(bare, Baggage::EMPTY));

    let mut slot = OwnedContext::<8192, 8192>::EMPTY;
    for next in [received, context("b=2,c=3"), Context::EMPTY, received] {
        slot.assign(&next).unwrap();
        assert_eq!(slot.as_borrowed(), next, "nothing of the previous context is left");
        assert_eq!(slot, OwnedContext::copy(&next).unwrap());
    }
}

#[test]
fn links_are_distinct_counted_and_bounded() {
    let span = |byte: u8| {
        let context = context("a=1").span_context.unwrap();
        Some(context.child(SpanId::from_bytes([byte; 8]).unwrap()))
    };
    let mut links = Links::<2, 3>::default();
    assert!(links.is_empty());
    for context in [None, span(1), span(1), span(2), None, span(3), span(2), span(4)] {
        links.insert(context);
    }
    assert!(links.iter().eq([span(1).unwrap(), span(2).unwrap()]));
    assert!((&links).into_iter().eq(&links));
    assert_eq!((links.len(), links.is_empty(), links.dropped()), (2, false, 2));

    let mut bare = Links::<2, 2>::EMPTY;
    bare.insert(span(1));
    assert!(bare.iter().next().unwrap().trace_state.is_empty(), "a tracestate that does not fit is left out");
    assert_eq!(bare.dropped(), 0);
}

#[test]
fn a_context_on_the_heap_equals_its_original() {
    for received in [context("a=1,b=2"), context(""), Context::new(None, context("").baggage), Context::EMPTY]
    {
        let kept = received.into_owned();
        assert_eq!(kept.as_borrowed(), received);
        assert_eq!(kept, ContextBuf::from(received));
    }
    assert_eq!(ContextBuf::default().as_borrowed(), Context::EMPTY);
}
