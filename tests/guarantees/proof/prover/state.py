"""The state of a processor on one path: registers, memory and the conditions of the path."""

import archinfo

from .terms import TRUE, all_of, extract, from_lanes, ite, or_, var, zero_extend

ARCHITECTURE = archinfo.ArchAMD64()
GENERAL = ("rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15")
FLAGS = ("cc_op", "cc_dep1", "cc_dep2", "cc_ndep")
# What the System V ABI lets a function change, and what it must restore.
CHANGED = ("rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11")
RESTORED = ("rbx", "rbp", "r12", "r13", "r14", "r15")
ARGUMENTS = ("rdi", "rsi", "rdx", "rcx", "r8", "r9")
PLACES = {name: ARCHITECTURE.registers[name][0] for name in (*GENERAL, *FLAGS, "d")}
NAMES = {place: name for name, place in PLACES.items()}
# The widest register in bytes.
WIDEST = 16

_fresh = 0


def fresh(what, width):
    """A variable that nothing is known of."""
    global _fresh
    _fresh += 1
    return var(f"{what} {_fresh}", width)


class State:
    """`registers` maps places in VEX's state to terms, and `memory` maps addresses to bytes that the path has written."""

    __slots__ = ("address", "registers", "memory", "path", "calls", "deepest", "known", "writes")

    def __init__(self, address, path, calls):
        self.address, self.path, self.calls = address, list(path), calls
        self.registers, self.memory, self.known = {}, {}, {}
        # The furthest byte of the first value that was read: an order in which paths are continued.
        self.deepest, self.writes = -1, False

    def copy(self):
        other = State(self.address, self.path, self.calls)
        other.registers, other.memory, other.known = dict(self.registers), dict(self.memory), dict(self.known)
        other.deepest, other.writes = self.deepest, self.writes
        return other

    def get(self, place, width):
        """A register or a part of one."""
        term = self.registers.get(place)
        if term is not None and term.width == width:
            return term
        return from_lanes([self._byte(place + index) for index in range(width // 8)])

    def named(self, name, width=64):
        return self.get(PLACES[name], width)

    def set_named(self, name, term):
        self.put(PLACES[name], term)

    def _byte(self, place):
        for start in range(place, place - WIDEST, -1):
            term = self.registers.get(start)
            if term is not None:
                low = (place - start) * 8
                if low < term.width:
                    return extract(term, low + 7, low)
                break
        return var(f"register {place}", 8)

    def put(self, place, term):
        term = zero_extend(term, 8) if term.width == 1 else term
        end = place + term.width // 8
        for start in range(place - WIDEST + 1, end):
            old = self.registers.get(start)
            if old is None or start + old.width // 8 <= place or (start == place and old.width == term.width):
                continue
            del self.registers[start]
            for index in range(old.width // 8):
                if not place <= start + index < end:
                    self.registers[start + index] = extract(old, index * 8 + 7, index * 8)
        self.registers[place] = term

    def bytes_of_registers(self):
        """Every register as single bytes."""
        return {
            place + index: extract(term, 8 * index + 7, 8 * index)
            for place, term in self.registers.items()
            for index in range(term.width // 8)
        }


def join(first, second, live, byte_of):
    """One state for two paths that meet. `live` names the registers that are still read; the others become unknown.

    `byte_of(state, address)` reads memory.
    """
    common = 0
    for x, y in zip(first.path, second.path):
        if x is not y:
            break
        common += 1
    choice, other = all_of(first.path[common:]), all_of(second.path[common:])
    if live is not None:
        for name in (*GENERAL, *FLAGS):
            if name not in live and name != "rsp" and first.named(name) is not second.named(name):
                unknown = fresh(f"dead {name}", 64)
                first.set_named(name, unknown)
                second.set_named(name, unknown)
    joined = first.copy()
    either = or_(choice, other)
    joined.path = first.path[:common] + ([] if either is TRUE else [either])
    joined.registers = _joined_registers(first, second, choice)
    joined.memory = {}
    for address in first.memory.keys() | second.memory.keys():
        x, y = first.memory.get(address), second.memory.get(address)
        joined.memory[address] = x if x is y else ite(choice, byte_of(first, address), byte_of(second, address))
    joined.known = {key: number for key, number in first.known.items() if second.known.get(key) == number}
    joined.writes, joined.deepest = first.writes or second.writes, max(first.deepest, second.deepest)
    return joined


def _joined_registers(first, second, choice):
    x, y = first.registers, second.registers
    if x.keys() == y.keys() and all(x[place].width == y[place].width for place in x):
        return {place: ite(choice, x[place], y[place]) for place in x}
    result = State(0, (), ())
    for place in first.bytes_of_registers().keys() | second.bytes_of_registers().keys():
        result.registers[place] = ite(choice, first.get(place, 8), second.get(place, 8))
    for name in (*GENERAL, *FLAGS):
        result.set_named(name, ite(choice, first.named(name), second.named(name)))
    return result.registers
