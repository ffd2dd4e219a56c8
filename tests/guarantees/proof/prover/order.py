"""An order of the blocks of a function in which a loop comes before what follows it."""


def in_order(blocks, following):
    """Blocks, each after those that lead to it, and all blocks of a loop before its exits.

    This is a weak topological order: first the strongly connected parts in topological order, then each part without its
    first block in the same way. `blocks` are in the order in which a search finds them.
    """
    result = []
    for part in _parts(blocks, following):
        result.append(part[0])
        if len(part) > 1:
            result += in_order(part[1:], following)
    return result


def loops(blocks, following):
    """The blocks of each loop, by its first block. An inner loop does not contain the first block of an outer one."""
    found = {}
    for part in _parts(blocks, following):
        if len(part) > 1 or part[0] in following[part[0]]:
            found[part[0]] = set(part)
            found |= loops(part[1:], following)
    return found


def _parts(blocks, following):
    """The strongly connected parts in topological order, by Tarjan's search. Each begins with the block found first."""
    inside, found, lowest, open_blocks, parts = set(blocks), {}, {}, [], []
    for start in blocks:
        if start in found:
            continue
        stack = [(start, iter(()))]
        while stack:
            block, rest = stack[-1]
            if block not in found:
                found[block] = lowest[block] = len(found)
                open_blocks.append(block)
                rest = iter(following[block])
                stack[-1] = block, rest
            for next_ in rest:
                if next_ in inside and next_ not in found:
                    stack.append((next_, iter(())))
                    break
                if next_ in open_blocks:
                    lowest[block] = min(lowest[block], found[next_])
            else:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    lowest[above] = min(lowest[above], lowest[block])
                if lowest[block] == found[block]:
                    at = open_blocks.index(block)
                    parts.append(open_blocks[at:])
                    del open_blocks[at:]
    return parts[::-1]
