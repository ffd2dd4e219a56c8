"""Shows that the proof finds faults: it is run on copies of the library with faults in their machine code.

A named fault must be refuted with an input on which the faulty copy misbehaves on the processor, as predicted. So must a
random flip of one bit, or it is equivalent: then the copy must agree with the library on many inputs. The exit code is 1
if a fault is not found, and 2 if this cannot be decided, for example because a compiler made other code.
"""

import argparse
import json
import random
import re
import subprocess
import sys
from pathlib import Path

from prove import PROVED, REFUTED, UNDECIDED, NotDecided, prove

HERE = Path(__file__).parent
PARSE, PARSE_SLOW = "tracebaton_traceparent_parse", "TraceParent10parse_slow"
FIELD = "11traceparent11field_error"
FORMAT, NAME = "tracebaton_traceparent_format", "tracebaton_header_name_of"
VERDICT = "6choice6Choice7verdict"
WRITE, CONTROL = "7extract11write_found", "7baggage13first_control"
# Name, claim, part of the function's symbol, code, its replacement. `..` in the code is any byte. "equivalent" marks a
# change that must be proved, since a proof that refutes everything finds every fault. "unknown" must stop the proof.
FAULTS = (
    ("the second dash is a comma", "traceparent_parse", PARSE, "80 7f 23 2d", "80 7f 23 2c"),
    ("the trace id may be zero", "traceparent_parse", PARSE, "83 f0 0f 74 ..", "83 f0 0f 90 90"),
    ("the parent id may be zero", "traceparent_parse", PARSE, "4d 85 c0 74 ..", "4d 85 c0 90 90"),
    ("the random flag is dropped", "traceparent_parse", PARSE, "80 e1 03", "80 e1 01"),
    ("one byte after the value is read", "traceparent_parse", PARSE, "48 83 fe 37", "48 83 fe 36"),
    ("the last bytes of the context stay as they were", "traceparent_parse", PARSE, "c7 42 3c 00 00 00 00", "0f 1f 80 00 00 00 00"),
    ("version fe is forbidden, ff is not", "traceparent_parse", PARSE_SLOW, "80 fb ff", "80 fb fe"),
    ("g has the value 16, which a later test refuses", "traceparent_parse", PARSE_SLOW, "41 80 f8 06",
     "41 80 f8 07", "equivalent"),
    ("a loop does not end", "traceparent_parse", FIELD, "49 ff c1 4c 39", "0f 1f 00 4c 39"),
    ("a register is not restored", "traceparent_parse", PARSE, "31 c0 48 83 c4 20 5b", "31 c0 48 83 c4 20 5d"),
    ("flag 4 takes the fast path", "traceparent_parse", PARSE, "25 ff fc 00 00", "25 ff f8 00 00", "equivalent"),
    ("undefined flags are written", "traceparent_format", FORMAT, "24 03", "24 07"),
    ("an operation is not known", "header_name", NAME, "48 83 fe 0c 0f 93", "66 0f 38 1c c0 90", "unknown"),
    ("a name with a c is baggage", "header_name", NAME, "3d 42 41 47 47", "3d 43 41 47 47"),
    ("a comma ends a short trace id", "b3", VERDICT, "80 7e 10 2d", "80 7e 10 2c"),
    ("e is a decision, d is not", "b3", VERDICT, "83 f9 64", "83 f9 65"),
    ("a dot follows the trace id", "b3", VERDICT, "42 80 3c 36 2d", "42 80 3c 36 2e"),
    ("every other vector of the baggage is skipped", "baggage", WRITE, "48 83 c7 10", "48 83 c7 20"),
    ("the last byte of the baggage is in no vector", "baggage", WRITE, "f3 0f 6f 44 08 f0", "f3 0f 6f 44 08 ef"),
    ("the greatest byte of a vector counts", "baggage", WRITE, "66 0f da c3", "66 0f de c3"),
    ("1f is no control byte in a word", "baggage", CONTROL, "49 b8 60", "49 b8 61"),
    ("a word is read where seven bytes are left", "baggage", CONTROL, "48 83 f9 07", "48 83 f9 06"),
    ("the scan of single bytes does not end", "baggage", WRITE, "48 ff c7", "0f 1f 00"),
    ("a baggage may have 8193 bytes", "baggage", WRITE, "48 81 f9 01 20 00 00", "48 81 f9 02 20 00 00"),
)
# A claim on every length whose induction fails gives an input that may not show the fault. One on this length does.
SHOWN_AT = 23
# Claims whose code is changed at random, with a length.
FLIPPED = (
    ("header_name", None, NAME), ("traceparent_format", None, FORMAT), ("traceparent_parse", None, PARSE),
)
SECONDS, MEBIBYTES, INPUTS = 1500, 1024, 20_000


def code_of(content, part):
    """Where the code of a function is in the file: start, size and name."""
    import io

    from elftools.elf.elffile import ELFFile

    elf = ELFFile(io.BytesIO(content))
    for symbol in elf.get_section_by_name(".symtab").iter_symbols():
        if symbol["st_size"] and part in symbol.name:
            section = elf.get_section(symbol["st_shndx"])
            return section["sh_offset"] + symbol["st_value"] - section["sh_addr"], symbol["st_size"]
    raise NotDecided(f"the library has no function {part}; controls.py names it")


def patched(content, part, code, replacement):
    start, size = code_of(content, part)
    pattern = b"".join(b"." if byte == ".." else re.escape(bytes.fromhex(byte)) for byte in code.split())
    found = re.search(pattern, content[start : start + size], re.DOTALL)
    if not found:
        raise NotDecided(f"this compiler made other code than '{code}'; look at the code and change controls.py")
    at = start + found.start()
    return content[:at] + bytes.fromhex(replacement) + content[at + len(bytes.fromhex(replacement)) :]


def on_processor(library, claim, value, length):
    """What a copy does with an input, from a process of its own: a line of text, or how the process ended."""
    command = [sys.executable, str(HERE / "on_processor.py"), str(library), claim, value.hex(), str(length)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except subprocess.TimeoutExpired:
        return "does not end"
    return done.stdout.strip() if done.returncode == 0 else f"ends with {done.returncode}"


def judge(good, bad, claim, length):
    """Whether the copy `bad` is refuted, with what shows it; None if it is proved."""
    found = prove(bad, claim, length, MEBIBYTES, SECONDS)
    if found["reason"] is None:
        return None
    if found["example"] is None:
        return True, f"{found['reason']}; no input shows it"
    value, size = bytes.fromhex(found["example"]["value"]), found["example"]["length"]
    right, wrong = (on_processor(library, claim, value, size) for library in (good, bad))
    if right == wrong and not found["exact"]:
        return judge(good, bad, claim, SHOWN_AT)
    predicted = not found["exact"] or found["reason"] != "the result is another one" or f"status {signed(found['example']['status'])}" in wrong
    shown = f"{found['reason']}: {value[:64]!r} of {size} bytes: {right} | {wrong}"
    return right != wrong and predicted, shown


def signed(status):
    return status - (1 << 32) if status >> 31 else status


def named(good, content, work):
    failed, undecided = 0, 0
    for name, claim, part, code, replacement, *expected in FAULTS:
        try:
            bad = work / "faulty.so"
            bad.write_bytes(patched(content, part, code, replacement))
            found = judge(good, bad, claim, None)
        except NotDecided as reason:
            stopped = expected == ["unknown"] and "is not known" in str(reason)
            undecided += not stopped
            print(f"{'ok     stopped   ' if stopped else 'NOT DECIDED'} {name}: {reason}", flush=True)
            continue
        right = found is None and expected == ["equivalent"] or found is not None and found[0] and not expected
        failed += not right
        state = "equivalent" if found is None else "refuted"
        print(f"{'ok' if right else 'WRONG':6} {state:10} {name}: {found[1] if found else 'proved'}", flush=True)
    return failed, undecided


def flips(good, content, work, count, seed):
    chooser, failed, undecided, tally = random.Random(seed), 0, 0, {"refuted": 0, "refused": 0, "equivalent": 0}
    for index in range(count):
        claim, length, part = FLIPPED[index % len(FLIPPED)]
        start, size = code_of(content, part)
        at, bit = chooser.randrange(size), chooser.randrange(8)
        bad, copy = work / "flipped.so", bytearray(content)
        copy[start + at] ^= 1 << bit
        bad.write_bytes(copy)
        where = f"bit {bit} of byte {at:#x} of {part}"
        try:
            found = judge(good, bad, claim, length)
        except NotDecided as reason:
            # Code that is no code of the ABI, or that the executor does not know: nothing is proved of it.
            tally["refused"] += 1
            print(f"ok     refused    {where}: {reason}", flush=True)
            continue
        if found is None:
            same = on_processor(good, claim, b"", -INPUTS) == on_processor(bad, claim, b"", -INPUTS)
            failed += not same
            tally["equivalent"] += 1
            print(f"{'ok' if same else 'WRONG':6} equivalent {where}: {INPUTS} inputs on the processor", flush=True)
        else:
            tally["refuted"] += 1
            print(f"ok     refuted    {where}: {found[1]}{'' if found[0] else ' (the processor does not show it)'}", flush=True)
    print(json.dumps(tally))
    return failed, undecided


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--flips", type=int, default=12)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("shared", type=Path)
    given = arguments.parse_args()
    content, work = given.shared.read_bytes(), given.shared.parent.parent / "proof"
    results = [named(given.shared, content, work), flips(given.shared, content, work, given.flips, given.seed)]
    failed, undecided = map(sum, zip(*results))
    print(f"{failed} faults not found as predicted, {undecided} not decided")
    return REFUTED if failed else UNDECIDED if undecided else PROVED


if __name__ == "__main__":
    sys.exit(main())
