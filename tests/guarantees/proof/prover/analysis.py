"""What a term depends on, and what single bytes may still be: most questions never reach the solver."""

from itertools import product
from math import prod

from .terms import BUILDERS, FALSE, TRUE, Term, and_, const, is_const, not_, or_, sign_extend, value_of, var


def substitute(term, replaced):
    """The term in which the terms with these numbers are replaced by others."""
    known, waiting = dict(replaced), [term]
    while waiting:
        top = waiting[-1]
        if top.number in known or is_const(top) or top.operator == "var":
            known.setdefault(top.number, top)
            waiting.pop()
            continue
        missing = [child for child in top.children() if child.number not in known]
        if missing:
            waiting += missing
            continue
        arguments = [known[a.number] if isinstance(a, Term) else a for a in top.arguments]
        build = BUILDERS.get(top.operator, lambda x: sign_extend(x, top.width))
        known[top.number] = build(*arguments)
        waiting.pop()
    return known[term.number]


def skeleton(term):
    """The term with a variable for each condition that is not made of others. It can hold if the term can."""
    replaced, seen, waiting = {}, set(), [term]
    while waiting:
        top = waiting.pop()
        if top.number in seen or is_const(top):
            continue
        seen.add(top.number)
        if top.operator in ("and", "or", "not"):
            waiting += top.children()
        else:
            replaced[top.number] = var(f"condition {top.number}", 1)
    return substitute(term, replaced)


def variables(term, limit):
    """The variables of a term, at most one more than `limit`."""
    seen, found, waiting = set(), [], [term]
    while waiting and len(found) <= limit:
        top = waiting.pop()
        if top.number not in seen:
            seen.add(top.number)
            if top.operator == "var":
                found.append(top)
            waiting += top.children()
    return found


def sources(term):
    """The terms of at most 8 bits, and the variables, through which a term depends on anything."""
    seen, found, waiting = set(), [], [term]
    while waiting:
        top = waiting.pop()
        if top.number in seen or is_const(top):
            continue
        seen.add(top.number)
        if top.operator == "var" or top.width <= 8:
            found.append(top)
        else:
            waiting += top.children()
    return found


def choices(term, limit=64):
    """Numbers that include all that a term can be, if it depends only on choices among numbers; otherwise None."""
    known, waiting = {}, [term]
    while waiting:
        top = waiting[-1]
        parts = top.arguments[1:] if top.operator == "ite" else top.children()
        missing = [part for part in parts if part.number not in known]
        if top.operator == "var":
            return None
        if missing:
            waiting += missing
            continue
        known[top.number] = _results(top, parts, [known[part.number] for part in parts], limit)
        if len(known[top.number]) > limit:
            return None
        waiting.pop()
    return sorted(known[term.number])


def _results(term, parts, numbers, limit):
    """The numbers that a term can be if its parts can be these numbers."""
    if is_const(term):
        return {value_of(term)}
    if term.operator == "ite":
        return numbers[0] | numbers[1]
    if prod(map(len, numbers)) > limit:
        return range(limit + 1)
    chosen = [{part.number: const(number, part.width) for part, number in zip(parts, choice)} for choice in product(*numbers)]
    return {value_of(substitute(term, choice)) for choice in chosen}


_tables, _domains = {}, {}


def _table(condition):
    """For a condition on one variable of at most 8 bits: the variable and the values that satisfy it, as a mask."""
    if condition.number not in _tables:
        found = variables(condition, 1)
        result = None
        if len(found) == 1 and found[0].width <= 8:
            mask = 0
            for value in range(1 << found[0].width):
                if substitute(condition, {found[0].number: const(value, found[0].width)}) is TRUE:
                    mask |= 1 << value
            result = (found[0].number, mask)
        _tables[condition.number] = result
    return _tables[condition.number]


def domain(condition):
    """Masks of values for variables. Every assignment that satisfies the condition is inside of them."""
    if condition.number in _domains:
        return _domains[condition.number]
    table, result, truth = _table(condition), {}, condition.width == 1
    if table is not None:
        result = {table[0]: table[1]}
    elif truth and condition.operator == "and":
        result = _both(*map(domain, condition.arguments))
    elif truth and condition.operator == "or":
        result = _either(*map(domain, condition.arguments))
    elif truth and condition.operator == "not" and condition.arguments[0].operator in ("and", "or"):
        x, y = map(not_, condition.arguments[0].arguments)
        result = domain(and_(x, y) if condition.arguments[0].operator == "or" else or_(x, y))
    _domains[condition.number] = result
    return result


def _both(x, y):
    return {variable: x.get(variable, -1) & y.get(variable, -1) for variable in x | y}


def _either(x, y):
    if 0 in x.values():
        return y
    if 0 in y.values():
        return x
    return {variable: mask | y[variable] for variable, mask in x.items() if variable in y}


def is_refuted(path):
    """Whether single bytes alone already make a path impossible."""
    masks = {}
    for condition in path:
        if condition is FALSE:
            return True
        for variable, mask in domain(condition).items():
            left = masks.get(variable, -1) & mask
            if left == 0:
                return True
            masks[variable] = left
    return False
