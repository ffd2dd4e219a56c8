"""Compares each operation of VEX that the executor knows with the processor, on random and on extreme numbers.

The exit code is 1 if a result differs or an operation has no instruction that uses it, and 2 if this cannot be decided.
"""

import ctypes
import random
import subprocess
import sys
from pathlib import Path

from instructions import GENERAL, VECTORS, assembly

ROUNDS = 30
EXTREMES = (0, 1, 2, *(number for width in (8, 16, 32, 64) for number in ((1 << width - 1) - 1, 1 << width - 1, (1 << width) - 1)))


def build(text, target):
    """A shared object of all snippets."""
    library = target / "instructions.so"
    (target / "instructions.s").write_text(text)
    for command in (
        ["as", "-o", str(target / "instructions.o"), str(target / "instructions.s")],
        ["ld", "-shared", "-z", "noexecstack", "-o", str(library), str(target / "instructions.o")],
    ):
        try:
            subprocess.run(command, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"proof: cannot assemble the instructions; install binutils: {error}", file=sys.stderr)
            sys.exit(2)
    return library


def number(chooser):
    return chooser.choice(EXTREMES) if chooser.random() < 0.4 else chooser.getrandbits(64)


def on_processor(run, code, state):
    memory = (ctypes.c_uint64 * len(state))(*state)
    run(memory, code)
    return list(memory)


def in_executor(image, blocks, address, state):
    from prover.explore import start_state
    from prover.machine import RETURN, Machine
    from prover.state import ARCHITECTURE
    from prover.terms import const, value_of

    machine = Machine(image, [], [], {})
    machine.blocks = blocks
    here = start_state(address, (), ())
    for name, value in zip(GENERAL, state):
        here.set_named(name, const(value, 64))
    places = [ARCHITECTURE.registers[f"ymm{index}"][0] for index in range(VECTORS)]
    for index, place in enumerate(places):
        low, high = state[len(GENERAL) + 2 * index :][:2]
        here.put(place, const(high << 64 | low, 128))
    while here.address != RETURN:
        # Of several states, those of branches that are not taken have been left out: all numbers are known.
        (here,) = machine.run_block(here)
    result = [here.named(name) for name in GENERAL]
    result += [here.get(place + half, 64) for place in places for half in (0, 8)]
    return [value_of(term) for term in result], machine.operations


def main(target):
    from prover.image import Unsupported, load_shared
    from prover.operations import BINARY, UNARY

    text, snippets = assembly()
    library = build(text, target)
    loaded, image = ctypes.CDLL(str(library)), load_shared(library.read_bytes())
    addresses, chooser, covered, differences = symbols(library), random.Random(1), set(), []
    for name, code in snippets.items():
        function = ctypes.cast(getattr(loaded, name), ctypes.c_void_p)
        blocks = {}
        for _ in range(ROUNDS):
            state = [number(chooser) for _ in range(len(GENERAL) + 2 * VECTORS)]
            expected = on_processor(loaded.run, function, state)
            try:
                found, used = in_executor(image, blocks, addresses[name], state)
            except Unsupported as reason:
                differences.append(f"{code}: {reason}")
                break
            covered |= used
            if found != expected:
                differences.append(f"{code}: {state} gives {expected} on the processor and {found} in the executor")
                break
    missing = sorted((set(BINARY) | set(UNARY)) - covered)
    for line in differences:
        print(line)
    if missing:
        print(f"no instruction uses {', '.join(missing)}")
    if not differences and not missing:
        print(f"{len(covered)} operations in {len(snippets)} snippets: {ROUNDS} inputs each, the same on the processor")
    return 1 if differences or missing else 0


def symbols(library):
    from elftools.elf.elffile import ELFFile

    from prover.image import BASE

    with open(library, "rb") as file:
        table = ELFFile(file).get_section_by_name(".dynsym")
        return {symbol.name: BASE + symbol["st_value"] for symbol in table.iter_symbols()}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
