//! The laws on arguments at the top of the header, tried on every function: each pointer NULL or misaligned, each size zero
//! or beyond the address space, each pair of arguments in overlapping memory.

use crate::support::*;
use std::fmt::Write;
use std::ptr::{null_mut, without_provenance_mut};
use tracebaton_ffi::*;

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Context,
    Admitted,
    TraceId,
    SpanId,
    Extracted,
    Choice,
    /// An array of two formats.
    Order,
    FormatInjection,
    Verdict,
    Reader,
    ChoiceReader,
    RawHeaders,
    Injection,
    /// One header.
    Header,
    /// An array of four headers with room for eight.
    Headers,
    /// The number of headers in that array.
    HeaderCount,
    Cursor,
    StateMember,
    Member,
    Property,
    Entries,
    Links,
    LinkArray,
    Size,
    QueueTime,
    Hex(usize),
    /// Bytes, whose size is the next argument.
    Text(&'static str),
    /// Room for text, whose size is the next argument.
    Buffer,
    /// The size of the argument before, or a number of elements.
    SizeOf(usize),
    Number(usize),
    /// Any number will do.
    Mask(usize),
}

use Kind::*;

/// Whether an argument is read, written or both. `Optional` is one that may be NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    In,
    Optional,
    Out,
    InOut,
    Value,
}

use Mode::{In, InOut, Optional, Out, Value};

struct Function {
    name: &'static str,
    arguments: &'static [(Mode, Kind)],
    call: unsafe fn(&[*mut u8]) -> i64,
}

macro_rules! functions {
    ($($name:ident($($place:literal: $mode:ident $kind:expr),* $(,)?))*) => {
        const FUNCTIONS: &[Function] = &[$(Function {
            name: stringify!($name),
            arguments: &[$(($mode, $kind)),*],
            // SAFETY: as the function.
            call: |a| unsafe { $name($(a[$place] as _),*) as i64 },
        }),*];
    };
}

const ROOM: usize = 300;

/// A block of raw headers: one, of the name `baggage` and the value `tenant`.
const BLOCK: &str = "\x02\x0ebaggage\x0ctenant";

functions! {
    tracebaton_headers_extract(0: In Headers, 1: Value Number(4), 2: Out Extracted)
    tracebaton_headers_extract_traceparent(0: In Headers, 1: Value Number(4), 2: Out Context, 3: Out Verdict)
    tracebaton_headers_extract_joined(0: In Headers, 1: Value Number(4), 2: Out Buffer, 3: Value SizeOf(ROOM), 4: Out Extracted)
    tracebaton_headers_choose(0: In Headers, 1: Value Number(4), 2: In Order, 3: Value Number(2), 4: Value Number(1), 5: Out Choice)
    tracebaton_format_injection_prepare(0: In Context, 1: Value Number(14), 2: Value Number(0), 3: Value Number(0), 4: Out FormatInjection)
    tracebaton_headers_inject_formats(0: In FormatInjection, 1: InOut Headers, 2: InOut HeaderCount, 3: Value Number(8))
    tracebaton_headers_strip_formats(0: InOut Headers, 1: InOut HeaderCount, 2: Value Mask(14))
    tracebaton_header_format_of(0: Optional Text("baggage"), 1: Value SizeOf(7))
    tracebaton_format_of_name(0: Optional Text("b3multi"), 1: Value SizeOf(7))
    tracebaton_reader_add(0: InOut Reader, 1: Optional Text("baggage"), 2: Value SizeOf(7), 3: Optional Text("a=1"), 4: Value SizeOf(3))
    tracebaton_reader_finish(0: In Reader, 1: Out Extracted)
    tracebaton_reader_finish_traceparent(0: In Reader, 1: Out Context, 2: Out Verdict)
    tracebaton_raw_headers_start(0: In Text(BLOCK), 1: Value SizeOf(16), 2: Out RawHeaders, 3: Out Size)
    tracebaton_raw_headers_next(0: InOut RawHeaders, 1: Out Header)
    tracebaton_raw_headers_write(0: In Headers, 1: Value Number(4), 2: Out Buffer, 3: Value SizeOf(ROOM), 4: Out Size)
    tracebaton_choice_reader_add(0: InOut ChoiceReader, 1: Optional Text("b3"), 2: Value SizeOf(2), 3: Optional Text("0"), 4: Value SizeOf(1))
    tracebaton_choice_reader_finish(0: In ChoiceReader, 1: In Order, 2: Value Number(2), 3: Value Number(1), 4: Out Choice)
    tracebaton_format_injection_replaces(0: Optional FormatInjection, 1: Optional Text("b3"), 2: Value SizeOf(2))
    tracebaton_header_name_of(0: Optional Text("baggage"), 1: Value SizeOf(7))
    tracebaton_context_child_or_root(0: In Context, 1: In TraceId, 2: In SpanId, 3: Value Number(1), 4: Out Context)
    tracebaton_context_child(0: In Context, 1: In SpanId, 2: Out Context)
    tracebaton_context_restart(0: Optional Context, 1: In TraceId, 2: In SpanId, 3: Value Number(1), 4: Out Context)
    tracebaton_context_admit(0: In Context, 1: Value Number(0), 2: Out Admitted)
    tracebaton_context_copy(0: In Context, 1: Out Buffer, 2: Value SizeOf(ROOM), 3: Out Context)
    tracebaton_context_copy_size(0: Optional Context)
    tracebaton_links_start(0: Out LinkArray, 1: Value Number(4), 2: Out Buffer, 3: Value SizeOf(ROOM), 4: Out Links)
    tracebaton_links_add(0: InOut Links, 1: In Context)
    tracebaton_traceparent_parse(0: In Text(TRACEPARENT), 1: Value SizeOf(55), 2: Out Context)
    tracebaton_traceparent_format(0: In Context, 1: Out Hex(55))
    tracebaton_trace_id_generate(0: In TraceId, 1: Out TraceId)
    tracebaton_span_id_generate(0: In SpanId, 1: Out SpanId)
    tracebaton_trace_id_from_hex(0: In Text("0af7651916cd43dd8448eb211c80319c"), 1: Value SizeOf(32), 2: Out TraceId)
    tracebaton_span_id_from_hex(0: In Text("b7ad6b7169203331"), 1: Value SizeOf(16), 2: Out SpanId)
    tracebaton_trace_id_to_hex(0: In TraceId, 1: Out Hex(32))
    tracebaton_span_id_to_hex(0: In SpanId, 1: Out Hex(16))
    tracebaton_injection_prepare(0: In Context, 1: Out Injection)
    tracebaton_injection_forward(0: In Extracted, 1: Out Injection)
    tracebaton_injection_trace_context_only(0: InOut Injection)
    tracebaton_injection_baggage_only(0: InOut Injection)
    tracebaton_headers_inject(0: In Injection, 1: InOut Headers, 2: InOut HeaderCount, 3: Value Number(8))
    tracebaton_headers_inject_if_absent(0: In Injection, 1: InOut Headers, 2: InOut HeaderCount, 3: Value Number(8))
    tracebaton_headers_strip(0: InOut Headers, 1: InOut HeaderCount)
    tracebaton_injection_headers(0: Optional Injection, 1: Out Headers)
    tracebaton_injection_replaces(0: Optional Injection, 1: Optional Text("baggage"), 2: Value SizeOf(7))
    tracebaton_tracestate_next(0: In Context, 1: InOut Cursor, 2: Out StateMember)
    tracebaton_tracestate_get(0: In Context, 1: In Text("a"), 2: Value SizeOf(1), 3: Out StateMember)
    tracebaton_tracestate_insert(0: InOut Context, 1: In Text("x"), 2: Value SizeOf(1), 3: In Text("1"), 4: Value SizeOf(1), 5: Out Buffer, 6: Value SizeOf(ROOM))
    tracebaton_tracestate_insert_within(0: InOut Context, 1: In Text("x"), 2: Value SizeOf(1), 3: In Text("1"), 4: Value SizeOf(1), 5: Out Buffer, 6: Value SizeOf(ROOM))
    tracebaton_tracestate_delete(0: InOut Context, 1: In Text("a"), 2: Value SizeOf(1), 3: Out Buffer, 4: Value SizeOf(ROOM))
    tracebaton_tracestate_truncate(0: InOut Context, 1: Value Number(512), 2: Out Buffer, 3: Value SizeOf(ROOM))
    tracebaton_baggage_next(0: In Context, 1: InOut Cursor, 2: Out Member)
    tracebaton_baggage_get(0: In Context, 1: In Text("user"), 2: Value SizeOf(4), 3: Out Member)
    tracebaton_baggage_value(0: In Member, 1: Out Buffer, 2: Value SizeOf(ROOM), 3: Out Size)
    tracebaton_baggage_property_next(0: In Member, 1: InOut Cursor, 2: Out Property)
    tracebaton_baggage_property_value(0: In Property, 1: Out Buffer, 2: Value SizeOf(ROOM), 3: Out Size)
    tracebaton_baggage_set(0: InOut Context, 1: In Text("x"), 2: Value SizeOf(1), 3: In Text("1"), 4: Value SizeOf(1), 5: Out Buffer, 6: Value SizeOf(ROOM))
    tracebaton_baggage_remove(0: InOut Context, 1: In Text("user"), 2: Value SizeOf(4), 3: Out Buffer, 4: Value SizeOf(ROOM))
    tracebaton_baggage_build(0: InOut Context, 1: In Entries, 2: Value Number(2), 3: Out Buffer, 4: Value SizeOf(ROOM))
    tracebaton_queue_time_between(0: Value Number(5), 1: Value Number(1), 2: Value Number(7), 3: Out QueueTime)
}

/// The bytes of a value.
fn bytes_of<T: Copy>(value: T) -> Vec<u8> {
    view(&raw const value, size_of::<T>()).to_vec()
}

fn baggage_member() -> tracebaton_baggage_member_t {
    let mut member = zeros();
    // SAFETY: a context, a text, and room.
    unsafe { tracebaton_baggage_get(&context("", "user=1%202;p=%41"), chars("user"), 4, &mut member) };
    member
}

fn record() -> [tracebaton_header_t; 8] {
    let mut record = [zeros(); 8];
    let rows = [("key", "1"), ("traceparent", TRACEPARENT), ("tracestate", "a=1"), ("baggage", "user=1")];
    record[..4].copy_from_slice(&headers(&rows));
    record
}

impl Kind {
    /// The bytes of one that is read; those of one that is written are zeros.
    fn content(self) -> Vec<u8> {
        match self {
            Context => bytes_of(context("a=1,b=2", "user=1%202;p=%41,b=2")),
            Admitted => bytes_of(zeros::<tracebaton_admitted_t>()),
            TraceId => bytes_of(trace(3)),
            SpanId => bytes_of(span(4)),
            Extracted => bytes_of(extract(&record()[..4]).1),
            Choice => bytes_of(zeros::<tracebaton_choice_t>()),
            Order => bytes_of([1_i32, 3]),
            FormatInjection => {
                let mut injection: tracebaton_format_injection_t = zeros();
                let given = context("a=1", "user=1");
                // SAFETY: a context, and room.
                unsafe { tracebaton_format_injection_prepare(&given, 14, 0, 0, &mut injection) };
                bytes_of(injection)
            }
            Verdict => bytes_of(zeros::<tracebaton_verdict_t>()),
            Reader => bytes_of(zeros::<tracebaton_reader_t>()),
            ChoiceReader => bytes_of(zeros::<tracebaton_choice_reader_t>()),
            RawHeaders => {
                let mut raw: tracebaton_raw_headers_t = zeros();
                // SAFETY: a text, and room.
                unsafe { tracebaton_raw_headers_start(chars(BLOCK).cast(), BLOCK.len(), &mut raw, &mut 0) };
                bytes_of(raw)
            }
            Header => bytes_of(zeros::<tracebaton_header_t>()),
            Injection => bytes_of(injection(&context("a=1", "user=1")).1),
            Headers => bytes_of(record()),
            HeaderCount => bytes_of(4_usize),
            Cursor => bytes_of(zeros::<tracebaton_cursor_t>()),
            StateMember => bytes_of(zeros::<tracebaton_tracestate_member_t>()),
            Member => bytes_of(baggage_member()),
            Property => {
                let mut property: tracebaton_baggage_property_t = zeros();
                // SAFETY: a member, a cursor, and room.
                unsafe { tracebaton_baggage_property_next(&baggage_member(), &mut zeros(), &mut property) };
                bytes_of(property)
            }
            Entries => {
                let (key, value) = (chars("k"), chars("v"));
                let entry: tracebaton_baggage_entry_t = zeros();
                bytes_of([tracebaton_baggage_entry_t { key, key_size: 1, value, value_size: 1, ..entry }; 2])
            }
            Links => {
                let array = vec![zeros::<tracebaton_context_t>(); 4].leak().as_mut_ptr();
                let room = vec![0_u8; 64].leak().as_mut_ptr().cast();
                let mut links: tracebaton_links_t = zeros();
                // SAFETY: an array, a buffer, and room.
                unsafe { tracebaton_links_start(array, 4, room, 64, &mut links) };
                bytes_of(links)
            }
            LinkArray => bytes_of([zeros::<tracebaton_context_t>(); 4]),
            Size => bytes_of(0_usize),
            QueueTime => bytes_of(zeros::<tracebaton_queue_time_t>()),
            Hex(size) => vec![0; size],
            Text(text) => text.as_bytes().to_vec(),
            Buffer => vec![0; ROOM],
            SizeOf(_) | Number(_) | Mask(_) => vec![],
        }
    }

    /// Whether the address matters.
    fn is_aligned(self) -> bool {
        !matches!(self, Hex(_) | Text(_) | Buffer | TraceId | SpanId | SizeOf(_) | Number(_) | Mask(_))
    }

    /// What a program sees of it.
    fn shown(self, address: *const u8) -> String {
        fn at<T: Copy>(address: *const u8) -> T {
            // SAFETY: the call has written it there.
            unsafe { address.cast::<T>().read_unaligned() }
        }
        match self {
            Context => shown_context(&at(address)),
            Admitted => {
                let admitted: tracebaton_admitted_t = at(address);
                shown_context(&admitted.parent) + &shown_context(&admitted.link)
            }
            Extracted => {
                let found: tracebaton_extracted_t = at(address);
                let value = text(found.traceparent_value, found.traceparent_value_size);
                let verdicts = [found.traceparent, found.tracestate, found.baggage];
                format!("{} {value} {verdicts:?}", shown_context(&found.context))
            }
            Choice => {
                let choice: tracebaton_choice_t = at(address);
                let others = &choice.others[..choice.other_count];
                format!("{} {} {others:?}", shown_context(&choice.context), choice.arrived_as)
            }
            // It must not be moved, since headers point into it.
            FormatInjection => {
                let (mut array, mut count) = ([zeros::<tracebaton_header_t>(); 16], 0);
                let injection = address.cast::<tracebaton_format_injection_t>();
                // SAFETY: the call has written the injection there; an array, and its count.
                unsafe { tracebaton_headers_inject_formats(injection, array.as_mut_ptr(), &mut count, 16) };
                format!("{:?}", pairs(&array[..count]))
            }
            Reader => {
                let reader: tracebaton_reader_t = at(address);
                let mut found = zeros();
                // SAFETY: a reader, and room.
                unsafe { tracebaton_reader_finish(&reader, &mut found) };
                Extracted.shown((&raw const found).cast())
            }
            ChoiceReader => {
                let reader: tracebaton_choice_reader_t = at(address);
                let mut choice = zeros();
                // SAFETY: a reader, an order, and room.
                unsafe { tracebaton_choice_reader_finish(&reader, [1, 3].as_ptr(), 2, 0, &mut choice) };
                format!("{} {}", reader.header_count, Choice.shown((&raw const choice).cast()))
            }
            RawHeaders => {
                let raw: tracebaton_raw_headers_t = at(address);
                format!("{} {}", raw.header_count, text(raw.rest.cast::<std::ffi::c_char>(), raw.rest_size))
            }
            Header => format!("{:?}", pairs(&[at(address)])),
            // It must not be moved, since headers point into it.
            Injection => {
                // SAFETY: the call has written it there.
                let injection = unsafe { &*address.cast::<tracebaton_injection_t>() };
                format!("{:?}", pairs(&headers_of(injection)))
            }
            Headers => {
                let array: [tracebaton_header_t; 8] = at(address);
                let count = array.iter().take_while(|header| !header.name.is_null()).count();
                format!("{:?}", pairs(&array[..count]))
            }
            StateMember => {
                let member: tracebaton_tracestate_member_t = at(address);
                format!("{}={}", text(member.key, member.key_size), text(member.value, member.value_size))
            }
            Member => {
                let member: tracebaton_baggage_member_t = at(address);
                text(member.member, member.member_size).to_owned() + text(member.key, member.key_size)
            }
            Property => {
                let property: tracebaton_baggage_property_t = at(address);
                text(property.property, property.property_size).to_owned()
            }
            Links => {
                let links: tracebaton_links_t = at(address);
                let mut shown = format!("{} {}", links.link_count, links.dropped);
                for place in 0..links.link_count {
                    // SAFETY: the library promises it.
                    shown += &shown_context(unsafe { &*links.links.add(place) });
                }
                shown
            }
            Verdict => format!("{:?}", at::<tracebaton_verdict_t>(address)),
            Cursor => format!("{:?}", at::<tracebaton_cursor_t>(address)),
            HeaderCount | Size => at::<usize>(address).to_string(),
            // What is in the buffer is seen through the struct that points there.
            Buffer | LinkArray => String::new(),
            kind => format!("{:?}", view(address, kind.content().len())),
        }
    }
}

fn shown_context(context: &tracebaton_context_t) -> String {
    let lists =
        [text(context.tracestate, context.tracestate_size), text(context.baggage, context.baggage_size)];
    format!("{:?}{:?}{}{lists:?}", context.trace_id, context.span_id, context.trace_flags)
}

/// Memory with the arguments of a call in it.
struct Call {
    memory: Vec<u64>,
    /// An address in the memory, or a number.
    values: Vec<*mut u8>,
}

/// How far arguments are apart.
const APART: usize = 1024;

impl Function {
    fn pointers(&self) -> impl Iterator<Item = usize> + Clone {
        let arguments = self.arguments.iter().enumerate();
        arguments.filter(|(_, (mode, _))| *mode != Value).map(|(place, _)| place)
    }

    /// The arguments at these offsets in memory: first those that are only written, then those that are read.
    fn prepared(&self, offsets: &[usize], contents: &[Vec<u8>]) -> Call {
        let mut memory = vec![0_u64; (self.arguments.len() + 1) * APART / 8];
        let start = memory.as_mut_ptr().cast::<u8>();
        let places = self.pointers().filter(|place| self.arguments[*place].0 == Out);
        for place in places.chain(self.pointers().filter(|place| self.arguments[*place].0 != Out)) {
            let content = &contents[place];
            // SAFETY: there is room.
            unsafe { start.add(offsets[place]).copy_from(content.as_ptr(), content.len()) };
        }
        let value = |place: usize| match self.arguments[place] {
            (Value, SizeOf(number) | Number(number) | Mask(number)) => without_provenance_mut(number),
            _ => start.wrapping_add(offsets[place]),
        };
        Call { values: (0..self.arguments.len()).map(value).collect(), memory }
    }

    fn contents(&self) -> Vec<Vec<u8>> {
        let content = |(mode, kind): &(Mode, Kind)| match mode {
            Out => vec![0; kind.content().len()],
            _ => kind.content(),
        };
        self.arguments.iter().map(content).collect()
    }

    fn offsets(&self) -> Vec<usize> {
        (0..self.arguments.len()).map(|place| place * APART).collect()
    }

    /// The arguments, each with memory of its own.
    fn usual(&self) -> Call {
        self.prepared(&self.offsets(), &self.contents())
    }

    fn run(&self, call: &Call) -> i64 {
        // SAFETY: the arguments are there, or the function says that it finds out.
        unsafe { (self.call)(&call.values) }
    }

    /// What is written, shown.
    fn outputs(&self, call: &Call) -> String {
        let mut shown = String::new();
        for place in self.pointers() {
            if let (Out | InOut, kind) = self.arguments[place] {
                writeln!(shown, "{place}: {}", kind.shown(call.values[place])).unwrap();
            }
        }
        shown
    }

    /// Those whose result is not a status.
    fn counts(&self) -> bool {
        ["_headers", "_replaces", "_copy_size", "_name_of", "_format_of", "_of_name"]
            .iter()
            .any(|end| self.name.ends_with(end))
    }

    /// The result for an invalid argument, the first of which has number 0.
    fn invalid(&self, place: usize) -> i64 {
        if self.counts() { 0 } else { -11 - place as i64 }
    }
}

#[test]
fn every_function_with_a_pointer_is_tried() {
    let without =
        ["format_name", "format_rule_name", "status_name", "status_message", "version", "version_number"]
            .map(|it| format!("tracebaton_{it}"));
    let mut tried: Vec<_> =
        FUNCTIONS.iter().map(|function| function.name.to_owned()).chain(without).collect();
    tried.sort();
    assert_eq!(tried, tracebaton_linked::declared());
}

#[test]
fn usual_arguments_are_accepted() {
    for function in FUNCTIONS {
        let result = function.run(&function.usual());
        assert!(function.counts() || [0, 1, 5].contains(&result), "{}: {result}", function.name);
    }
}

#[test]
fn null_and_misaligned_pointers_are_named() {
    for function in FUNCTIONS {
        for place in function.pointers() {
            let (mode, kind) = function.arguments[place];
            for is_null in [true, false] {
                let mut call = function.usual();
                call.values[place] = if is_null { null_mut() } else { call.values[place].wrapping_add(1) };
                if mode == Optional && (is_null || !kind.is_aligned()) || !is_null && !kind.is_aligned() {
                    let result = function.run(&call);
                    assert!(result >= 0 || result <= -100, "{} argument {place}: {result}", function.name);
                    continue;
                }
                let before = call.memory.clone();
                let result = function.run(&call);
                assert_eq!(result, function.invalid(place), "{} argument {place}", function.name);
                let writes_text = function.arguments.iter().any(|(_, kind)| *kind == Buffer);
                assert!(writes_text || call.memory == before, "{}: an error changes nothing", function.name);
            }
        }
    }
}

#[test]
fn sizes_beyond_the_address_space_are_named() {
    for function in FUNCTIONS {
        for (place, (_, kind)) in function.arguments.iter().enumerate() {
            let is_array = |place: &usize| {
                matches!(function.arguments[*place].1, Headers | HeaderCount | LinkArray | Entries | Order)
            };
            let is_count = matches!(kind, Number(_)) && place.checked_sub(1).as_ref().is_some_and(is_array);
            if !is_count && !matches!(kind, SizeOf(_)) {
                continue;
            }
            let mut call = function.usual();
            call.values[place] = without_provenance_mut(usize::MAX);
            let result = function.run(&call);
            let is_optional = function.arguments[place - 1].0 == Optional;
            let expected = if is_optional { result.max(0) } else { function.invalid(place) };
            assert_eq!(result, expected, "{} argument {place}", function.name);
        }
    }
}

#[test]
fn a_pointer_with_a_size_of_zero_is_never_followed() {
    for function in FUNCTIONS {
        for (place, (_, kind)) in function.arguments.iter().enumerate() {
            if matches!(kind, SizeOf(_)) {
                for pointer in [0, 1, usize::MAX] {
                    let mut call = function.usual();
                    (call.values[place - 1], call.values[place]) =
                        (without_provenance_mut(pointer), null_mut());
                    let result = function.run(&call);
                    assert!(
                        result >= 0 || result <= -100 || result == -4,
                        "{} {place}: {result}",
                        function.name
                    );
                }
            }
        }
    }
}

/// What is written is the same as with memory apart, or the call says that it overlaps and has changed nothing.
#[test]
fn each_pair_of_arguments_may_overlap() {
    let mut overlaps = 0;
    for function in FUNCTIONS {
        let contents = function.contents();
        for (one, other) in
            function.pointers().flat_map(|one| function.pointers().map(move |other| (one, other)))
        {
            if one == other {
                continue;
            }
            let distances = [0, 8, 16, 40, 48, 56];
            // Miri, which takes about 10,000 times as long as the processor, tries one of them for each pair.
            let first = if cfg!(miri) { (one + other + overlaps) % distances.len() } else { 0 };
            let step = if cfg!(miri) { distances.len() } else { 1 };
            for distance in distances.into_iter().skip(first).step_by(step) {
                let mut offsets = function.offsets();
                offsets[other] = offsets[one] + distance;
                let together = function.prepared(&offsets, &contents);
                let seen: Vec<Vec<u8>> = function
                    .pointers()
                    .map(|place| view(together.values[place], contents[place].len()).to_vec())
                    .collect();
                let mut same = contents.clone();
                function.pointers().zip(seen).for_each(|(place, bytes)| same[place] = bytes);
                let apart = function.prepared(&function.offsets(), &same);
                let what = format!("{}: {one} and {other} at {distance}", function.name);
                // Where the bytes of one spoil what the other points to, the call must not be made.
                if !is_sound(function, &apart, &contents) {
                    continue;
                }
                let before = together.memory.clone();
                let result = function.run(&together);
                if result == i64::from(code(TRACEBATON_OVERLAP)) || function.counts() && result == 0 {
                    assert!(together.memory == before, "{what}: an overlap changes nothing");
                    overlaps += 1;
                    continue;
                }
                assert_eq!(result, function.run(&apart), "{what}");
                if result == 0 {
                    assert_eq!(function.outputs(&together), function.outputs(&apart), "{what}");
                }
            }
        }
    }
    assert!(overlaps > if cfg!(miri) { 30 } else { 200 }, "only {overlaps} overlaps");
}

/// Whether the structs that are read point to what is there, as a program has to see to.
fn is_sound(function: &Function, call: &Call, contents: &[Vec<u8>]) -> bool {
    function.pointers().all(|place| {
        let (mode, kind) = function.arguments[place];
        let content = &contents[place];
        mode == Out
            || !kind.is_aligned()
            || matches!(kind, Cursor | HeaderCount)
            || view(call.values[place], content.len()) == content
    })
}

#[test]
fn a_cursor_belongs_at_the_start_of_a_member() {
    let there = context("a=1,b=2", "a=1,b=2");
    let member = baggage_member();
    for (position, expected) in [
        (0, OK),
        (4, OK),
        (8, code(TRACEBATON_END)),
        (1, -12),
        (3, -12),
        (5, -12),
        (7, -12),
        (9, -12),
        (1000, -12),
        (usize::MAX, -12),
    ] {
        let cursor = || tracebaton_cursor_t { position, members: 0, skipped: 0 };
        // SAFETY: a context, a cursor, and room.
        unsafe {
            assert_eq!(
                tracebaton_tracestate_next(&there, &mut cursor(), &mut zeros()),
                expected,
                "{position}"
            );
            assert_eq!(tracebaton_baggage_next(&there, &mut cursor(), &mut zeros()), expected, "{position}");
        }
    }
    // user=1%202;p=%41
    for (position, expected) in
        [(11, OK), (17, code(TRACEBATON_END)), (10, -12), (12, -12), (16, -12), (18, -12)]
    {
        let mut cursor = tracebaton_cursor_t { position, members: 0, skipped: 0 };
        // SAFETY: a member, a cursor, and room.
        let found = unsafe { tracebaton_baggage_property_next(&member, &mut cursor, &mut zeros()) };
        assert_eq!(found, expected, "{position}");
    }
}

/// Law 8: calls that use a context, and the status of each.
fn uses(extracted: &tracebaton_extracted_t) -> [(&'static str, tracebaton_status_t); 6] {
    let context = &extracted.context;
    let (mut room, mut links_room) = ([0_u8; ROOM], [zeros::<tracebaton_context_t>(); 1]);
    let mut links: tracebaton_links_t = zeros();
    // SAFETY: structs, and room.
    unsafe {
        let buffer = room.as_mut_ptr().cast();
        tracebaton_links_start(links_room.as_mut_ptr(), 1, null_mut(), 0, &mut links);
        [
            ("child", tracebaton_context_child(context, &span(9), &mut zeros())),
            ("admit", tracebaton_context_admit(context, 0, &mut zeros())),
            ("copy", tracebaton_context_copy(context, buffer, ROOM, &mut zeros())),
            ("prepare", tracebaton_injection_prepare(context, &mut zeros())),
            ("formats", tracebaton_format_injection_prepare(context, 2, 0, 0, &mut zeros())),
            ("forward", tracebaton_injection_forward(extracted, &mut zeros())),
        ]
    }
}

/// Whatever a program puts into a struct of the library's is checked; what it leaves there is not read again.
#[test]
fn lists_that_the_library_did_not_put_there_are_checked() {
    let (mut state, mut baggage) = (*b"rojo=1,congo=2", *b"tenant=7");
    let (state, baggage) = (&raw mut state, &raw mut baggage);
    let record = [
        header("traceparent", Some(TRACEPARENT.as_bytes())),
        tracebaton_header_t { value: state.cast(), value_size: 14, ..header("tracestate", None) },
        tracebaton_header_t { value: baggage.cast(), value_size: 8, ..header("baggage", None) },
    ];
    let (status, extracted) = extract(&record);
    assert_eq!(status, OK);
    let expect = |extracted: &tracebaton_extracted_t, expected: tracebaton_status, row: &str| {
        for (call, status) in uses(extracted) {
            assert_eq!(status, code(expected), "{row}: {call}");
        }
    };
    expect(&extracted, TRACEBATON_OK, "unchanged");

    let (bad_state, bad_baggage) = ("Rojo=1,congo=2", "tenant\n7");
    let with_context = |change: fn(&mut tracebaton_context_t)| {
        let mut changed = extracted;
        change(&mut changed.context);
        changed
    };
    let other_state = with_context(|context| context.tracestate = chars("Rojo=1,congo=2"));
    expect(&other_state, TRACEBATON_TRACESTATE_KEY_START, bad_state);
    let shorter = with_context(|context| context.tracestate_size = 5);
    expect(&shorter, TRACEBATON_TRACESTATE_VALUE_EMPTY, "rojo=");
    let other_baggage = with_context(|context| context.baggage = chars("tenant\n7"));
    expect(&other_baggage, TRACEBATON_BAGGAGE_CONTROL_BYTE, bad_baggage);
    let swapped = with_context(|context| {
        (context.tracestate, context.baggage) = (context.baggage, context.tracestate);
        (context.tracestate_size, context.baggage_size) = (context.baggage_size, context.tracestate_size);
    });
    expect(&swapped, TRACEBATON_OK, "both are valid as the other");
    let mut other_parent = extracted;
    other_parent.traceparent_value = chars("00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    let forwarded = forward_status(&other_parent);
    assert_eq!(forwarded, code(TRACEBATON_TRACEPARENT_TRACE_ID));

    // The header's promise for modified bytes: they go unnoticed unless `checked` is cleared, and never crash.
    // SAFETY: the arrays of the record, which nothing borrows.
    unsafe {
        state.write(*b"Rojo=1\xff\0\ncongo");
        baggage.write(*b"\0\n\xff,=;% ");
    }
    let mut modified = extracted;
    (modified.context.tracestate, modified.context.baggage) =
        (record[1].value.cast(), record[2].value.cast());
    expect(&modified, TRACEBATON_OK, "modified");
    modified.context.checked = 0;
    for (call, status) in uses(&modified) {
        let rules = [TRACEBATON_TRACESTATE_KEY_START, TRACEBATON_BAGGAGE_CONTROL_BYTE].map(code);
        assert!(rules.contains(&status), "modified, and checked is 0: {call}: {status}");
    }
}

fn forward_status(extracted: &tracebaton_extracted_t) -> tracebaton_status_t {
    // SAFETY: a record that was extracted, and room.
    unsafe { tracebaton_injection_forward(extracted, &mut zeros()) }
}

/// A change of one list does not vouch for the other.
#[test]
fn a_change_marks_only_what_was_checked() {
    let mut given = context("a=1", "tenant\n7");
    let mut room = [0_u8; ROOM];
    // SAFETY: a context, texts, and room.
    unsafe {
        let buffer = room.as_mut_ptr().cast();
        assert_eq!(tracebaton_tracestate_insert(&mut given, chars("b"), 1, chars("2"), 1, buffer, ROOM), OK);
        assert_eq!(given.checked, 0);
        assert_eq!(tracebaton_injection_prepare(&given, &mut zeros()), code(TRACEBATON_BAGGAGE_CONTROL_BYTE));
        given.baggage_size = 0;
        assert_eq!(tracebaton_tracestate_insert(&mut given, chars("b"), 1, chars("3"), 1, buffer, ROOM), OK);
        assert_ne!(given.checked, 0);
    }
}
