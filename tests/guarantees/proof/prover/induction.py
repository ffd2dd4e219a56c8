"""Loops whose count is not known: an invariant is guessed, and proved by induction over the rounds.

A round begins at the first block of a loop. Its number is a variable, `round`. A register that a round changes by a
constant is its value on arrival and that many constants; any other that is changed is unknown. Of the guessed conditions,
those remain that hold on arrival and, if all that remain hold, again after a round. They are the invariant. A wrong guess
can make a proof fail, and nothing else.
"""

from .analysis import substitute, variables
from .image import Unsupported
from .machine import FIRST_VECTOR, Violation
from .state import FLAGS, GENERAL, PLACES, fresh
from .terms import add, all_of, and_, any_of, const, eq, implies, is_const, mul, not_, shift, signed, sub, ule, value_of

VECTORS = {FIRST_VECTOR + 32 * index: 128 for index in range(16)}
UNITS = {PLACES[name]: 64 for name in (*GENERAL, *FLAGS)} | VECTORS
# Rounds of a loop without an end. A number of rounds below this is finite.
ENDLESS = const(1 << 63, 64)
MOST_PATHS = 2_000


class Induction:
    """`facts(value)` is what the claim expects of a byte that was passed, and `marks(value, vector)` what a vector of the
    code may have recorded of it."""

    def __init__(self, explorer, facts, marks):
        self.explorer, self.machine, self.facts, self.marks = explorer, explorer.machine, facts, marks
        self.value = self.machine.value
        # For each loop: on arrival, in some round the invariant holds and a path leaves.
        self.assumptions = []

    def leave(self, entry, blocks):
        """The states in which a loop is left, after any number of rounds."""
        head, value = Head(entry), self.value
        ends = [read for read in value.reads if variables(read[0], 1) == [value.length]]
        back, inside = self._probe(head, blocks)
        invariant = self._kept(head, back, self._guesses(head, back, ends, inside))
        return self._prove(head, blocks, back, invariant)

    def _probe(self, head, blocks):
        """Learns what a round changes. Returns the states after a round, more than are possible, and what a round reads."""
        self.machine.probing, reads = True, self.value.reads
        while head.learn(self._round(head.state(), blocks)[0]):
            pass
        head.count_rounds(self._round(head.state(), blocks)[0])
        self.value.reads = inside = []
        back, _ = self._round(head.state(), blocks)
        self.machine.probing, self.value.reads = False, [*reads, *inside]
        return back, inside

    def _round(self, start, blocks):
        """All paths from the first block: those that come back to it, and those that leave the loop."""
        first, calls = start.address, start.calls
        back, left, waiting = [], [], [start]
        for _ in range(MOST_PATHS):
            if not waiting:
                return back, left
            for state in self.explorer.step(waiting.pop()):
                if any(is_const(condition) and not value_of(condition) for condition in state.path):
                    continue
                if state.calls != calls or state.address not in blocks:
                    left.append(state)
                else:
                    (back if state.address == first else waiting).append(state)
        raise Unsupported(f"a loop of more than {MOST_PATHS} paths in {self.machine.image.place(first)}")

    # Guesses.

    def _guesses(self, head, back, ends, inside):
        value, state = self.value, head.state()
        guesses = [ule(head.round, value.length)]
        fixed = {state.get(place, 64) for place in UNITS if place not in VECTORS and place not in head.changed}
        for place, step in head.steps.items():
            for end in [const(0, 64), value.length, *(term for term in fixed if not is_const(term))]:
                left = sub(end, state.get(place, 64)) if step > 0 else sub(state.get(place, 64), end)
                guesses += [ule(left, value.length), not_(eq(left, const(0, 64)))]
                guesses.append(eq(and_(left, const(abs(step) - 1, 64)), const(0, 64)))
        for offset, size in inside:
            guesses += [ule(offset, value.length), value.fits(offset, size)]
        passed = [value.is_before(offset) for offset, _ in inside]
        guesses += [implies(guard, fact) for guard in passed for fact in self.facts(value)]
        for guard in [*passed, *(value.was_read(*read) for read in ends)]:
            guesses += [implies(guard, mark) for vector in head.vectors(back) for mark in self.marks(value, vector)]
        return [guess for guess in dict.fromkeys(guesses) if not is_const(guess)]

    def _kept(self, head, back, guesses):
        """The guesses that hold on arrival and again after each round."""
        kept = self._without_refuted(guesses, head.entry.path, lambda guess: substitute(guess, head.on_arrival()), fixed=True)
        before = None
        while kept != before:
            before = kept
            for state in back:
                after = head.after(state)
                kept = self._without_refuted(kept, state.path, lambda guess: substitute(guess, after))
        return kept

    def _without_refuted(self, kept, path, becomes, fixed=False):
        """Asks for a case in which a guess becomes false until there is none. `fixed` guesses are not assumed."""
        while kept:
            now = [becomes(guess) for guess in kept]
            conditions = [*path, *([] if fixed else kept), not_(all_of(now))]
            found = self.machine.solver.example(conditions, now)
            if found is None:
                return kept
            kept = [guess for guess, holds in zip(kept, found) if holds]
        return kept

    # The proof.

    def _prove(self, head, blocks, back, invariant):
        for state in back:
            self._require([not_(head.is_again(state))], "a register or memory does not change as expected")
        start = head.state()
        start.path += invariant
        self._require([*start.path, ule(ENDLESS, head.round)], "a loop may not end")
        known = len(start.path)
        back, left = self._round(start.copy(), blocks)
        taken, exits = ([all_of(state.path[known:]) for state in states] for states in (back, left))
        lost = [*start.path, not_(any_of([*taken, *exits]))]
        if not self.machine.solver.is_impossible(lost):
            raise Violation("a path was lost in a loop", lost)
        self.assumptions.append(implies(all_of(head.entry.path), and_(all_of(invariant), any_of(exits))))
        return left

    def _require(self, broken, what):
        if self.machine.solver.can_hold(broken):
            raise Violation(what, broken)


class Head:
    """The state at the first block of a loop, in any round. `changed` are variables for what a round changes."""

    def __init__(self, entry):
        self.entry, self.round = entry, fresh("round", 64)
        # By place in VEX's state, or by address in memory.
        self.changed, self.memory = {}, {}
        # Registers that a round changes by a constant.
        self.steps = {}

    def state(self):
        state = self.entry.copy()
        for place, term in self.changed.items():
            state.put(place, self._counted(place) if place in self.steps else term)
        state.memory.update(self.memory)
        return state

    def _counted(self, place):
        step, before = self.steps[place], self.entry.get(place, 64)
        size = abs(step)
        is_power = size & (size - 1) == 0
        # The solver is faster with a shift than with a product.
        change = shift("shl", self.round, const(size.bit_length() - 1, 64)) if is_power else mul(self.round, const(size, 64))
        return add(before, change) if step > 0 else sub(before, change)

    def learn(self, back):
        """Makes what a round has changed unknown. Returns whether this was anything new."""
        state, known = self.state(), len(self.changed) + len(self.memory)
        for after in back:
            for place, width in _units(after).items():
                if place not in self.changed and after.get(place, width) is not state.get(place, width):
                    self.changed[place] = fresh("changed", width)
            for address, byte in after.memory.items():
                if address not in self.memory and byte is not state.memory.get(address):
                    self.memory[address] = fresh("changed", 8)
        return len(self.changed) + len(self.memory) > known

    def count_rounds(self, back):
        for place, before in self.changed.items():
            found = {_step(before, state.get(place, before.width)) for state in back}
            if place in UNITS and before.width == 64 and len(found) == 1 and None not in found:
                self.steps[place] = found.pop()

    def vectors(self, back):
        """The variables for vectors on which a state after a round depends."""
        used = set()
        for state in back:
            for place in VECTORS:
                used |= {term.number for term in variables(state.get(place, 128), 1 << 20)}
        return [self.changed[place] for place in VECTORS if place in self.changed and self.changed[place].number in used]

    def on_arrival(self):
        """What the variables are on arrival."""
        return self._values(self.entry, const(0, 64))

    def after(self, state):
        """What the variables are in the next round."""
        return self._values(state, add(self.round, const(1, 64)))

    def _values(self, state, round_):
        found = {term.number: state.get(place, term.width) for place, term in self.changed.items()}
        found |= {term.number: state.memory[address] for address, term in self.memory.items() if address in state.memory}
        return found | {self.round.number: round_}

    def is_again(self, state):
        """Whether a state after a round is one that the head stands for in the next round, but for the invariant."""
        after, head, conditions = self.after(state), self.state(), []
        for place, width in _units(state).items():
            if place not in self.changed or place in self.steps:
                conditions.append(eq(state.get(place, width), substitute(head.get(place, width), after)))
        for address, byte in state.memory.items():
            if address not in self.memory:
                conditions.append(eq(byte, head.memory[address]) if address in head.memory else const(0, 1))
        return all_of(conditions)


def _units(state):
    """The places of registers with their widths: whole ones, and single bytes of all others."""
    inside = {place + index for place, width in UNITS.items() for index in range(width // 8)}
    return UNITS | {place: 8 for place in state.bytes_of_registers() if place not in inside}


def _step(before, after):
    """The constant that was added to a variable, or None."""
    if after.operator == "add" and after.arguments[0] is before and is_const(after.arguments[1]):
        return signed(value_of(after.arguments[1]), 64)
    return None
