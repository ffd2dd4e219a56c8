"""A value of any length, of which one byte is followed: a statement on that byte holds for each byte of the value."""

from .terms import and_, const, eq, from_lanes, ite, sub, ule, ult, var

# How far a value may reach in the address space of a proof. The code must not read further, or the claim is refuted.
SPACE = 1 << 20


class AnyValue:
    """`byte` is the one at `place`, which is any place inside. Nothing is known of the other bytes.

    A byte with the same term as its offset is the same byte. Otherwise two reads of one byte, if it is not the followed
    one, may differ: what holds for all such reads holds for the real ones.
    """

    def __init__(self, start, length):
        self.start, self.length = start, length
        self.place, self.byte = var("place", 64), var("byte", 8)
        self.is_inside = ult(self.place, length)
        # Offsets and sizes that the code has read: guesses of invariants are made from them.
        self.reads = []

    def fits(self, offset, size):
        size = const(size, 64)
        return and_(ule(size, self.length), ule(offset, sub(self.length, size)))

    def offset(self, address):
        return sub(address, const(self.start, 64))

    def read(self, offset, size):
        if (offset, size) not in self.reads:
            self.reads.append((offset, size))
        distance = sub(self.place, offset)
        return from_lanes([
            ite(eq(distance, const(index, 64)), self.byte, var(f"byte at {offset.number} + {index}", 8)) for index in range(size)
        ])  # fmt: skip

    def was_read(self, offset, size):
        """Whether the followed byte is one of those that were read at an offset."""
        return ult(sub(self.place, offset), const(size, 64))

    def is_before(self, offset):
        return ult(self.place, offset)

    def content(self, count):
        """A value of which all other bytes are the same."""
        return [ite(eq(self.place, const(index, 64)), self.byte, const(ord("a"), 8)) for index in range(count)]
