"""The rules of PROFILE.md as terms: written from its text, not from the code of the codec.

Each header has two specifications: its grammar, and the table of broken rules with their offsets. A claim proves that the
code agrees with both, so the two are also proved to agree with each other.
"""

from .terms import (
    FALSE, TRUE, add, all_of, and_, any_of, concat, const, eq, extract, ite, not_, or_, shift, sub, ule, ult,
    zero_extend,
)  # fmt: skip

# Statuses of the C API: include/tracebaton.h, enum tracebaton_status.
TRACEPARENT = {
    "too_short": -101, "version": -102, "version_forbidden": -103, "separator": -104, "trace_id": -105, "trace_id_zero": -106,
    "parent_id": -107, "parent_id_zero": -108, "trace_flags": -109, "trailing": -110,
}  # fmt: skip
TRACESTATE = {
    "too_long": -201, "key_start": -202, "key": -203, "key_too_long": -204, "equals_missing": -205, "value": -206,
    "value_empty": -207, "value_too_long": -208, "too_many_members": -209,
}  # fmt: skip
BAGGAGE = {"too_long": -301, "control_byte": -302}
OK, ROOT, ABSENT, NO_CONTEXT = 0, 1, 2, 1


def within(byte, first, last):
    return and_(ule(const(first, 8), byte), ule(byte, const(last, 8)))


def is_byte(byte, character):
    return eq(byte, const(ord(character), 8))


def is_hex(byte):
    return or_(within(byte, 0x30, 0x39), within(byte, 0x61, 0x66))


def digit_value(byte):
    return ite(ule(byte, const(0x39, 8)), sub(byte, const(0x30, 8)), sub(byte, const(0x57, 8)))


def hex_byte(value, at):
    """The byte that two digits name."""
    return or_(shift("shl", digit_value(value[at]), const(4, 8)), digit_value(value[at + 1]))


def digit_of(nibble):
    wide = zero_extend(nibble, 8)
    return ite(ult(nibble, const(10, 4)), add(wide, const(0x30, 8)), add(wide, const(0x57, 8)))


def hex_digits(content):
    """The digits of bytes."""
    return [digit_of(extract(byte, low + 3, low)) for byte in content for low in (4, 0)]


def text(characters):
    return [const(ord(character), 8) for character in characters]


def are_zero(content):
    return all_of(eq(byte, const(0, 8)) for byte in content)


def verdict(status, offset):
    """A status and an offset in 64 bits, as they follow each other in `tracebaton_verdict_t`."""
    offset = const(offset, 32) if isinstance(offset, int) else extract(offset, 31, 0)
    return concat(const(status, 32), offset)


def traceparent_verdict(value, length):
    """R5, and the table of broken rules: the first one from the left."""
    rules = []

    def require(at, holds, rule):
        rules.append((not_(ult(const(at, 64), length)), verdict(TRACEPARENT["too_short"], length)))
        rules.append((not_(holds), verdict(TRACEPARENT[rule], at)))

    def require_digits(first, end, rule):
        for at in range(first, end):
            require(at, is_hex(value[at]), rule)

    def require_not_zero(first, end, rule):
        zeros = all_of(is_byte(byte, "0") for byte in value[first:end])
        rules.append((zeros, verdict(TRACEPARENT[rule], first)))

    require_digits(0, 2, "version")
    forbidden = and_(is_byte(value[0], "f"), is_byte(value[1], "f"))
    rules.append((forbidden, verdict(TRACEPARENT["version_forbidden"], 0)))
    require(2, is_byte(value[2], "-"), "separator")
    require_digits(3, 35, "trace_id")
    require_not_zero(3, 35, "trace_id_zero")
    require(35, is_byte(value[35], "-"), "separator")
    require_digits(36, 52, "parent_id")
    require_not_zero(36, 52, "parent_id_zero")
    require(52, is_byte(value[52], "-"), "separator")
    require_digits(53, 55, "trace_flags")
    version_0 = and_(is_byte(value[0], "0"), is_byte(value[1], "0"))
    ends = ule(length, const(55, 64))
    rules.append((not_(or_(ends, and_(not_(version_0), is_byte(value[55], "-")))), verdict(TRACEPARENT["trailing"], 55)))
    result = const(0, 64)
    for broken, found in reversed(rules):
        result = ite(broken, found, result)
    return result


def traceparent_grammar(value, length):
    """The grammar of PROFILE.md: no order, no offsets."""
    version_0 = and_(is_byte(value[0], "0"), is_byte(value[1], "0"))
    exact = eq(length, const(55, 64))
    longer = all_of([ult(const(55, 64), length), not_(version_0), is_byte(value[55], "-")])
    digits = [0, 1, *range(3, 35), *range(36, 52), 53, 54]
    return all_of([
        *(is_hex(value[at]) for at in digits), *(is_byte(value[at], "-") for at in (2, 35, 52)),
        not_(and_(is_byte(value[0], "f"), is_byte(value[1], "f"))),
        any_of(not_(is_byte(byte, "0")) for byte in value[3:35]), any_of(not_(is_byte(byte, "0")) for byte in value[36:52]),
        or_(exact, longer),
    ])  # fmt: skip


def traceparent_fields(value):
    """The first 25 bytes of `tracebaton_context_t`: ids, and of the flags the two that R6 keeps."""
    ids = [hex_byte(value, at) for at in (*range(3, 35, 2), *range(36, 52, 2))]
    return [*ids, and_(hex_byte(value, 53), const(3, 8))]


def traceparent_text(trace_id, span_id, flags):
    """W3: version 00, lower case, two flags."""
    kept = hex_digits([and_(flags, const(3, 8))])
    return [*text("00-"), *hex_digits(trace_id), *text("-"), *hex_digits(span_id), *text("-"), *kept]


def lower(byte):
    return ite(within(byte, 0x41, 0x5A), add(byte, const(0x20, 8)), byte)


def is_name(name, wanted):
    """R2: in any letter case."""
    if len(name) != len(wanted):
        return FALSE
    return all_of(eq(lower(byte), const(ord(character), 8)) for byte, character in zip(name, wanted))


# Tracestate. One place decides whether empty members count among the 32, and where the 33rd begins.
MOST_MEMBERS, MOST_LIST, MOST_PART = 32, 8192, 256
EMPTY_MEMBERS_COUNT = True


def is_key_start(byte):
    return or_(within(byte, 0x61, 0x7A), within(byte, 0x30, 0x39))


def is_key(byte):
    return any_of([is_key_start(byte), *(is_byte(byte, character) for character in "_-*/@")])


def is_value(byte):
    return any_of([within(byte, 0x20, 0x2B), within(byte, 0x2D, 0x3C), within(byte, 0x3E, 0x7E)])


def is_value_end(byte):
    return and_(is_value(byte), not_(is_byte(byte, " ")))


def is_ows(byte):
    return or_(is_byte(byte, " "), is_byte(byte, "\t"))


class TracestateTable:
    """The table of broken rules for a list of fixed length below 64 bytes, where no limit can be exceeded."""

    def __init__(self, value):
        assert len(value) < 64 - EMPTY_MEMBERS_COUNT * 32, "the limits are not part of this table"
        self.value, self.length, self.known = value, len(value), {}

    def verdict(self):
        return self.at("between_members", 0)

    def at(self, part, *arguments):
        if (part, *arguments) not in self.known:
            self.known[(part, *arguments)] = getattr(self, part)(*arguments)
        return self.known[(part, *arguments)]

    def broken(self, rule, offset):
        return verdict(TRACESTATE[rule], offset)

    def between_members(self, at):
        if at == self.length:
            return const(0, 64)
        byte = self.value[at]
        member = ite(is_key_start(byte), self.at("key", at + 1), self.broken("key_start", at))
        return ite(or_(is_byte(byte, ","), is_ows(byte)), self.at("between_members", at + 1), member)

    def key(self, at):
        if at == self.length:
            return self.broken("equals_missing", at)
        byte = self.value[at]
        ended = ite(is_byte(byte, "="), self.at("member_value", at + 1, at + 1, False), self.at("key_ended", at, at))
        return ite(is_key(byte), self.at("key", at + 1), ended)

    def key_ended(self, at, end):
        if at == self.length:
            return self.broken("equals_missing", end)
        byte = self.value[at]
        other = ite(is_ows(byte), self.at("key_ended", at + 1, end), self.broken("key", end))
        return ite(is_byte(byte, ","), self.broken("equals_missing", end), other)

    def ended(self, at, start, has_value):
        if not has_value:
            return self.broken("value_empty", start)
        return self.at("between_members", at)

    def member_value(self, at, start, has_value):
        """`start` matters as long as the value has only spaces."""
        if at == self.length:
            return self.ended(at, start, has_value)
        byte, following = self.value[at], at + 1
        tab = ite(is_byte(byte, "\t"), self.at("after_tab", following, start, has_value, at), self.broken("value", at))
        space = ite(is_byte(byte, " "), self.at("member_value", following, start, has_value), tab)
        more = ite(is_value_end(byte), self.at("member_value", following, 0, True), space)
        return ite(is_byte(byte, ","), self.ended(at, start, has_value), more)

    def after_tab(self, at, start, has_value, tab):
        """A tab is refused unless only white space follows in the member."""
        if at == self.length:
            return self.ended(at, start, has_value)
        byte = self.value[at]
        other = ite(is_ows(byte), self.at("after_tab", at + 1, start, has_value, tab), self.broken("value", tab))
        return ite(is_byte(byte, ","), self.ended(at, start, has_value), other)


class Automaton:
    """A nondeterministic automaton made from the grammar as it is written."""

    def __init__(self):
        self.count, self.empty, self.edges = 0, {}, []

    def new(self):
        self.count += 1
        return self.count

    def byte(self, accepts):
        start, end = self.new(), self.new()
        self.edges.append((start, accepts, end))
        return start, end

    def jump(self, start, end):
        self.empty.setdefault(start, []).append(end)

    def sequence(self, *parts):
        for before, after in zip(parts, parts[1:]):
            self.jump(before[1], after[0])
        return parts[0][0], parts[-1][1]

    def repeat(self, part):
        start, end = self.optional(part)
        self.jump(part[1], part[0])
        return start, end

    def optional(self, part):
        start, end = self.new(), self.new()
        for target in (part[0], end):
            self.jump(start, target)
        self.jump(part[1], end)
        return start, end

    def closure(self, state):
        found, waiting = set(), [state]
        while waiting:
            top = waiting.pop()
            if top not in found:
                found.add(top)
                waiting += self.empty.get(top, [])
        return found

    def accepts(self, part, value):
        closures = {state: self.closure(state) for state in (part[0], *(end for _, _, end in self.edges))}
        active = {state: TRUE for state in closures[part[0]]}
        for byte in value:
            after = {}
            for start, accepts, end in self.edges:
                if start in active:
                    taken = and_(active[start], accepts(byte))
                    for state in closures[end]:
                        after[state] = or_(after.get(state, FALSE), taken)
            active = after
        return active.get(part[1], FALSE)


def tracestate_grammar(value):
    """R7 and the grammar, without the limits: [ member ] *( OWS "," OWS [ member ] ), with OWS first and last."""
    assert len(value) < 64 - EMPTY_MEMBERS_COUNT * 32, "the limits are not part of this grammar"
    made = Automaton()

    def ows():
        return made.repeat(made.byte(is_ows))

    def member():
        equals = made.byte(lambda byte: is_byte(byte, "="))
        key = made.byte(is_key_start), made.repeat(made.byte(is_key))
        return made.sequence(*key, equals, made.repeat(made.byte(is_value)), made.byte(is_value_end))

    comma = made.byte(lambda byte: is_byte(byte, ","))
    others = made.repeat(made.sequence(ows(), comma, ows(), made.optional(member())))
    return made.accepts(made.sequence(ows(), made.optional(member()), others, ows()), value)


def is_empty_list(value):
    """Only white space and commas: such a list is not written (W2)."""
    return all_of(or_(is_byte(byte, ","), is_ows(byte)) for byte in value)


def is_control(byte):
    return or_(and_(ult(byte, const(0x20, 8)), not_(is_byte(byte, "\t"))), eq(byte, const(0x7F, 8)))


def baggage_verdict(value):
    """R8, for at most 8192 bytes."""
    result = const(0, 64)
    for at in reversed(range(len(value))):
        result = ite(is_control(value[at]), verdict(BAGGAGE["control_byte"], at), result)
    return result


def baggage_grammar(value):
    return not_(any_of(map(is_control, value)))
