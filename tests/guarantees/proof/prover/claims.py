"""The claims, each on one exported function of the library."""

from .claim import OUTPUT, SECOND, THIRD, VALUE, Scene, prove, same, symbolic, words
from .specification import (
    ABSENT, BAGGAGE, MOST_LIST, NO_CONTEXT, OK, TRACEPARENT, TracestateTable, are_zero, baggage_grammar, baggage_verdict,
    hex_byte, is_byte, is_control, is_empty_list, is_name, traceparent_fields, traceparent_grammar, traceparent_text,
    traceparent_verdict, tracestate_grammar, verdict,
)  # fmt: skip
from .terms import (
    TRUE, all_of, and_, any_of, concat, const, eq, extract, implies, is_const, ite, not_, or_, to_lanes, ule, ult, var, xor_,
    zero_extend,
)  # fmt: skip

# Sizes and offsets of the C structs on x86-64: ffi/src/layout.rs.
CONTEXT, EXTRACTED, INJECTION, READER, HEADER = 64, 136, 104, 80, 32
TRACEPARENT_VERDICT, TRACESTATE_VERDICT, BAGGAGE_VERDICT, RECEIVED, VERSION = 64, 80, 96, 112, 128
VALID = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ANY_LENGTH = ule(var("length", 64), const((1 << 63) - 1, 64))
# Bytes of a traceparent that can matter.
READ = 56


def equal(left, right):
    return not_(xor_(left, right))


def status(number):
    return const(number, 32)


def _writes(end):
    """Ends that have written and ends that have not are not joined."""
    return end.state.writes


def traceparent_parse(image, _length):
    """Status, ids and flags; nothing is written on refusal."""
    length, value, before = var("length", 64), symbolic("value", READ), symbolic("before", CONTEXT)
    scene = Scene(image)
    scene.place(VALUE, value, length)
    scene.place(OUTPUT, before, writable=True)
    expected, grammar = traceparent_verdict(value, length), traceparent_grammar(value, length)
    written = [*traceparent_fields(value), *[const(0, 8)] * (CONTEXT - 25)]

    def claim(end):
        accepted = eq(end.status, status(OK))
        after = end.bytes(OUTPUT, CONTEXT)
        unchanged = same(after, before) if not end.state.writes else const(0, 1)
        return all_of([
            eq(end.status, extract(expected, 63, 32)), equal(accepted, grammar),
            ite(accepted, same(after, written), unchanged),
        ])  # fmt: skip

    return prove(scene, "tracebaton_traceparent_parse", [VALUE, length, OUTPUT], claim, (value, length), [ANY_LENGTH], key=_writes, most_steps=20_000)


def traceparent_extract(image, _length):
    """Rule and offset, version and received value of a traceparent in a record."""
    length, value = var("length", 64), symbolic("value", READ)
    scene = Scene(image)
    scene.place(VALUE, value, length)
    reader = words(VALUE, 0, 0, length, 0, 0, 7, 0, 0, 8)
    scene.place(SECOND, reader)
    scene.place(OUTPUT, symbolic("before", EXTRACTED), writable=True)
    expected = traceparent_verdict(value, length)
    zeros = [const(0, 8)] * EXTRACTED

    def claim(end):
        found = end.verdict(OUTPUT + TRACEPARENT_VERDICT)
        accepted = eq(found, const(0, 64))
        absent = concat(status(ABSENT), status(0))
        version = end.number(OUTPUT + VERSION, 1)
        context = end.bytes(OUTPUT, 25)
        forwarded = [eq(end.number(OUTPUT + RECEIVED, 8), const(VALUE, 64)), eq(end.number(OUTPUT + RECEIVED + 8, 8), length)]
        accepted_value = [same(context, traceparent_fields(value)), eq(version, hex_byte(value, 0)), *forwarded]
        refused = [same(end.bytes(OUTPUT, CONTEXT), zeros[:CONTEXT]), same(end.bytes(OUTPUT + RECEIVED, 24), zeros[:24])]
        return all_of([
            eq(found, expected), eq(end.number(OUTPUT + TRACEPARENT_VERDICT + 8, 8), const(7, 64)),
            eq(end.status, ite(accepted, status(OK), status(NO_CONTEXT))),
            *(eq(end.verdict(OUTPUT + at), absent) for at in (TRACESTATE_VERDICT, BAGGAGE_VERDICT)),
            ite(accepted, all_of(accepted_value), all_of(refused)),
        ])  # fmt: skip

    return prove(scene, "tracebaton_reader_finish", [SECOND, OUTPUT], claim, (value, length), [ANY_LENGTH])


def _context(scene, address, ids_and_flags, tracestate=(0, 0), baggage=(0, 0)):
    """A context that a program has filled: `checked` is zero."""
    content = [*ids_and_flags, *[const(0, 8)] * 7, *words(*tracestate, *baggage)]
    return scene.place(address, content)


def _format(image, given):
    scene = Scene(image)
    _context(scene, SECOND, given)
    before = symbolic("before", 55)
    scene.place(OUTPUT, before, writable=True)
    trace_zero, span_zero = are_zero(given[:16]), are_zero(given[16:24])
    wanted = traceparent_text(given[:16], given[16:24], given[24])

    def claim(end):
        after = end.bytes(OUTPUT, 55)
        zero = ite(trace_zero, status(TRACEPARENT["trace_id_zero"]), status(TRACEPARENT["parent_id_zero"]))
        refused = and_(eq(end.status, ite(and_(trace_zero, span_zero), status(NO_CONTEXT), zero)), same(after, before))
        return ite(or_(trace_zero, span_zero), refused, and_(eq(end.status, status(OK)), same(after, wanted)))

    return prove(scene, "tracebaton_traceparent_format", [SECOND, OUTPUT], claim, (given, 25), key=_writes)


def traceparent_format(image, _length):
    """The text of any ids and flags; nothing is written if an id is zero."""
    return _format(image, symbolic("context", 25))


def round_trip(image, _length):
    """parse, then format: a valid value of version 00 with defined flags gives the same bytes."""
    value = symbolic("value", 55)
    parsed = Scene(image)
    parsed.place(VALUE, value)
    parsed.place(OUTPUT, [const(0, 8)] * CONTEXT, writable=True)
    defined = all_of([*(is_byte(value[at], "0") for at in (0, 1, 53)), ule(value[54], const(0x33, 8))])
    first = prove(parsed, "tracebaton_traceparent_parse", [VALUE, 55, OUTPUT], lambda end: TRUE, (value, 55), [defined])
    for end in first.ends:
        path = [*end.state.path, eq(end.status, status(OK))]
        if not end.machine.may_hold(path):
            continue
        scene = Scene(image)
        scene.place(SECOND, end.bytes(OUTPUT, CONTEXT))
        scene.place(OUTPUT, symbolic("before", 55), writable=True)

        def claim(after):
            return and_(eq(after.status, status(OK)), same(after.bytes(OUTPUT, 55), value))

        second = prove(scene, "tracebaton_traceparent_format", [SECOND, OUTPUT], claim, (value, 55), path)
        first.steps, first.seconds = first.steps + second.steps, first.seconds + second.seconds
        first.operations |= second.operations
        if not second.proved:
            return second
    return first


NAMES = (b"traceparent", b"tracestate", b"baggage")


def header_name(image, _length):
    """The three names in any letter case, at every length."""
    length, name = var("length", 64), symbolic("name", 16)
    scene = Scene(image)
    scene.place(VALUE, name, length)
    expected = status(0)
    for number, wanted in enumerate(NAMES, 1):
        found = and_(eq(length, const(len(wanted), 64)), is_name(name[: len(wanted)], wanted.decode()))
        expected = ite(found, status(number), expected)
    claim = lambda end: eq(end.status, expected)  # noqa: E731
    return prove(scene, "tracebaton_header_name_of", [VALUE, length], claim, (name, length))


def other_header(image, length):
    """A header with any name of this length after a valid traceparent: which of the three it is, and nothing else."""
    name, value = symbolic("name", length), b"a=1"
    scene = Scene(image)
    scene.place(VALUE, name)
    scene.place(SECOND, [*NAMES[0], *VALID, *value])
    own, text, other = SECOND, SECOND + len(NAMES[0]), SECOND + len(NAMES[0]) + len(VALID)
    scene.place(THIRD, words(own, len(NAMES[0]), text, len(VALID), VALUE, length, other, len(value)))
    scene.place(OUTPUT, symbolic("before", EXTRACTED), writable=True)
    traceparent, tracestate, baggage = (is_name(name, wanted.decode()) for wanted in NAMES)

    def claim(end):
        accepted, absent = status(OK), status(ABSENT)
        first = ite(traceparent, status(TRACEPARENT["version"]), accepted)
        return all_of([
            eq(end.number(OUTPUT + TRACEPARENT_VERDICT, 4), first),
            eq(end.number(OUTPUT + TRACESTATE_VERDICT, 4), ite(tracestate, accepted, absent)),
            eq(end.number(OUTPUT + BAGGAGE_VERDICT, 4), ite(baggage, accepted, absent)),
            eq(end.status, ite(traceparent, status(NO_CONTEXT), status(OK))),
        ])  # fmt: skip

    return prove(scene, "tracebaton_headers_extract", [THIRD, 2, OUTPUT], claim, (name, length))


def tracestate(image, length):
    """Acceptance, rule and offset of a tracestate after a valid traceparent, through the fast and the slow path."""
    value = symbolic("value", length)
    scene = Scene(image)
    scene.place(VALUE, value)
    scene.place(SECOND, VALID)
    scene.place(THIRD, words(SECOND, VALUE, 0, len(VALID), length, 0, 0, 1, 0, 2))
    scene.place(OUTPUT, symbolic("before", EXTRACTED), writable=True)
    expected, grammar = TracestateTable(value).verdict(), tracestate_grammar(value)

    def claim(end):
        found = end.verdict(OUTPUT + TRACESTATE_VERDICT)
        accepted = eq(found, const(0, 64))
        pointer, size = end.number(OUTPUT + 32, 8), end.number(OUTPUT + 40, 8)
        borrowed = and_(eq(size, const(length, 64)), eq(pointer, const(VALUE, 64)) if length else TRUE)
        return all_of([
            eq(found, expected), equal(accepted, grammar), eq(end.status, status(OK)),
            ite(accepted, borrowed, and_(eq(size, const(0, 64)), eq(pointer, const(0, 64)))),
        ])  # fmt: skip

    def key(end):
        found = end.verdict(OUTPUT + TRACESTATE_VERDICT)
        return found.number if is_const(found) else None

    return prove(scene, "tracebaton_reader_finish", [THIRD, OUTPUT], claim, (value, length), lazy=True, key=key)


def baggage(image, length):
    """The control scan: acceptance, rule and offset of a baggage."""
    if length is None:
        return _baggage_of_any_length(image)
    value = symbolic("value", length)
    scene = Scene(image)
    scene.place(VALUE, value)
    scene.place(THIRD, words(0, 0, VALUE, 0, 0, length, 0, 0, 5, 6))
    scene.place(OUTPUT, symbolic("before", EXTRACTED), writable=True)
    expected, grammar = baggage_verdict(value), baggage_grammar(value)

    def claim(end):
        found = end.verdict(OUTPUT + BAGGAGE_VERDICT)
        accepted = eq(found, const(0, 64))
        size = end.number(OUTPUT + 56, 8)
        return all_of([
            eq(found, expected), equal(accepted, grammar), eq(end.status, status(NO_CONTEXT)),
            eq(size, ite(accepted, const(length, 64), const(0, 64))),
        ])  # fmt: skip

    return prove(scene, "tracebaton_reader_finish", [THIRD, OUTPUT], claim, (value, length))


def _baggage_of_any_length(image):
    """The same for every length. The claim on the followed byte, which is any byte, is one on all of them."""
    scene, length = Scene(image), var("length", 64)
    value = scene.place_any(length)
    scene.place(THIRD, words(0, 0, VALUE, 0, 0, length, 0, 0, 5, 6))
    scene.place(OUTPUT, symbolic("before", EXTRACTED), writable=True)
    control, too_long = and_(value.is_inside, is_control(value.byte)), ult(const(MOST_LIST, 64), length)

    def claim(end):
        found = end.verdict(OUTPUT + BAGGAGE_VERDICT)
        accepted, offset = eq(found, const(0, 64)), zero_extend(extract(found, 31, 0), 64)
        size = end.number(OUTPUT + 56, 8)
        refused = all_of([
            eq(extract(found, 63, 32), status(BAGGAGE["control_byte"])), ult(offset, length),
            implies(value.is_before(offset), not_(control)), implies(eq(value.place, offset), control),
        ])  # fmt: skip
        short = ite(accepted, not_(control), refused)
        return all_of([
            eq(end.status, status(NO_CONTEXT)), eq(size, ite(accepted, length, const(0, 64))),
            ite(too_long, eq(found, verdict(BAGGAGE["too_long"], MOST_LIST)), short),
        ])  # fmt: skip

    def facts(value):
        return [not_(is_control(value.byte))]

    def marks(_value, vector):
        lanes = to_lanes(vector, 8)
        delete = any_of(eq(lane, const(0xFF, 8)) for lane in lanes)
        return [any_of(ule(lane, value.byte) for lane in lanes), implies(eq(value.byte, const(0x7F, 8)), delete)]

    shown = value.content(MOST_LIST + 1), length
    return prove(scene, "tracebaton_reader_finish", [THIRD, OUTPUT], claim, shown, [ANY_LENGTH], expected=(facts, marks))


def injection(image, length):
    """Any ids and flags with any tracestate of this length: what is prepared is valid, or it is refused."""
    value, given = symbolic("value", length), symbolic("context", 25)
    scene = Scene(image)
    scene.place(VALUE, value)
    _context(scene, SECOND, given, (VALUE if length else 0, length))
    scene.place(OUTPUT, symbolic("before", INJECTION), writable=True)
    trace_zero, span_zero = are_zero(given[:16]), are_zero(given[16:24])
    wanted, empty = traceparent_text(given[:16], given[16:24], given[24]), is_empty_list(value)
    broken, grammar = TracestateTable(value).verdict(), tracestate_grammar(value)

    def claim(end):
        def field(at):
            return end.number(OUTPUT + at, 8)

        none = const(0, 64)
        states = [eq(field(72), const(VALUE, 64)), eq(field(80), const(length, 64))]
        written = all_of([
            eq(end.status, status(OK)), same(end.bytes(OUTPUT, 55), wanted), eq(field(56), none), eq(field(64), const(55, 64)),
            ite(empty, eq(field(80), none), all_of(states)), eq(field(96), none), or_(grammar, eq(field(80), none)),
        ])  # fmt: skip
        without = all_of([eq(end.status, status(NO_CONTEXT)), *(eq(field(at), none) for at in (56, 64, 80, 96))])
        refused = ite(trace_zero, status(TRACEPARENT["trace_id_zero"]), status(TRACEPARENT["parent_id_zero"]))
        zero = eq(end.status, refused) if not end.state.writes else const(0, 1)
        list_refused = eq(end.status, extract(broken, 63, 32)) if not end.state.writes else const(0, 1)
        span = ite(grammar, written, list_refused)
        return ite(and_(trace_zero, span_zero), without, ite(or_(trace_zero, span_zero), zero, span))

    def key(end):
        return end.state.writes, end.status.number if is_const(end.status) else None

    return prove(scene, "tracebaton_injection_prepare", [SECOND, OUTPUT], claim, (given + value, 25 + length), lazy=True, key=key)
