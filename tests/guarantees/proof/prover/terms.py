"""Terms over bit vectors. Equal terms are the same object, and constants are folded when a term is made."""


class Term:
    """An operator with its arguments: terms, or numbers where the operator has them. A truth is a term of one bit."""

    __slots__ = ("operator", "width", "arguments", "number")

    def __repr__(self):
        return show(self, 4)

    def children(self):
        return [argument for argument in self.arguments if isinstance(argument, Term)]


def show(term, depth):
    if term.operator == "const":
        return f"{term.arguments[0]:#x}"
    if term.operator == "var":
        return term.arguments[0]
    if depth == 0:
        return "…"
    shown = (show(part, depth - 1) if isinstance(part, Term) else str(part) for part in term.arguments)
    return f"({term.operator} {' '.join(shown)})"


_made = {}


def make(operator, width, *arguments):
    key = (operator, width) + tuple(a.number if isinstance(a, Term) else ("number", a) for a in arguments)
    term = _made.get(key)
    if term is None:
        term = Term()
        term.operator, term.width, term.arguments, term.number = operator, width, arguments, len(_made) + 1
        _made[key] = term
    return term


def const(value, width):
    return make("const", width, value & ((1 << width) - 1))


def var(name, width):
    return make("var", width, name)


def is_const(term):
    return term.operator == "const"


def value_of(term):
    return term.arguments[0]


def signed(value, width):
    return value - (1 << width) if value >> (width - 1) else value


TRUE, FALSE = const(1, 1), const(0, 1)


def not_(x):
    if is_const(x):
        return const(~value_of(x), x.width)
    return x.arguments[0] if x.operator == "not" else make("not", x.width, x)


def _constant_last(x, y):
    if is_const(x) and not is_const(y):
        return y, x
    return (y, x) if not is_const(y) and x.number > y.number else (x, y)


def and_(x, y):
    x, y = _constant_last(x, y)
    if is_const(y):
        mask = value_of(y)
        if is_const(x):
            return const(value_of(x) & mask, x.width)
        if mask == 0:
            return y
        if mask == (1 << x.width) - 1:
            return x
        if mask & (mask + 1) == 0:
            return zero_extend(extract(x, mask.bit_length() - 1, 0), x.width)
    if x is y:
        return x
    return const(0, x.width) if not_(x) is y else make("and", x.width, x, y)


def or_(x, y):
    x, y = _constant_last(x, y)
    if is_const(y):
        if is_const(x):
            return const(value_of(x) | value_of(y), x.width)
        if value_of(y) == 0:
            return x
        if value_of(y) == (1 << x.width) - 1:
            return y
    if x is y:
        return x
    return const(-1, x.width) if not_(x) is y else make("or", x.width, x, y)


def implies(condition, then):
    return or_(not_(condition), then)


def xor_(x, y):
    x, y = _constant_last(x, y)
    if is_const(y):
        if is_const(x):
            return const(value_of(x) ^ value_of(y), x.width)
        if value_of(y) == 0:
            return x
        if value_of(y) == (1 << x.width) - 1:
            return not_(x)
    return const(0, x.width) if x is y else make("xor", x.width, x, y)


def add(x, y):
    if is_const(x):
        x, y = y, x
    if is_const(y):
        if is_const(x):
            return const(value_of(x) + value_of(y), x.width)
        if value_of(y) == 0:
            return x
        if x.operator == "add" and is_const(x.arguments[1]):
            return add(x.arguments[0], const(value_of(x.arguments[1]) + value_of(y), x.width))
        if x.operator == "ite" and is_const(x.arguments[1]) and is_const(x.arguments[2]):
            return ite(x.arguments[0], add(x.arguments[1], y), add(x.arguments[2], y))
    return make("add", x.width, x, y)


def sub(x, y):
    if is_const(y):
        return add(x, const(-value_of(y), x.width))
    return const(0, x.width) if x is y else make("sub", x.width, x, y)


def mul(x, y):
    if is_const(x):
        x, y = y, x
    if is_const(y):
        if is_const(x):
            return const(value_of(x) * value_of(y), x.width)
        if value_of(y) == 0:
            return y
        if value_of(y) == 1:
            return x
        if x.operator == "ite" and is_const(x.arguments[1]) and is_const(x.arguments[2]):
            return ite(x.arguments[0], mul(x.arguments[1], y), mul(x.arguments[2], y))
    return make("mul", x.width, x, y)


def shift(operator, x, count):
    """Shifts `x` by a term of the same width: "shl", "lshr" or "ashr"."""
    if not is_const(count):
        return make(operator, x.width, x, count)
    places = value_of(count)
    if places == 0:
        return x
    if operator == "ashr":
        places = min(places, x.width - 1)
        return sign_extend(extract(x, x.width - 1, places), x.width)
    if places >= x.width:
        return const(0, x.width)
    if operator == "shl":
        return concat(extract(x, x.width - 1 - places, 0), const(0, places))
    return zero_extend(extract(x, x.width - 1, places), x.width)


def zero_extend(x, width):
    return x if width == x.width else concat(const(0, width - x.width), x)


def sign_extend(x, width):
    if width == x.width:
        return x
    return const(signed(value_of(x), x.width), width) if is_const(x) else make("sext", width, x)


def concat(high, low):
    """Puts `high` before `low`. Neighbours of one term become one part again, and the nesting is to the right."""
    width = high.width + low.width
    if is_const(high) and is_const(low):
        return const(value_of(high) << low.width | value_of(low), width)
    nearest = low.arguments[0] if low.operator == "concat" else low
    joined = _joined(high, nearest)
    if joined is not None:
        return concat(joined, low.arguments[1]) if low.operator == "concat" else joined
    if high.operator == "concat":
        return concat(high.arguments[0], concat(high.arguments[1], low))
    return make("concat", width, high, low)


def _joined(high, low):
    if is_const(high) and is_const(low):
        return const(value_of(high) << low.width | value_of(low), high.width + low.width)
    if high.operator == low.operator == "extract" and high.arguments[0] is low.arguments[0]:
        if high.arguments[2] == low.arguments[1] + 1:
            return extract(high.arguments[0], high.arguments[1], low.arguments[2])
    return None


def from_lanes(lanes):
    """The term whose lowest bits are the first lane."""
    result = lanes[-1]
    for lane in reversed(lanes[:-1]):
        result = concat(result, lane)
    return result


def to_lanes(x, width):
    return [extract(x, low + width - 1, low) for low in range(0, x.width, width)]


def extract(x, high, low):
    """The bits from `low` up to and with `high`."""
    if high - low + 1 == x.width:
        return x
    if is_const(x):
        return const(value_of(x) >> low, high - low + 1)
    operator, arguments = x.operator, x.arguments
    if operator == "concat":
        upper, lower = arguments
        if high < lower.width:
            return extract(lower, high, low)
        if low >= lower.width:
            return extract(upper, high - lower.width, low - lower.width)
        return concat(extract(upper, high - lower.width, 0), extract(lower, lower.width - 1, low))
    if operator == "extract":
        return extract(arguments[0], high + arguments[2], low + arguments[2])
    if operator == "sext" and high < arguments[0].width:
        return extract(arguments[0], high, low)
    if operator in ("and", "or", "xor", "not"):
        return BUILDERS[operator](*(extract(argument, high, low) for argument in arguments))
    if operator == "ite":
        return ite(arguments[0], extract(arguments[1], high, low), extract(arguments[2], high, low))
    if low == 0 and operator in ("add", "sub", "mul"):
        return BUILDERS[operator](*(extract(argument, high, 0) for argument in arguments))
    return make("extract", high - low + 1, x, high, low)


def ite(condition, x, y):
    """`x` if the condition holds, otherwise `y`."""
    if is_const(condition):
        return x if value_of(condition) else y
    if condition.operator == "not":
        condition, x, y = condition.arguments[0], y, x
    if x.width == 1 and x is not y:
        if is_const(x) and is_const(y):
            return condition if value_of(x) else not_(condition)
        if is_const(x):
            return or_(condition, y) if value_of(x) else and_(not_(condition), y)
        if is_const(y):
            return or_(not_(condition), x) if value_of(y) else and_(condition, x)
    if x.operator == "ite" and x.arguments[0] is condition:
        x = x.arguments[1]
    if y.operator == "ite" and y.arguments[0] is condition:
        y = y.arguments[2]
    return x if x is y else make("ite", x.width, condition, x, y)


def eq(x, y):
    x, y = _constant_last(x, y)
    if x is y:
        return TRUE
    if not is_const(y):
        return make("eq", 1, x, y)
    wanted, operator, arguments = value_of(y), x.operator, x.arguments
    if is_const(x):
        return const(value_of(x) == wanted, 1)
    if x.width == 1:
        return x if wanted else not_(x)
    if operator == "concat":
        low = arguments[1].width
        return and_(eq(arguments[0], const(wanted >> low, x.width - low)), eq(arguments[1], const(wanted, low)))
    if operator == "ite" and (is_const(arguments[1]) or is_const(arguments[2])):
        return ite(arguments[0], eq(arguments[1], y), eq(arguments[2], y))
    if operator == "sext":
        inner = const(wanted, arguments[0].width)
        return eq(arguments[0], inner) if sign_extend(inner, x.width) is y else FALSE
    if operator == "add" and is_const(arguments[1]):
        return eq(arguments[0], const(wanted - value_of(arguments[1]), x.width))
    if operator == "xor" and is_const(arguments[1]):
        return eq(arguments[0], const(wanted ^ value_of(arguments[1]), x.width))
    if operator == "not":
        return eq(arguments[0], const(~wanted, x.width))
    return make("eq", 1, x, y)


def ult(x, y):
    """Whether `x` is less than `y`, both unsigned."""
    if is_const(x) and is_const(y):
        return const(value_of(x) < value_of(y), 1)
    if x is y or (is_const(y) and value_of(y) == 0):
        return FALSE
    if is_const(y) and x.operator == "concat" and is_const(x.arguments[0]):
        high, low = value_of(x.arguments[0]), x.arguments[1]
        bound = value_of(y) >> low.width
        return ult(low, const(value_of(y), low.width)) if high == bound else const(high < bound, 1)
    if is_const(x) and y.operator == "concat" and is_const(y.arguments[0]):
        high, low = value_of(y.arguments[0]), y.arguments[1]
        bound = value_of(x) >> low.width
        return ult(const(value_of(x), low.width), low) if high == bound else const(bound < high, 1)
    if x.operator == "ite" and is_const(y) and is_const(x.arguments[1]) and is_const(x.arguments[2]):
        return ite(x.arguments[0], ult(x.arguments[1], y), ult(x.arguments[2], y))
    return make("ult", 1, x, y)


def ule(x, y):
    return not_(ult(y, x))


def slt(x, y):
    """Whether `x` is less than `y`, both signed."""
    if is_const(x) and is_const(y):
        return const(signed(value_of(x), x.width) < signed(value_of(y), y.width), 1)
    return FALSE if x is y else make("slt", 1, x, y)


def all_of(conditions):
    result = TRUE
    for condition in conditions:
        result = and_(result, condition)
    return result


def any_of(conditions):
    result = FALSE
    for condition in conditions:
        result = or_(result, condition)
    return result


BUILDERS = {
    "not": not_, "and": and_, "or": or_, "xor": xor_, "add": add, "sub": sub, "mul": mul,
    "concat": concat, "ite": ite, "eq": eq, "ult": ult, "slt": slt, "extract": extract,
    **{operator: (lambda operator: lambda x, n: shift(operator, x, n))(operator) for operator in ("shl", "lshr", "ashr")},
}
