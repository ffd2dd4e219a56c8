"""Asks Bitwuzla whether conditions can hold together."""

import bitwuzla
from bitwuzla import Kind

from .analysis import skeleton
from .terms import FALSE, TRUE, all_of, is_const

KINDS = {
    "not": Kind.BV_NOT, "and": Kind.BV_AND, "or": Kind.BV_OR, "xor": Kind.BV_XOR, "add": Kind.BV_ADD, "sub": Kind.BV_SUB,
    "mul": Kind.BV_MUL, "concat": Kind.BV_CONCAT, "shl": Kind.BV_SHL, "lshr": Kind.BV_SHR, "ashr": Kind.BV_ASHR,
    "eq": Kind.EQUAL, "ult": Kind.BV_ULT, "slt": Kind.BV_SLT,
}
COMPARISONS = ("eq", "ult", "slt")
# A solver keeps what it learned from every question. After this many it is replaced, to bound its memory.
QUESTIONS_PER_SOLVER = 400


class Undecided(Exception):
    """The solver gave neither answer."""


class Solver:
    def __init__(self):
        self.manager, self.terms, self.answers = bitwuzla.TermManager(), {}, {}
        self.one, self.zero = (self.manager.mk_bv_value(self.manager.mk_bv_sort(1), bit) for bit in (1, 0))
        self.asked = self.questions = 0
        self._renew()

    def _renew(self):
        options = bitwuzla.Options()
        options.set(bitwuzla.Option.PRODUCE_MODELS, True)
        self.engine, self.asked = bitwuzla.Bitwuzla(self.manager, options), 0

    def _translate(self, term):
        waiting = [term]
        while waiting:
            top = waiting[-1]
            missing = [child for child in top.children() if child.number not in self.terms]
            if top.number not in self.terms and missing:
                waiting += missing
                continue
            if top.number not in self.terms:
                self.terms[top.number] = self._made(top, [self.terms[child.number] for child in top.children()])
            waiting.pop()
        return self.terms[term.number]

    def _made(self, term, children):
        manager, operator, arguments = self.manager, term.operator, term.arguments
        if operator == "const":
            return manager.mk_bv_value(manager.mk_bv_sort(term.width), arguments[0])
        if operator == "var":
            return manager.mk_const(manager.mk_bv_sort(term.width), arguments[0])
        if operator == "extract":
            return manager.mk_term(Kind.BV_EXTRACT, children, list(arguments[1:]))
        if operator == "sext":
            return manager.mk_term(Kind.BV_SIGN_EXTEND, children, [term.width - arguments[0].width])
        if operator == "ite":
            return manager.mk_term(Kind.ITE, [self._holds(children[0]), *children[1:]])
        made = manager.mk_term(KINDS[operator], children)
        return manager.mk_term(Kind.ITE, [made, self.one, self.zero]) if operator in COMPARISONS else made

    def _holds(self, truth):
        return self.manager.mk_term(Kind.EQUAL, [truth, self.one])

    def can_hold(self, conditions):
        """Whether all conditions can hold together."""
        key = frozenset(condition.number for condition in conditions)
        if key not in self.answers:
            self.answers[key] = self.example(conditions, ()) is not None
        return self.answers[key]

    def is_impossible(self, conditions):
        """Whether the conditions cannot hold together. Their skeleton is mostly enough to tell."""
        return not self.can_hold([skeleton(all_of(conditions))]) or not self.can_hold(conditions)

    def example(self, conditions, terms):
        """Numbers for `terms` with which all conditions hold, or None if they never do."""
        if FALSE in conditions:
            return None
        if self.asked >= QUESTIONS_PER_SOLVER:
            self._renew()
        self.asked, self.questions = self.asked + 1, self.questions + 1
        conditions = [self._holds(self._translate(condition)) for condition in conditions if condition is not TRUE]
        answer = self.engine.check_sat(*conditions)
        if answer == bitwuzla.Result.UNSAT:
            return None
        if answer != bitwuzla.Result.SAT:
            raise Undecided("the solver gave up")
        return [
            term.arguments[0] if is_const(term) else int(self.engine.get_value(self._translate(term)).value(2), 2)
            for term in terms
        ]
