"""A claim on a function: in every end of every path it holds, and the paths together cover every input."""

import sys
import threading
import time

from .explore import Explorer
from .induction import Induction
from .machine import Machine, Violation
from .terms import all_of, any_of, const, eq, extract, from_lanes, not_, var
from .value import AnyValue

sys.setrecursionlimit(1_000_000)
# Where the arguments of a function are, apart from each other.
VALUE, OUTPUT, SECOND, THIRD, FOURTH = 0x2000_0000, 0x3000_0000, 0x4000_0000, 0x5000_0000, 0x6000_0000


def symbolic(name, count):
    return [var(f"{name}{index}", 8) for index in range(count)]


def words(*numbers):
    """Numbers or terms of 64 bits, as bytes in memory."""
    terms = [const(number, 64) if isinstance(number, int) else number for number in numbers]
    return [extract(term, low + 7, low) for term in terms for low in range(0, 64, 8)]


class Scene:
    """The memory that a function is called with."""

    def __init__(self, image):
        self.image, self.readable, self.writable, self.inputs = image, [], [], {}
        self.value = None

    def place(self, address, content, size=None, writable=False):
        """Puts bytes at an address. `size` is a term if the function is told fewer or more than these."""
        content = [const(byte, 8) if isinstance(byte, int) else byte for byte in content]
        self.inputs.update((address + index, byte) for index, byte in enumerate(content))
        place = (address, len(content) if size is None else size)
        self.readable.append(place)
        if writable:
            self.writable.append(place)
        return address

    def place_any(self, length):
        """Puts a value of any length at VALUE."""
        self.value = AnyValue(VALUE, length)
        return self.value

    def machine(self, lazy=False):
        return Machine(self.image, self.readable, self.writable, self.inputs, lazy, VALUE, self.value)


class End:
    """What a function has done on one path: its result and the memory after it."""

    def __init__(self, machine, state):
        self.machine, self.state = machine, state
        self.status = state.named("rax", 32)

    def bytes(self, address, count):
        return [self.machine.byte(self.state, address + index) for index in range(count)]

    def number(self, address, size):
        return from_lanes(self.bytes(address, size))

    def verdict(self, address):
        """Status and offset of a `tracebaton_verdict_t`, as the specification gives them."""
        return from_lanes([self.number(address + 4, 4), self.number(address, 4)])


def same(left, right):
    return all_of(map(eq, left, right)) if len(left) == len(right) else const(0, 1)


class Outcome:
    """`example` is None if the claim was proved; otherwise input bytes, with what the code and the claim make of them.

    If it is not `exact`, an induction has failed: the code may be wrong, or the guesses were not enough.
    """

    def __init__(self, reason, example, machine, explorer, seconds):
        self.exact = explorer.induction is None
        self.reason, self.example, self.seconds = reason, example, seconds
        self.steps, self.questions, self.operations = explorer.steps, machine.solver.questions, machine.operations
        self.ends = []

    @property
    def proved(self):
        return self.reason is None


def prove(scene, function, arguments, claim, shown, path=(), lazy=False, key=lambda end: None, most_steps=400_000, joins_calls=False, expected=None):
    """Explores `function` and checks `claim(end)` in every end.

    `shown` are the bytes of a counterexample, then its length as a term of 64 bits or a number. With a value of any
    length, loops are proved by induction, and `expected` are its facts and marks.
    """
    started, machine = time.process_time(), scene.machine(lazy)
    explorer = Explorer(machine, lambda state: key(End(machine, state)), most_steps, joins_calls)
    if scene.value:
        explorer.induction = Induction(explorer, *expected)

    def outcome(reason, conditions, end=None):
        content, length = shown
        length = const(length, 64) if isinstance(length, int) else length
        status = end.status if end else const(0, 32)
        found = machine.solver.example(conditions, [length, status, *content]) if conditions is not None else None
        example = None if found is None else (bytes(found[2 : 2 + min(found[0], len(content))]), found[0], found[1])
        return Outcome(reason, example, machine, explorer, time.process_time() - started)

    try:
        states = explorer.run(function, arguments, path)
        ends = [End(machine, state) for state in states]
        for end in ends:
            broken = [*end.state.path, not_(claim(end))]
            if machine.solver.can_hold(broken):
                return outcome("the result is another one", broken, end)
        counts = explorer.induction.assumptions if explorer.induction else ()
        lost = [*path, *counts, not_(any_of(all_of(state.path) for state in states))]
        if not machine.solver.is_impossible(lost):
            return outcome("a path was lost", lost)
    except Violation as violation:
        return outcome(str(violation), violation.path or path)
    result = outcome(None, None)
    result.ends = ends
    return result


def with_large_stack(work):
    """Runs `work` in a thread whose stack is large enough for deep terms."""
    threading.stack_size(256 << 20)
    result = []

    def run():
        try:
            result.append((work(), None))
        except BaseException as error:  # It is raised again in the caller.
            result.append((None, error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    value, error = result[0]
    if error is not None:
        raise error
    return value
