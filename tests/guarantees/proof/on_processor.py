"""Calls a function of a library with one input, and prints what it does. controls.py starts it in a process of its own.

    on_processor.py LIBRARY CLAIM BYTES-IN-HEX LENGTH

A value ends where the memory of the process ends, so that a read behind it ends the process. A negative length stands for
that many random inputs, of which a digest is printed.
"""

import ctypes
import hashlib
import mmap
import random
import sys

from prover.layout import CHOICE, OTHER, OTHERS, VERDICTS

PAGE = mmap.PAGESIZE
VALID = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
# Values longer than this are not made: what is behind it is not read.
LONGEST = 1 << 16


class Memory:
    """A value directly before a page that cannot be accessed."""

    def __init__(self):
        self.map = mmap.mmap(-1, LONGEST + PAGE)
        self.start = ctypes.addressof(ctypes.c_char.from_buffer(self.map))
        protect = ctypes.CDLL(None).mprotect
        protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        if protect(self.start + LONGEST, PAGE, 0) != 0:
            sys.exit("cannot protect a page")

    def put(self, value):
        ctypes.memmove(self.start + LONGEST - len(value), value, len(value))
        return self.start + LONGEST - len(value)


def parse(library, memory, value, length):
    out = ctypes.create_string_buffer(b"\xaa" * 64, 64)
    arguments = (ctypes.c_void_p(memory.put(value)), ctypes.c_size_t(length), out)
    return library.tracebaton_traceparent_parse(*arguments), out.raw


def format_(library, _memory, value, _length):
    context = ctypes.create_string_buffer(value.ljust(25, b"\0")[:25] + bytes(39), 64)
    out = ctypes.create_string_buffer(b"\xaa" * 55, 55)
    return library.tracebaton_traceparent_format(context, out), out.raw


def name(library, memory, value, length):
    return library.tracebaton_header_name_of(ctypes.c_void_p(memory.put(value)), ctypes.c_size_t(length)), b""


def choose(library, headers, format_number):
    """Reads one format. `headers` are names with an address and a length."""
    fields = [field for name, *value in headers for field in (ctypes.cast(name, ctypes.c_void_p).value, len(name), *value)]
    array, order, out = (ctypes.c_uint64 * len(fields))(*fields), ctypes.c_int32(format_number), ctypes.create_string_buffer(CHOICE)
    counts = (ctypes.c_size_t(len(headers)), ctypes.byref(order), ctypes.c_size_t(1), ctypes.c_ubyte(0))
    return library.tracebaton_headers_choose(array, *counts, out), out.raw[:25] + out.raw[VERDICTS[0] : OTHERS + OTHER]


def b3(library, memory, value, length):
    return choose(library, [(b"b3", memory.put(value), length)], 3)


def baggage(library, memory, value, length):
    reader, out = (ctypes.c_uint64 * 10)(0, 0, memory.put(value), 0, 0, length, 0, 0, 5, 6), ctypes.create_string_buffer(136)
    # Its verdict and its length: the pointer is another one in each process.
    return library.tracebaton_reader_finish(reader, out), out.raw[96:112] + out.raw[56:64]


CALLS = {"traceparent_parse": parse, "traceparent_format": format_, "header_name": name, "b3": b3, "baggage": baggage}


def random_value(chooser, claim):
    if claim == "header_name":
        start = bytearray(chooser.choice((b"traceparent", b"TraceState", b"BAGGAGE", bytes(chooser.randrange(14)))))
    elif claim == "traceparent_format":
        return bytes(chooser.getrandbits(8) for _ in range(25)) if chooser.random() < 0.8 else bytes(25)
    else:
        start = bytearray(chooser.choice((VALID, b"cc" + VALID[2:] + b"-more", VALID[: chooser.randrange(56)])))
    for _ in range(chooser.randrange(3)):
        if start:
            start[chooser.randrange(len(start))] = chooser.choice(b"-0fgF\xff\x00a9")
    return bytes(start)


def main(path, claim, value, length):
    library, memory, value, length = ctypes.CDLL(path), Memory(), bytes.fromhex(value), int(length)
    if length < 0:
        chooser, digest = random.Random(7), hashlib.sha256()
        for _ in range(-length):
            made = random_value(chooser, claim)
            digest.update(repr(CALLS[claim](library, memory, made, len(made))).encode())
        print(digest.hexdigest())
        return
    status, written = CALLS[claim](library, memory, value.ljust(min(length, LONGEST), b"?"), length)
    print(f"status {status} {written.hex()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
