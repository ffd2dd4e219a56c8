"""The claims on headers of B3 and Datadog, each on `tracebaton_headers_choose` with one format to read."""

from .claim import FOURTH, OUTPUT, SECOND, THIRD, VALUE, Scene, prove, same, symbolic, words
from .claims import status
from .format_specification import (
    ACCEPT, B3, B3_READ, DATADOG, DEBUG, DECIMAL_READ, DEFER, NONE, B3Value, Tags, broken, decimal_id, priority,
)  # fmt: skip
from .layout import ARRIVED_AS, CHOICE, IGNORED, OTHER_COUNT, OTHERS, SAMPLING, VERDICTS
from .specification import ABSENT, NO_CONTEXT, OK
from .terms import FALSE, and_, any_of, concat, const, eq, extract, ite, not_, ule, var

OTHER_TRACE, DECISION, REFUSED = 2, 3, 4
MOST_LENGTH = (1 << 63) - 1


def parts(term):
    return [extract(term, low + 7, low) for low in range(0, term.width, 8)]


def number(value, width=32):
    return const(value, width)


class Expected:
    """What a record with headers of one format gives, as the bytes of a `tracebaton_choice_t` and a status."""

    def __init__(self, format_, found, ids, id_bytes, sampling, index, ignored=NONE):
        """`found` is the verdict, `ids` whether the accepted headers have ids, and `index` that of the header at fault."""
        self.format, self.found, self.id_bytes, self.sampling = format_, found, id_bytes, sampling
        self.index, self.ignored = index, ignored
        self.accepted = eq(found, NONE)
        self.ids, self.absent = ids, FALSE

    def is_parent(self):
        return and_(self.accepted, self.ids)

    def status(self):
        return ite(self.is_parent(), status(OK), status(NO_CONTEXT))

    def content(self, if_deferred):
        deferred = and_(eq(self.sampling, number(DEFER)), not_(eq(if_deferred, number(0, 8))))
        sampled = any_of([eq(self.sampling, number(ACCEPT)), eq(self.sampling, number(DEBUG)), deferred])
        content = {0: [*self.id_bytes, ite(sampled, number(1, 8), number(0, 8))]}
        content[ARRIVED_AS], content[IGNORED] = parts(number(self.format)), parts(self.ignored)
        parent = self._filled({**content, SAMPLING: parts(self.sampling)})
        other = {OTHER_COUNT: [number(1, 8)], OTHERS + 24: parts(number(self.format))}
        decision = self._filled({
            **other, SAMPLING: parts(self.sampling), OTHERS + 28: parts(number(DECISION)), OTHERS + 32: parts(self.sampling),
            OTHERS + 48: parts(self.index),
        })  # fmt: skip
        refused = self._filled({
            **other, OTHERS + 28: parts(number(REFUSED)), OTHERS + 36: parts(self.found), OTHERS + 48: parts(self.index),
        })  # fmt: skip
        absent, result = self._filled({}), []
        for x, y, z, nothing in zip(parent, decision, refused, absent):
            other = ite(self.accepted, ite(self.absent, nothing, y), z)
            result.append(ite(self.is_parent(), x, other))
        return result

    @staticmethod
    def _filled(content):
        result = [number(0, 8)] * CHOICE
        for at, places in [*content.items(), *((at, parts(number(ABSENT))) for at in VERDICTS)]:
            result[at : at + len(places)] = places
        return result


def _choose(image, format_, headers, expected, shown, path, place):
    """Proves what `tracebaton_headers_choose` gives. `headers` are names with terms of an address and a length.

    `place` puts the values into the scene.
    """
    scene, names, table = Scene(image), [], []
    for name, address, length in headers:
        table += words(FOURTH + len(names), len(name), address, length)
        names += name
    place(scene)
    scene.place(FOURTH, names)
    scene.place(SECOND, table)
    scene.place(THIRD, parts(number(format_)))
    scene.place(OUTPUT, symbolic("before", CHOICE), writable=True)
    if_deferred = var("if_deferred", 64)
    content = expected.content(extract(if_deferred, 7, 0))

    def claim(end):
        return and_(eq(end.status, expected.status()), same(end.bytes(OUTPUT, CHOICE), content))

    arguments = [SECOND, len(headers), THIRD, 1, if_deferred, OUTPUT]
    return prove(scene, "tracebaton_headers_choose", arguments, claim, shown, path, joins_calls=True)


def _every_length(of_length, longest):
    """Proves a claim for each length below `longest`, and for all longer ones together.

    `of_length` makes the claim for a length, with conditions on it.
    """
    total, size = None, var("length", 64)
    longer = [ule(const(longest, 64), size), ule(size, const(MOST_LENGTH, 64))]
    for length, path in [*((const(length, 64), []) for length in range(longest)), (size, longer)]:
        found = of_length(length, path)
        if total:
            found.steps, found.seconds, found.questions = (
                found.steps + total.steps, found.seconds + total.seconds, found.questions + total.questions,
            )  # fmt: skip
            found.operations |= total.operations
        total = found
        if not found.proved:
            break
    return total


def b3(image, length):
    """Acceptance, ids, decision, rule and offset of a `b3`: of this length, or of every length."""
    if length is None:
        return _every_length(lambda length, path: _b3(image, length, path), B3_READ)
    return _b3(image, const(length, 64), [])


def _b3(image, length, path):
    value = symbolic("value", B3_READ)
    b3_value = B3Value(value, length)
    found = b3_value.table()
    ids, grammar = not_(b3_value.is_only_state()), b3_value.grammar()
    expected = Expected(B3, found, ids, b3_value.id_bytes(), b3_value.sampling(), number(0, 64))
    # The table and the grammar agree, or the claim is refuted.
    expected.accepted = grammar

    def place(scene):
        scene.place(VALUE, value, length)

    return _choose(image, B3, [(b"b3", VALUE, length)], expected, (value, length), path, place)


DATADOG_NAMES = (b"x-datadog-trace-id", b"x-datadog-parent-id", b"x-datadog-sampling-priority", b"x-datadog-tags")
# Where the values of these headers are, apart from each other, and valid values.
APART = 0x1_0000
DATADOG_VALUES = (b"7277407061855694839", b"16453819474850114513", b"2", b"_dd.p.tid=80F198ee56343ba8")


def _first(rules):
    """The first verdict that is a broken rule, and the index of its header."""
    found, index = NONE, number(0, 64)
    for at, verdict in reversed(rules):
        is_broken = not_(eq(verdict, NONE))
        found, index = ite(is_broken, verdict, found), ite(is_broken, number(at, 64), index)
    return found, index


def _datadog(image, values, lengths, present, shown, path):
    """Values of the four headers as terms, each with a length, and whether it is there: a number or a term of one bit.

    Without its value, a header has a null value.
    """
    present = [const(there, 1) if isinstance(there, int) else there for there in present]
    has_trace, has_parent, has_priority, has_tags = present
    (trace_found, low), (parent_found, span) = (
        decimal_id(value, length, field) for value, length, field in zip(values, lengths, ("trace_id", "span_id"))
    )
    (priority_found, decision), (ignored, upper) = priority(values[2], lengths[2]), Tags(values[3]).read()
    none = const(0, 8)
    found, index = _first([
        (0, ite(has_trace, trace_found, NONE)),
        (0, ite(and_(has_trace, not_(has_parent)), broken("span_id_missing", 0), NONE)),
        (1, ite(and_(not_(has_trace), has_parent), broken("trace_id_missing", 0), NONE)),
        (1, ite(has_parent, parent_found, NONE)),
        (2, ite(has_priority, priority_found, NONE)),
    ])  # fmt: skip
    # The index of accepted headers is that of the trace id, and without ids that of the decision.
    index = ite(eq(found, NONE), ite(has_trace, number(0, 64), number(2, 64)), index)
    ids = [*[ite(has_tags, byte, none) for byte in upper], *low, *span]
    sampling = ite(has_priority, decision, number(DEFER))
    expected = Expected(DATADOG, found, and_(has_trace, has_parent), ids, sampling, index, ite(has_tags, ignored, NONE))
    # Tags alone are neither ids nor a decision.
    expected.absent = not_(any_of(present[:3]))
    addresses = [VALUE + index * APART for index in range(4)]

    def place(scene):
        for address, value, length in zip(addresses, values, lengths):
            scene.place(address, value, length)

    headers = [
        (name, ite(there, const(address, 64), number(0, 64)), ite(there, length, number(0, 64)))
        for name, there, address, length in zip(DATADOG_NAMES, present, addresses, lengths)
    ]  # fmt: skip
    return _choose(image, DATADOG, headers, expected, shown, path, place)


def _fixed():
    values = [[const(byte, 8) for byte in value] for value in DATADOG_VALUES]
    return [value + [const(0, 8)] * (DECIMAL_READ - len(value)) for value in values[:3]] + values[3:], [
        const(len(value), 64) for value in values
    ]


def _datadog_decimal(image, at, length, ids=1):
    """One decimal header with any bytes, of this length or of every length, among valid ones."""

    def of_length(size, path):
        values, lengths = _fixed()
        values[at], lengths[at] = symbolic("value", DECIMAL_READ), size
        return _datadog(image, values, lengths, [ids, ids, 1, 1], (values[at], size), path)

    return _every_length(of_length, DECIMAL_READ) if length is None else of_length(const(length, 64), [])


def datadog_trace_id(image, length):
    return _datadog_decimal(image, 0, length)


def datadog_parent_id(image, length):
    return _datadog_decimal(image, 1, length)


def datadog_priority(image, length):
    return _datadog_decimal(image, 2, length)


def datadog_decision(image, length):
    """A priority without ids."""
    return _datadog_decimal(image, 2, length, ids=0)


def datadog_headers(image, _length):
    """Each of the four headers is there or not."""
    values, lengths = _fixed()
    present = [var(f"present{index}", 1) for index in range(4)]
    return _datadog(image, values, lengths, present, ([concat(const(0, 7), bit) for bit in present], 4), [])


def datadog_tags(image, length):
    """The upper half of the trace id, and the rule and offset of tags that are ignored."""
    values, lengths = _fixed()
    value = symbolic("value", length)
    values[3], lengths[3] = value, const(length, 64)
    return _datadog(image, values, lengths, [1] * 4, (value, length), [])
