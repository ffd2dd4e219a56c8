"""The rules of PROFILE.md for B3 and Datadog as terms, written from F2, F3, F4, F7 and the tables around them.

B3 has a grammar and a table of broken rules, as the headers of W3C do. For Datadog, the grammar is the table's last row:
a value without a broken rule is accepted.
"""

from .specification import hex_byte, is_byte, is_hex, within
from .terms import (
    FALSE, TRUE, add, all_of, and_, any_of, concat, const, eq, extract, ite, mul, not_, or_, shift, sub, ule, ult, zero_extend,
)  # fmt: skip

# Numbers of the C API: include/tracebaton.h.
B3, DATADOG = 3, 6
ACCEPT, DENY, DEFER, DEBUG = 1, 2, 3, 4
RULES = (
    "none", "too_short", "too_long", "version", "field", "separator", "trace_id", "trace_id_zero", "trace_id_missing", "span_id",
    "span_id_zero", "span_id_missing", "parent_id", "sampling", "tags", "trailing",
)  # fmt: skip


def broken(rule, offset):
    """A rule and an offset in 64 bits, as they follow each other in `tracebaton_other_t`."""
    offset = const(offset, 32) if isinstance(offset, int) else extract(offset, 31, 0)
    return concat(offset, const(RULES.index(rule), 32))


NONE = broken("none", 0)


def first_of(rules):
    """The verdict of the first condition that holds."""
    result = NONE
    for condition, found in reversed(rules):
        result = ite(condition, found, result)
    return result


def is_b3_state(byte):
    return any_of(is_byte(byte, state) for state in "01d")


def b3_sampling(byte):
    return ite(is_byte(byte, "0"), const(DENY, 32), ite(is_byte(byte, "1"), const(ACCEPT, 32), const(DEBUG, 32)))


# The longest value of `b3`, and one byte more.
B3_READ = 69


class B3Value:
    """The value of `b3`: ids with the trace id `digits` long, or only a state."""

    def __init__(self, value, length):
        self.value, self.length = value, length

    def has_length(self, length):
        return eq(self.length, const(length, 64))

    def reaches(self, at):
        return ult(const(at, 64), self.length)

    def are_hex(self, first, end):
        return all_of(map(is_hex, self.value[first:end]))

    def is_dash(self, at):
        return is_byte(self.value[at], "-")

    def are_not_zero(self, first, end):
        return any_of(not_(is_byte(byte, "0")) for byte in self.value[first:end])

    def is_only_state(self):
        return and_(self.has_length(1), is_b3_state(self.value[0]))

    def ids(self, digits):
        """The grammar: two ids, neither all zeros."""
        start, end = digits + 1, digits + 17
        return all_of([
            self.are_hex(0, digits), self.are_not_zero(0, digits), self.is_dash(digits),
            self.are_hex(start, end), self.are_not_zero(start, end),
        ])  # fmt: skip

    def tails(self, digits):
        """The grammar after the ids: [ "-" state ] [ "-" b3-parent ], each with the decision of its state."""
        end = digits + 17
        state, after = and_(self.is_dash(end), is_b3_state(self.value[end + 1])), end + 2

        def is_parent(at):
            return and_(self.is_dash(at), self.are_hex(at + 1, at + 17))

        defer, decided = const(DEFER, 32), b3_sampling(self.value[end + 1])
        return [
            (self.has_length(end), defer),
            (and_(self.has_length(after), state), decided),
            (and_(self.has_length(end + 17), is_parent(end)), defer),
            (all_of([self.has_length(after + 17), state, is_parent(after)]), decided),
        ]

    def has_ids(self, digits):
        return and_(self.ids(digits), any_of(holds for holds, _ in self.tails(digits)))

    def grammar(self):
        return any_of([self.is_only_state(), self.has_ids(16), self.has_ids(32)])

    def sampling(self):
        result = b3_sampling(self.value[0])
        for digits in (16, 32):
            for holds, decision in self.tails(digits):
                result = ite(and_(self.ids(digits), holds), decision, result)
        return result

    def id_bytes(self):
        """Trace id and span id. A short trace id has zeros on the left."""
        def pairs(first, end):
            return [hex_byte(self.value, at) for at in range(first, end, 2)]

        short = [*[const(0, 8)] * 8, *pairs(0, 16), *pairs(17, 33)]
        return [ite(self.has_ids(16), x, y) for x, y in zip(short, [*pairs(0, 32), *pairs(33, 49)])]

    def table(self):
        """The first broken rule from the left. A dash at 16 makes the trace id short."""
        short = and_(self.reaches(16), self.is_dash(16))
        return ite(self.is_only_state(), NONE, ite(short, self._table(16), self._table(32)))

    def _table(self, digits):
        rules, end = [], digits + 17

        def require(at, holds, rule):
            rules.append((not_(self.reaches(at)), broken("too_short", self.length)))
            rules.append((not_(holds), broken(rule, at)))

        def require_hex(first, last, rule):
            for at in range(first, last):
                require(at, is_hex(self.value[at]), rule)

        require_hex(0, digits, "trace_id")
        rules.append((not_(self.are_not_zero(0, digits)), broken("trace_id_zero", 0)))
        require(digits, self.is_dash(digits), "separator")
        require_hex(digits + 1, end, "span_id")
        rules.append((not_(self.are_not_zero(digits + 1, end)), broken("span_id_zero", digits + 1)))
        rules.append((self.has_length(end), NONE))
        require(end, self.is_dash(end), "separator")
        # With 16 bytes left there is a parent and no state.
        bad_parent = [(not_(is_hex(self.value[at])), broken("parent_id", at)) for at in range(end + 1, end + 17)]
        rules.append((self.has_length(end + 17), first_of(bad_parent)))
        require(end + 1, is_b3_state(self.value[end + 1]), "sampling")
        rules.append((self.has_length(end + 2), NONE))
        require(end + 2, self.is_dash(end + 2), "separator")
        require_hex(end + 3, end + 19, "parent_id")
        rules.append((self.reaches(end + 19), broken("trailing", end + 19)))
        return first_of(rules)


MOST_DIGITS = 20
# Size in bytes of the part of a decimal field that can matter: a sign, the digits and one more.
DECIMAL_READ = MOST_DIGITS + 2


def decimal(value, length, rule, most, start=0):
    """The verdict on a decimal number from `start` to the end, and the number of 64 bits."""
    rules, number = [(not_(ult(const(start, 64), length)), broken("too_short", length))], const(0, 68)
    for at in range(start, start + MOST_DIGITS):
        rules.append((eq(length, const(at, 64)), NONE))
        digit = sub(value[at], const(0x30, 8))
        # Wide enough that ten times a valid number and a digit fit.
        after = add(mul(number, const(10, 68)), zero_extend(digit, 68))
        fits = and_(within(value[at], 0x30, 0x39), ule(after, const(most, 68)))
        rules.append((not_(fits), broken(rule, at)))
        number = ite(ult(const(at, 64), length), after, number)
    end = start + MOST_DIGITS
    rules.append((ult(const(end, 64), length), broken(rule, end)))
    return first_of(rules), extract(number, 63, 0)


def decimal_id(value, length, field):
    """The verdict on an id of Datadog, and its 8 bytes."""
    found, number = decimal(value, length, field, (1 << 64) - 1)
    zero = and_(eq(found, NONE), eq(number, const(0, 64)))
    return ite(zero, broken(f"{field}_zero", 0), found), [extract(number, low + 7, low) for low in range(56, -8, -8)]


def priority(value, length):
    """The verdict on a priority, and the decision: a number of 32 bits, signed."""
    negative = and_(ult(const(0, 64), length), is_byte(value[0], "-"))
    above, number = decimal(value, length, "sampling", (1 << 31) - 1)
    below, _ = decimal(value, length, "sampling", 1 << 31, 1)
    accept = and_(not_(negative), not_(eq(number, const(0, 64))))
    return ite(negative, below, above), ite(accept, const(ACCEPT, 32), const(DENY, 32))


def is_either_hex(byte):
    return or_(is_hex(byte), within(byte, 0x41, 0x46))


def either_digit_value(byte):
    """Of a digit in either letter case."""
    letter = add(and_(byte, const(7, 8)), const(9, 8))
    return ite(ule(byte, const(0x39, 8)), sub(byte, const(0x30, 8)), letter)


class Tags:
    """`x-datadog-tags` of a fixed length of at most 512: the verdict and the 8 bytes of the upper half."""

    KEY = "_dd.p.tid"

    def __init__(self, value):
        assert len(value) <= 512, "the limit is not part of this table"
        self.value, self.length, self.known = value, len(value), {}

    def read(self):
        found, seen, upper = self.at("tag", 0) if self.length else self.nothing()
        valid = and_(eq(found, NONE), seen)
        return found, [ite(valid, byte, const(0, 8)) for byte in upper]

    def at(self, part, *arguments):
        """Of the rest from a place: the verdict, whether it has a valid `_dd.p.tid`, and the bytes of the last one."""
        if (part, *arguments) not in self.known:
            self.known[(part, *arguments)] = getattr(self, part)(*arguments)
        return self.known[(part, *arguments)]

    def nothing(self, found=NONE):
        return found, FALSE, [const(0, 8)] * 8

    def choose(self, condition, x, y):
        return ite(condition, x[0], y[0]), ite(condition, x[1], y[1]), [ite(condition, *pair) for pair in zip(x[2], y[2])]

    def tag(self, start):
        return self.at("key", start, start)

    def key(self, at, start):
        bad = self.nothing(broken("tags", start))
        if at == self.length:
            return bad
        value = bad
        if at > start:
            value = self.at("any_value", at + 1)
            if at - start == len(self.KEY):
                is_tid = all_of(map(is_byte, self.value[start:at], self.KEY))
                value = self.choose(is_tid, self.at("tid", at + 1), value)
        more = self.choose(is_byte(self.value[at], "="), value, self.at("key", at + 1, start))
        return self.choose(is_byte(self.value[at], ","), bad, more)

    def any_value(self, at):
        if at == self.length:
            return self.nothing()
        return self.choose(is_byte(self.value[at], ","), self.at("tag", at + 1), self.at("any_value", at + 1))

    def tid(self, start):
        end = start + 16
        if end > self.length:
            result = self.nothing(broken("too_short", self.length))
        else:
            result = self._valid_tid(start, end)
        for at in reversed(range(start, min(end, self.length))):
            fault = self.choose(is_byte(self.value[at], ","), *(self.nothing(broken(rule, at)) for rule in ("too_short", "trace_id")))
            result = self.choose(is_either_hex(self.value[at]), result, fault)
        return result

    def _valid_tid(self, start, end):
        digits = [either_digit_value(byte) for byte in self.value[start:end]]
        upper = [or_(shift("shl", high, const(4, 8)), low) for high, low in zip(digits[::2], digits[1::2])]
        if end == self.length:
            return NONE, TRUE, upper
        found, seen, later = self.at("tag", end + 1)
        followed = found, TRUE, [ite(seen, *pair) for pair in zip(later, upper)]
        return self.choose(is_byte(self.value[end], ","), followed, self.nothing(broken("trailing", end)))
