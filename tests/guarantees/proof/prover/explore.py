"""Explores every path of a function. Paths that meet in one place are joined, so that their count stays small."""

import heapq

from .order import in_order, loops
from .machine import RETURN, STACK, Split, Violation
from .image import Unsupported
from .state import ARGUMENTS, CHANGED, FLAGS, GENERAL, NAMES, PLACES, RESTORED, State, join
from .terms import FALSE, const, eq, is_const, not_, or_, value_of, var

# More steps than any proof needs. Code that loops forever reaches it.
MOST_STEPS = 400_000


class Explorer:
    """`key_at_return` tells which ends are joined: those with the same key.

    With `joins_calls`, paths are also joined where an inner function returns, whatever it has left in memory.
    """

    def __init__(self, machine, key_at_return=lambda state: None, most_steps=MOST_STEPS, joins_calls=False):
        self.machine, self.key_at_return, self.most_steps = machine, key_at_return, most_steps
        self.joins_calls = joins_calls
        self.live, self.order, self.steps = {}, {}, 0
        # Blocks that a path was seen to jump to from a block, where the code does not name them; starts of functions.
        self.jumps, self.starts = {}, []
        self.pending, self.queue, self.pushed = {}, [], 0
        # Leaves loops after any number of rounds, if it is set.
        self.induction, self.loops = None, {}

    def run(self, function, arguments, path=()):
        """The states in which the function returns, at least one for each input."""
        image = self.machine.image
        if function not in image.symbols:
            raise Unsupported(f"the library has no function {function}")
        self._push(start_state(image.symbols[function], arguments, path))
        while self.queue:
            key = heapq.heappop(self.queue)[-1]
            state = self.pending.pop(key)
            self.steps += 1
            if self.steps > self.most_steps:
                raise Violation(f"{function} takes more than {self.most_steps} steps", state.path)
            depth, loop = len(state.calls), self.loops.get(state.address) if self.induction else None
            for after in self.induction.leave(state, loop) if loop else self.step(state):
                self._push(after, len(after.calls) < depth)
        ends = list(self.pending.values())
        for end in ends:
            self._check_restored(end)
        return ends

    def step(self, state):
        """The states after the block at which a state is."""
        before = state.copy()
        try:
            after = self.machine.run_block(state)
            self._learn_jump(before.address, state)
            return after
        except Split as split:
            after = []
            for number in split.numbers:
                is_number = eq(split.term, const(number, split.term.width))
                if not self.machine.may_hold([*before.path, is_number]):
                    continue
                part = before.copy()
                part.path.append(is_number)
                part.known[split.term.number] = number
                for place, term in list(part.registers.items()):
                    if term is split.term:
                        part.registers[place] = const(number, term.width)
                after += self.step(part)
            return after

    def _learn_jump(self, source, state):
        """Adds a jump through a table to the graph of blocks, from which the order of paths is made."""
        block = self.machine.block_at(source)
        known = self.jumps.setdefault(source, set())
        if self.joins_calls and block.jumpkind == "Ijk_Boring" and block.next.tag != "Iex_Const" and state.address not in known:
            known.add(state.address)
            self.order = {}
            for start in self.starts:
                self._analyse(start, again=True)

    def _check_restored(self, end):
        lost = not_(eq(end.named("rsp"), const(STACK + 8, 64)))
        for name in RESTORED:
            lost = or_(lost, not_(eq(end.named(name), var(f"initial {name}", 64))))
        if lost is not FALSE and self.machine.solver.can_hold([*end.path, lost]):
            raise Violation("a register that the function must restore has another value", [*end.path, lost])

    def _push(self, state, returned=False):
        if FALSE in state.path:
            return
        key = self._key(state, returned and self.joins_calls)
        if key in self.pending:
            live = None if state.address == RETURN else self.live[state.address]
            self.pending[key] = join(self.pending[key], state, live, self.machine.byte)
            return
        self.pending[key] = state
        self.pushed += 1
        if state.address != RETURN:
            heapq.heappush(self.queue, (self._rank(state), self.pushed, key))

    def _rank(self, state):
        """The order in which paths are continued: those that are furthest behind come first, so that others can join."""
        here = self.order.get(state.address, 0)
        if not self.joins_calls:
            return state.deepest, -len(state.calls), here
        return *(self.order.get(address, 0) - 0.5 for address in state.calls[1:]), here

    def _key(self, state, any_memory=False):
        """States with the same key are joined: at the same place, called from the same places, with the same constants."""
        if state.address == RETURN:
            return RETURN, self.key_at_return(state)
        live = self._live_at(state.address)
        constants = tuple(
            value_of(term) if is_const(term) else None for term in (state.named(name) for name in live)
        )
        if any_memory:
            return state.address, state.calls, constants
        pointer = value_of(state.named("rsp"))
        memory = [(at, value_of(byte)) for at, byte in state.memory.items() if is_const(byte) and at >= pointer]
        return state.address, state.calls, constants, tuple(sorted(memory))

    def _live_at(self, address):
        """The general registers that are read before they are written, from here on. A wrong guess only costs time."""
        if address not in self.live:
            known = any(address in found for found in self.jumps.values())
            if not known:
                self.starts.append(address)
            self._analyse(address)
        return self.live[address]

    def _analyse(self, start, again=False):
        uses, changes, following = {}, {}, {}
        waiting = [start]
        while waiting:
            address = waiting.pop()
            if address not in uses and self.machine.image.is_code(address):
                uses[address], changes[address], following[address] = _flow(self.machine.block_at(address))
                following[address] += self.jumps.get(address, ())
                waiting += following[address]
        live, changed = {address: set(used) for address, used in uses.items()}, True
        while changed:
            changed = False
            for address in reversed(list(uses)):
                after = set().union(*(live.get(next_, set()) for next_ in following[address]))
                now = uses[address] | (after - changes[address])
                changed, live[address] = changed or now != live[address], now
        if not again:
            self.live.update((address, tuple(sorted(names & set(PLACES)))) for address, names in live.items())
        for address, blocks in loops(list(uses), following).items():
            self.loops.setdefault(address, blocks)
        for rank, address in enumerate(in_order(list(uses), following)):
            self.order.setdefault(address, rank)


def start_state(address, arguments, path):
    """The state at the call of a function. What the ABI does not define is unknown."""
    state = State(address, path, (RETURN,))
    for name in GENERAL:
        state.set_named(name, var(f"initial {name}", 64))
    for name in FLAGS:
        state.set_named(name, const(0, 64) if name == "cc_op" else var(f"initial {name}", 64))
    state.set_named("rsp", const(STACK, 64))
    # The direction flag is clear: System V ABI, 3.2.1.
    state.set_named("d", const(1, 64))
    for index in range(8):
        state.memory[STACK + index] = const(RETURN >> 8 * index, 8)
    for name, argument in zip(ARGUMENTS, arguments):
        state.set_named(name, const(argument, 64) if isinstance(argument, int) else argument)
    return state


def _flow(block):
    """The registers that a block reads first, those that it writes, and the blocks after it."""
    used, written, following = set(), set(), []
    for statement in block.statements:
        for expression in statement.expressions:
            if expression.tag == "Iex_Get":
                names = {NAMES.get(expression.offset - index) for index in range(8)}
                used |= {name for name in names if name and name not in written}
        if statement.tag == "Ist_Put" and statement.offset in NAMES:
            written.add(NAMES[statement.offset])
        if statement.tag == "Ist_Exit" and statement.jk == "Ijk_Boring":
            following.append(statement.dst.value)
    if block.jumpkind == "Ijk_Call":
        used |= {name for name in ARGUMENTS if name not in written}
        following.append(block.addr + block.size)
        written |= set(CHANGED)
    elif block.jumpkind == "Ijk_Ret":
        used |= {name for name in (*RESTORED, "rax", "rdx", "rsp") if name not in written}
    elif block.next.tag == "Iex_Const":
        following.append(block.next.con.value)
    else:
        used |= set(GENERAL) - written
    return used, written, following
