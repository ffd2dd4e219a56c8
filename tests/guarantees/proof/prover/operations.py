"""The operations of VEX that the library's code needs. `check_operations.py` compares each with the processor."""

from .image import Unsupported
from .terms import (
    FALSE, TRUE, add, and_, concat, const, eq, extract, from_lanes, ite, mul, not_, or_, shift, sign_extend, slt,
    sub, to_lanes, ule, ult, xor_, zero_extend,
)  # fmt: skip


def lanewise(width, operation):
    return lambda x, y: from_lanes([operation(p, q) for p, q in zip(to_lanes(x, width), to_lanes(y, width))])


def mask(condition, width):
    """All ones if the condition holds, otherwise zeros."""
    return sign_extend(condition, width)


def saturate(x, least, most, width):
    """The nearest number from `least` to `most` in `width` bits. `x` is signed."""
    low, high = const(least, x.width), const(most, x.width)
    inside = ite(slt(high, x), const(most, width), extract(x, width - 1, 0))
    return ite(slt(x, low), const(least, width), inside)


def add_unsigned_saturated(x, y):
    total = add(x, y)
    return ite(ult(total, x), const(-1, x.width), total)


def subtract_unsigned_saturated(x, y):
    return ite(ult(x, y), const(0, x.width), sub(x, y))


def subtract_signed_saturated(x, y):
    wide = sub(sign_extend(x, x.width + 1), sign_extend(y, x.width + 1))
    return saturate(wide, -(1 << x.width - 1), (1 << x.width - 1) - 1, x.width)


def interleave(width, half):
    def operation(left, right):
        count = 128 // width // 2
        x, y = (to_lanes(operand, width)[half * count :][:count] for operand in (left, right))
        return from_lanes([lane for pair in zip(y, x) for lane in pair])

    return operation


def narrow(width, least, most):
    """Halves the lanes of both operands, with saturation."""
    return lambda left, right: from_lanes(
        [saturate(lane, least, most, width // 2) for operand in (right, left) for lane in to_lanes(operand, width)]
    )


def multiply_wide(extend):
    return lambda x, y: mul(extend(x, 2 * x.width), extend(y, 2 * y.width))


def shift_by_byte(operator):
    return lambda x, count: shift(operator, x, zero_extend(count, x.width) if count.width < x.width else count)


def shift_lanes(width, operator):
    def operation(x, count):
        wide = zero_extend(count, width) if count.width < width else extract(count, width - 1, 0)
        return from_lanes([shift(operator, lane, wide) for lane in to_lanes(x, width)])

    return operation


def _binary():
    table = {
        "Iop_ExpCmpNE64": lambda x, y: not_(eq(x, y)),
        "Iop_AndV128": and_, "Iop_OrV128": or_, "Iop_XorV128": xor_,
        "Iop_16HLto32": concat, "Iop_32HLto64": concat, "Iop_64HLtoV128": concat,
        "Iop_MullU32": multiply_wide(zero_extend), "Iop_MullU64": multiply_wide(zero_extend),
        "Iop_QNarrowBin16Sto8Ux16": narrow(16, 0, 255), "Iop_QNarrowBin16Sto8Sx16": narrow(16, -128, 127),
        "Iop_QNarrowBin32Sto16Sx8": narrow(32, -32768, 32767), "Iop_CmpGT8Sx16": lanewise(8, lambda x, y: mask(slt(y, x), 8)),
        "Iop_Max8Ux16": lanewise(8, lambda x, y: ite(ult(x, y), y, x)),
        "Iop_Min8Ux16": lanewise(8, lambda x, y: ite(ult(x, y), x, y)),
        "Iop_QAdd8Ux16": lanewise(8, add_unsigned_saturated), "Iop_QSub8Ux16": lanewise(8, subtract_unsigned_saturated),
        "Iop_QSub8Sx16": lanewise(8, subtract_signed_saturated), "Iop_Mul16x8": lanewise(16, mul),
    }  # fmt: skip
    for width in (8, 16, 32, 64):
        lanes = f"{width}x{128 // width}"
        table |= {
            f"Iop_Add{width}": add, f"Iop_Sub{width}": sub, f"Iop_And{width}": and_, f"Iop_Or{width}": or_,
            f"Iop_Xor{width}": xor_, f"Iop_CmpEQ{width}": eq, f"Iop_CmpNE{width}": lambda x, y: not_(eq(x, y)),
            f"Iop_Shl{width}": shift_by_byte("shl"), f"Iop_Shr{width}": shift_by_byte("lshr"),
            f"Iop_Add{lanes}": lanewise(width, add), f"Iop_Sub{lanes}": lanewise(width, sub),
            f"Iop_InterleaveLO{lanes}": interleave(width, 0), f"Iop_InterleaveHI{lanes}": interleave(width, 1),
        }  # fmt: skip
    for width in (8, 16, 32):
        table[f"Iop_CmpEQ{width}x{128 // width}"] = lanewise(width, lambda x, y: mask(eq(x, y), x.width))
    for width in (16, 32, 64):
        lanes = f"{width}x{128 // width}"
        table |= {
            f"Iop_ShlN{lanes}": shift_lanes(width, "shl"), f"Iop_ShrN{lanes}": shift_lanes(width, "lshr"),
            f"Iop_Mul{width}": mul,
        }  # fmt: skip
    for width in (32, 64):
        table |= {
            f"Iop_CmpLT{width}U": ult, f"Iop_CmpLE{width}U": ule, f"Iop_CmpLT{width}S": slt,
            f"Iop_CmpLE{width}S": lambda x, y: not_(slt(y, x)), f"Iop_Sar{width}": shift_by_byte("ashr"),
        }  # fmt: skip
    return table


def _part(high, low):
    return lambda x: extract(x, high, low)


def count_trailing_zeros(x):
    """VEX asks it only of values other than 0."""
    count = const(x.width, x.width)
    for bit in reversed(range(x.width)):
        count = ite(extract(x, bit, bit), const(bit, x.width), count)
    return count


def _unary():
    table = {
        "Iop_GetMSBs8x16": lambda x: from_lanes([extract(lane, 7, 7) for lane in to_lanes(x, 8)]),
        "Iop_32HIto16": _part(31, 16), "Iop_64HIto32": _part(63, 32), "Iop_128HIto64": _part(127, 64),
        "Iop_V128HIto64": _part(127, 64), "Iop_V128to64": _part(63, 0), "Iop_128to64": _part(63, 0), "Iop_NotV128": not_,
        "Iop_Ctz64": count_trailing_zeros,
        "Iop_32UtoV128": lambda x: zero_extend(x, 128), "Iop_64UtoV128": lambda x: zero_extend(x, 128),
    }  # fmt: skip
    for source, targets in ((1, (8, 64)), (8, (16, 32, 64)), (16, (32, 64)), (32, (64,))):
        for target in targets:
            table[f"Iop_{source}Uto{target}"] = lambda x, target=target: zero_extend(x, target)
            if source > 1:
                table[f"Iop_{source}Sto{target}"] = lambda x, target=target: sign_extend(x, target)
    for source, targets in ((32, (16,)), (64, (1, 8, 16, 32))):
        for target in targets:
            table[f"Iop_{source}to{target}"] = _part(target - 1, 0)
    for width in (8, 16, 32, 64):
        table[f"Iop_Not{width}"] = not_
    return table


BINARY, UNARY = _binary(), _unary()


def operation(table, name):
    if name not in table:
        raise Unsupported(f"the operation {name} is not known; add it to operations.py and instructions.py")
    return table[name]


# How VEX describes flags: the kind of the last operation, its operands, and the carry before it (guest_amd64_defs.h).
KINDS = ("add", "sub", "adc", "sbb", "logic", "inc", "dec", "shl", "shr", "rol", "ror", "umul", "smul")


def flags(kind, first, second, before):
    """The flags that the processor has after an operation, by their letters."""
    if kind == 0:
        return {letter: extract(first, place, place) for letter, place in PLACES.items()}
    name, width = KINDS[(kind - 1) // 4] if kind <= 4 * len(KINDS) else None, 8 << (kind - 1) % 4
    if name is None:
        raise Unsupported(f"flags of kind {kind}, in operations.py")
    if name in ("rol", "ror"):
        return _flags_of_rotation(name, extract(first, width - 1, 0), before)
    x, y, old = (extract(operand, width - 1, 0) for operand in (first, second, before))
    carried = zero_extend(extract(old, 0, 0), width) if name in ("adc", "sbb") else const(0, width)
    if name in ("adc", "sbb"):
        y = xor_(y, old)

    def top(term):
        return extract(term, width - 1, width - 1)

    if name in ("add", "adc"):
        result = add(add(x, y), carried)
        carry = ite(extract(carried, 0, 0), ule(result, x), ult(result, x))
        overflow = and_(not_(xor_(top(x), top(y))), xor_(top(x), top(result)))
    elif name in ("sub", "sbb"):
        result = sub(sub(x, y), carried)
        carry = ite(extract(carried, 0, 0), ule(x, y), ult(x, y))
        overflow = and_(xor_(top(x), top(y)), xor_(top(x), top(result)))
    elif name in ("umul", "smul"):
        result, extend = mul(x, y), zero_extend if name == "umul" else sign_extend
        product = mul(extend(x, 2 * width), extend(y, 2 * width))
        carry = overflow = not_(eq(product, extend(result, 2 * width)))
    else:
        result, carry, overflow = x, *_flags_of_result(name, x, y, old, width, top)
    auxiliary = {"inc": const(1, width), "dec": const(1, width)}.get(name, y)
    origin = {"inc": sub(x, const(1, width)), "dec": add(x, const(1, width))}.get(name, x)  # before the operation
    half = extract(xor_(xor_(result, origin), auxiliary), 4, 4) if name in ("add", "sub", "adc", "sbb", "inc", "dec") else FALSE
    parity = TRUE
    for place in range(8):
        parity = xor_(parity, extract(result, place, place))
    zero = eq(result, const(0, width))
    return {"c": carry, "p": parity, "a": half, "z": zero, "s": top(result), "o": overflow}


def _flags_of_result(name, result, operand, old, width, top):
    """Carry and overflow of an operation of which VEX keeps the result."""
    if name == "logic":
        return FALSE, FALSE
    if name == "inc":
        return extract(old, 0, 0), eq(result, const(1 << width - 1, width))
    if name == "dec":
        return extract(old, 0, 0), eq(result, const((1 << width - 1) - 1, width))
    carry = top(operand) if name == "shl" else extract(operand, 0, 0)
    return carry, xor_(top(operand), top(result))


def _flags_of_rotation(name, result, before):
    """A rotation changes carry and overflow alone."""
    found = {letter: extract(before, place, place) for letter, place in PLACES.items()}
    top, second = (extract(result, result.width - down, result.width - down) for down in (1, 2))
    found["c"] = extract(result, 0, 0) if name == "rol" else top
    found["o"] = xor_(top, found["c"] if name == "rol" else second)
    return found


PLACES = {"c": 0, "p": 2, "a": 4, "z": 6, "s": 7, "o": 11}


def all_flags(kind, first, second, before):
    found = flags(kind, first, second, before)
    result = const(0, 64)
    for letter, place in PLACES.items():
        result = or_(result, shift("shl", zero_extend(found[letter], 64), const(place, 64)))
    return result


def condition(code, kind, first, second, before):
    """A condition code of the processor, as in `jcc` and `setcc`. An odd code is the opposite of the one before it."""
    at = flags(kind, first, second, before)
    less = xor_(at["s"], at["o"])
    holds = (at["o"], at["c"], at["z"], or_(at["c"], at["z"]), at["s"], at["p"], less, or_(at["z"], less))[code >> 1]
    return not_(holds) if code & 1 else holds


def sum_of_differences(x, y):
    """`psadbw` of eight bytes."""
    total = const(0, 64)
    for p, q in zip(to_lanes(x, 8), to_lanes(y, 8)):
        total = add(total, zero_extend(ite(ult(p, q), sub(q, p), sub(p, q)), 64))
    return total
