"""Executes machine code on terms: one block of VEX at a time, for all inputs of a path together."""

import pyvex

from .analysis import choices, is_refuted, sources, substitute
from .image import Unsupported
from .operations import BINARY, UNARY, all_flags, condition, flags, operation, sum_of_differences
from .solver import Solver
from .state import ARCHITECTURE, CHANGED, FLAGS, fresh
from .terms import (
    FALSE, TRUE, add, all_of, and_, any_of, const, eq, extract, from_lanes, is_const, ite, not_, or_, ule, ult, value_of, var,
    zero_extend,
)  # fmt: skip
from .value import SPACE

# Places in the address space of a proof: the caller's stack pointer and return address, and the size of the frames.
STACK, RETURN, STACK_SIZE = 0x7FFF_0000 - 8, 0xDEAD_0000, 0x4000
WIDTHS = {"Ity_I1": 1, "Ity_I8": 8, "Ity_I16": 16, "Ity_I32": 32, "Ity_I64": 64, "Ity_V128": 128, "Ity_I128": 128}
INSTRUCTIONS_PER_BLOCK = 60


class Violation(Exception):
    """The code does something that it must not do."""

    def __init__(self, what, path=()):
        super().__init__(what)
        self.path = path


class Split(Exception):
    """A term must be one number: the path is continued once with each."""

    def __init__(self, term, numbers):
        self.term, self.numbers = term, numbers


class Machine:
    """`readable` and `writable` list places as (address, size); a size is a number or a term of 64 bits.

    `inputs` maps addresses to bytes. Memory without an input is unknown. With `lazy`, the solver is not asked whether a
    branch is possible; impossible paths cost time and nothing else. `value` is a value of any length, or None.
    """

    def __init__(self, image, readable, writable, inputs, lazy=False, watched=0, value=None):
        self.image, self.inputs, self.lazy, self.watched, self.value = image, inputs, lazy, watched, value
        # While it is set, reads of the value are not checked, and impossible paths are followed.
        self.probing = False
        self.solver, self.blocks = Solver(), {}
        frames = (STACK - STACK_SIZE, STACK_SIZE)
        self.readable = [*readable, frames, (STACK, 8)]
        self.readable += [(s.address, len(s.data)) for s in image.segments if not s.writable]
        self.writable = [*writable, frames]
        self.operations = set()

    def block_at(self, address):
        if address not in self.blocks:
            if not self.image.is_code(address):
                raise Violation(f"jumps to {address:#x}, which is no code")
            code = self.image.bytes_at(address, 400)
            block = pyvex.lift(code, address, ARCHITECTURE, opt_level=1, max_inst=INSTRUCTIONS_PER_BLOCK)
            if block.jumpkind == "Ijk_NoDecode" or block.size == 0:
                raise Unsupported(f"an instruction that VEX does not know, in {self.image.place(address)}")
            self.blocks[address] = block
        return self.blocks[address]

    def may_hold(self, path):
        return not is_refuted(path) and (self.lazy or self.probing or self.solver.can_hold(path))

    # Memory.

    def number(self, state, term):
        """The number that a term is on this path, or None."""
        if is_const(term):
            return value_of(term)
        if term.number in state.known:
            return state.known[term.number]
        numbers = choices(term)
        if numbers is None:
            return None
        raise Split(term, numbers)

    def _require_inside(self, state, address, size, places, what):
        fits = FALSE
        for start, length in places:
            if isinstance(length, int):
                if start <= address and address + size <= start + length:
                    return
            elif address >= start:
                fits = or_(fits, ule(const(address - start + size, 64), length))
        path = [*state.path, not_(fits)]
        if not is_refuted(path) and self.solver.can_hold(path):
            where = self.image.place(state.address)
            raise Violation(f"{what} {size} bytes at {address:#x} in {where}, outside of what it may use", path)

    def byte(self, state, address):
        """The byte at an address that the code may read."""
        if address in state.memory:
            return state.memory[address]
        if address in self.inputs:
            return self.inputs[address]
        segment = self.image.segment(address)
        return const(segment.data[address - segment.address], 8) if segment else var(f"memory {address:#x}", 8)

    def load(self, state, address, width):
        at = self.number(state, address)
        if self.value and (self.value.start <= at < self.value.start + SPACE if at is not None else not _is_table(address)):
            return self._load_value(state, address, width // 8)
        if at is None:
            return self._load_from_table(state, address, width)
        self._require_inside(state, at, width // 8, self.readable, "reads")
        if self.watched and self.watched <= at < self.watched + (1 << 20):
            state.deepest = at - self.watched
        return from_lanes([self.byte(state, at + index) for index in range(width // 8)])

    def _load_value(self, state, address, size):
        offset = self.value.offset(address)
        outside = [*state.path, not_(self.value.fits(offset, size))]
        if not self.probing and self.solver.can_hold(outside):
            raise Violation(f"reads {size} bytes in {self.image.place(state.address)}, outside of the value", outside)
        return self.value.read(offset, size)

    def _one_source(self, state, term):
        found = sources(term)
        if len(found) != 1 or found[0].width > 8:
            raise Unsupported(f"the address {term} in {self.image.place(state.address)} depends on more than one byte")
        source = found[0]
        for value in range(1 << source.width):
            is_value = eq(source, const(value, source.width))
            yield is_value, value_of(substitute(term, {source.number: const(value, source.width)}))

    def _load_from_table(self, state, address, width):
        """A look-up whose index is one byte: a choice among the entries that the path can reach."""
        by_entry = {}
        for is_value, at in self._one_source(state, address):
            size = width // 8
            if not any(isinstance(n, int) and start <= at and at + size <= start + n for start, n in self.readable):
                if self.solver.can_hold([*state.path, is_value]):
                    self._require_inside(state, at, size, self.readable, "reads")
                continue
            entry = from_lanes([self.byte(state, at + index) for index in range(size)])
            by_entry.setdefault(entry.number, (entry, []))[1].append(is_value)
        return self._chosen(by_entry.values())

    def _chosen(self, entries):
        entries = sorted(entries, key=lambda entry: -len(entry[1]))
        result = entries[0][0]
        for entry, conditions in entries[1:]:
            result = ite(any_of(conditions), entry, result)
        return result

    def store(self, state, address, term):
        at = self.number(state, address)
        if at is None:
            raise Unsupported(f"a write at {address} in {self.image.place(state.address)}, which is not one address")
        self._require_inside(state, at, term.width // 8, self.writable, "writes")
        state.writes = state.writes or not STACK - STACK_SIZE <= at < STACK
        for index in range(term.width // 8):
            state.memory[at + index] = extract(term, index * 8 + 7, index * 8)

    # One block.

    def run_block(self, state):
        """The states after a block. Raises Split before it has changed what the caller keeps a copy of."""
        block = self.block_at(state.address)
        evaluation, after = Evaluation(self, state), []
        for statement in block.statements:
            if statement.tag == "Ist_Exit":
                guard = evaluation.of(statement.guard)
                taken = self._branch(state, guard, statement.dst.value)
                if taken is not None:
                    if statement.jk != "Ijk_Boring":
                        raise Violation(f"stops with {statement.jk} in {self.image.place(block.addr)}", taken.path)
                    after.append(taken)
                if guard is TRUE or (taken is not None and state.path and state.path[-1] is FALSE):
                    return after
            else:
                evaluation.do(statement)
        target = evaluation.of(block.next)
        state.address = self._target(state, target)
        self._follow_call(state, block)
        while state.address in self.image.imports:
            self._run_import(state, self.image.imports[state.address])
        return [*after, state]

    def _branch(self, state, guard, target):
        """The state that takes a branch, or None. The other one continues in `state`; its path ends in FALSE if it cannot."""
        if guard is FALSE:
            return None
        yes = guard is TRUE or self.may_hold([*state.path, guard])
        if not yes:
            return None
        no = guard is not TRUE and self.may_hold([*state.path, not_(guard)])
        taken = state.copy()
        taken.address = target
        if no:
            taken.path.append(guard)
        if guard is not TRUE:
            state.path.append(not_(guard) if no else FALSE)
        return taken

    def _target(self, state, target):
        address = self.number(state, target)
        if address is not None:
            return address
        by_target = {}
        for is_value, address in self._one_source(state, target):
            if self.solver.can_hold([*state.path, is_value]):
                by_target.setdefault(address, (const(address, 64), []))[1].append(is_value)
        return self.number(state, self._chosen(by_target.values()))

    def _follow_call(self, state, block):
        if block.jumpkind == "Ijk_Call":
            state.calls = (*state.calls, block.addr + block.size)
        elif block.jumpkind == "Ijk_Ret":
            if not state.calls or state.calls[-1] != state.address:
                raise Violation(f"returns to {state.address:#x}, from where it was not called", state.path)
            state.calls = state.calls[:-1]
        elif block.jumpkind != "Ijk_Boring":
            raise Violation(f"stops with {block.jumpkind} in {self.image.place(block.addr)}", state.path)

    def _run_import(self, state, name):
        """A model of an imported function: C17, 7.24, and bcmp of POSIX."""
        count = self.number(state, state.named("rdx"))
        target = self.number(state, state.named("rdi"))
        if count is None or target is None:
            raise Unsupported(f"a call of {name} in {self.image.place(state.address)} whose size or place is not one number")
        result = const(target, 64)
        if name == "memset":
            for index in range(count):
                self.store(state, const(target + index, 64), extract(state.named("rsi"), 7, 0))
        else:
            source = self.number(state, state.named("rsi"))
            if source is None:
                raise Unsupported(f"a call of {name} whose source is not one address")
            content = [self.load(state, const(source + index, 64), 8) for index in range(count)]
            if name == "bcmp":
                other = [self.load(state, const(target + index, 64), 8) for index in range(count)]
                same = all_of(map(eq, content, other))
                result = zero_extend(ite(same, const(0, 32), or_(fresh("bcmp", 32), const(1, 32))), 64)
            else:
                if name == "memcpy" and target < source + count and source < target + count:
                    raise Violation("calls memcpy with places that overlap", state.path)
                for index, byte in enumerate(content):
                    self.store(state, const(target + index, 64), byte)
        for register in (*CHANGED, *FLAGS):
            state.set_named(register, fresh(f"{name} {register}", 64))
        state.set_named("rax", result)
        for place in [place for place in state.registers if place >= FIRST_VECTOR]:
            del state.registers[place]
        for place in range(FIRST_VECTOR, LAST_VECTOR, 8):
            state.put(place, fresh(f"{name} vector", 64))
        pointer = value_of(state.named("rsp"))
        state.address = self.number(state, self.load(state, const(pointer, 64), 64))
        state.set_named("rsp", const(pointer + 8, 64))
        if state.calls[-1] != state.address:
            raise Violation(f"{name} returns to {state.address:#x}, from where it was not called", state.path)
        state.calls = state.calls[:-1]


def _is_table(address):
    """Whether an address depends on a single byte, as that of an entry of a table does."""
    found = sources(address)
    return len(found) == 1 and found[0].width <= 8


FIRST_VECTOR = ARCHITECTURE.registers["ymm0"][0]
LAST_VECTOR = ARCHITECTURE.registers["ymm15"][0] + 32


class Evaluation:
    """The expressions and statements of one block."""

    def __init__(self, machine, state):
        self.machine, self.state, self.temporaries = machine, state, {}

    def do(self, statement):
        tag = statement.tag
        if tag == "Ist_WrTmp":
            self.temporaries[statement.tmp] = self.of(statement.data)
        elif tag == "Ist_Put":
            self.state.put(statement.offset, self.of(statement.data))
        elif tag == "Ist_Store":
            self.machine.store(self.state, self.of(statement.addr), self.of(statement.data))
        elif tag not in ("Ist_IMark", "Ist_AbiHint", "Ist_NoOp"):
            raise Unsupported(f"the statement {tag}")

    def of(self, expression):
        tag = expression.tag
        if tag == "Iex_RdTmp":
            return self.temporaries[expression.tmp]
        if tag == "Iex_Const":
            return _constant(expression.con)
        if tag == "Iex_Get":
            return self.state.get(expression.offset, WIDTHS[expression.ty])
        if tag == "Iex_Load":
            return self.machine.load(self.state, self.of(expression.addr), WIDTHS[expression.ty])
        if tag in ("Iex_Unop", "Iex_Binop"):
            self.machine.operations.add(expression.op)
            table = UNARY if tag == "Iex_Unop" else BINARY
            return operation(table, expression.op)(*map(self.of, expression.args))
        if tag == "Iex_ITE":
            return ite(self.of(expression.cond), self.of(expression.iftrue), self.of(expression.iffalse))
        if tag == "Iex_CCall":
            return self._call(expression.callee.name, [self.of(argument) for argument in expression.args])
        raise Unsupported(f"the expression {tag}")

    def _call(self, name, arguments):
        """The helpers of VEX for flags and for `psadbw`."""
        self.machine.operations.add(name)
        if name == "amd64g_calculate_mmx_psadbw":
            return sum_of_differences(*arguments)
        code = arguments.pop(0) if name == "amd64g_calculate_condition" else None
        kind = self.machine.number(self.state, arguments[0])
        if kind is None:
            raise Unsupported(f"flags of more than one kind in {self.machine.image.place(self.state.address)}")
        if name == "amd64g_calculate_condition":
            return zero_extend(condition(value_of(code), kind, *arguments[1:]), 64)
        if name == "amd64g_calculate_rflags_c":
            return zero_extend(flags(kind, *arguments[1:])["c"], 64)
        if name == "amd64g_calculate_rflags_all":
            return all_flags(kind, *arguments[1:])
        raise Unsupported(f"the helper {name}")


def _constant(number):
    return const(int(number.value), number.size)
