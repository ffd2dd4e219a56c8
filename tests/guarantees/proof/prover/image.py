"""Loads machine code as the system would: the shared object, or the object of the archive."""

import io

from elftools.elf.elffile import ELFFile

BASE = 0x1000_0000
# Where calls of imported functions lead: one address each.
IMPORTS = 0xF000_0000
IMPORTED = ("bcmp", "memcpy", "memmove", "memset")

# Relocations of x86-64 (psABI, 4.4.1).
ABSOLUTE, RELATIVE_32, PLT_32, GLOB_DAT, JUMP_SLOT, RELATIVE = 1, 2, 4, 6, 7, 8
GOT_LOADS = (9, 41, 42)


class Unsupported(Exception):
    """The code needs something that the proof does not know. It proves nothing then."""


class Segment:
    def __init__(self, address, data, writable):
        self.address, self.data, self.writable = address, bytearray(data), writable

    def __contains__(self, address):
        return self.address <= address < self.address + len(self.data)


class Image:
    def __init__(self):
        self.segments, self.symbols, self.imports, self.code = [], {}, {}, []

    def segment(self, address):
        for segment in self.segments:
            if address in segment:
                return segment
        return None

    def patch(self, address, data):
        segment = self.segment(address)
        start = address - segment.address
        segment.data[start : start + len(data)] = data

    def bytes_at(self, address, count):
        segment = self.segment(address)
        start = address - segment.address
        return bytes(segment.data[start : start + count])

    def is_code(self, address):
        return any(start <= address < end for start, end in self.code)

    def import_address(self, name):
        if name not in IMPORTED:
            raise Unsupported(f"the library imports {name}, of which the proof has no model")
        known = {imported: address for address, imported in self.imports.items()}
        address = known.get(name, IMPORTS + 16 * len(self.imports))
        self.imports[address] = name
        return address

    def place(self, address):
        """The function that an address belongs to, for messages."""
        before = [(start, name) for name, start in self.symbols.items() if start <= address]
        return f"{max(before)[1] if before else '?'} at {address - BASE:#x}"


WEAK = ("_ITM_deregisterTMCloneTable", "_ITM_registerTMCloneTable", "__cxa_finalize", "__gmon_start__")


def load_shared(content):
    """The segments of a shared object, relocated."""
    elf, image = ELFFile(io.BytesIO(content)), Image()
    for part in elf.iter_segments("PT_LOAD"):
        data = part.data() + bytes(part["p_memsz"] - part["p_filesz"])
        image.segments.append(Segment(BASE + part["p_vaddr"], data, bool(part["p_flags"] & 2)))
        if part["p_flags"] & 1:
            image.code.append((BASE + part["p_vaddr"], BASE + part["p_vaddr"] + part["p_memsz"]))
    for table in (elf.get_section_by_name(".symtab"), elf.get_section_by_name(".dynsym")):
        for symbol in table.iter_symbols() if table else ():
            if symbol["st_info"]["type"] == "STT_FUNC" and symbol["st_value"]:
                image.symbols[symbol.name] = BASE + symbol["st_value"]
    for name in (".rela.dyn", ".rela.plt"):
        section = elf.get_section_by_name(name)
        for relocation in section.iter_relocations() if section else ():
            kind, target = relocation["r_info_type"], relocation["r_addend"]
            symbol = elf.get_section_by_name(".dynsym").get_symbol(relocation["r_info_sym"])
            if kind in (GLOB_DAT, JUMP_SLOT):
                if symbol.name in WEAK:
                    continue
                target = symbol["st_value"]
                value = BASE + target if target else image.import_address(symbol.name)
            elif kind == RELATIVE:
                value = BASE + target
            else:
                raise Unsupported(f"relocation {kind} of the shared object")
            image.patch(BASE + relocation["r_offset"], value.to_bytes(8, "little"))
    for part in elf.iter_segments("PT_GNU_RELRO"):
        _forbid_writes(image, BASE + part["p_vaddr"], BASE + part["p_vaddr"] + part["p_memsz"])
    return image


def _forbid_writes(image, start, end):
    """Splits segments so that what is read-only after relocation is a segment of its own."""
    for segment in list(image.segments):
        last = segment.address + len(segment.data)
        if segment.writable and start < last and segment.address < end:
            cut = min(max(end, segment.address), last) - segment.address
            image.segments.remove(segment)
            image.segments.append(Segment(segment.address, segment.data[:cut], False))
            if cut < len(segment.data):
                image.segments.append(Segment(segment.address + cut, segment.data[cut:], True))


def members(archive):
    """The members of an archive."""
    at = 8
    while at + 60 <= len(archive):
        size = int(archive[at + 48 : at + 58])
        yield archive[at + 60 : at + 60 + size]
        at += 60 + size + size % 2


def load_archive(content, function):
    """The object in an archive that defines `function`, laid out and relocated as a linker does."""
    for member in members(content):
        if member[:4] == b"\x7fELF":
            elf = ELFFile(io.BytesIO(member))
            table = elf.get_section_by_name(".symtab")
            found = table.get_symbol_by_name(function) if table else None
            if found and found[0]["st_shndx"] != "SHN_UNDEF":
                return _load_object(elf, table)
    raise Unsupported(f"no object of the archive defines {function}")


def _load_object(elf, table):
    image, at, addresses = Image(), BASE, {}
    for index, section in enumerate(elf.iter_sections()):
        if section["sh_flags"] & 2 and section["sh_size"]:
            align = max(section["sh_addralign"], 16)
            at = (at + align - 1) // align * align
            addresses[index] = at
            data = bytes(section["sh_size"]) if section["sh_type"] == "SHT_NOBITS" else section.data()
            # Relocated data that is not written later is read-only in a program.
            writable = bool(section["sh_flags"] & 1) and not section.name.startswith(".data.rel.ro")
            image.segments.append(Segment(at, data, writable))
            if section["sh_flags"] & 4:
                image.code.append((at, at + len(data)))
            at += len(data)
    got = Segment(at + 4096, bytes(8 * 4096), False)
    image.segments.append(got)
    slots = {}

    def target_of(symbol):
        if symbol["st_shndx"] == "SHN_UNDEF":
            return image.import_address(symbol.name)
        return addresses[symbol["st_shndx"]] + symbol["st_value"]

    for symbol in table.iter_symbols():
        if symbol["st_info"]["type"] == "STT_FUNC" and symbol["st_shndx"] in addresses:
            image.symbols[symbol.name] = target_of(symbol)
    for section in elf.iter_sections():
        if section["sh_type"] != "SHT_RELA" or section["sh_info"] not in addresses:
            continue
        if elf.get_section(section["sh_info"]).name.startswith(".eh_frame"):
            continue
        for relocation in section.iter_relocations():
            place = addresses[section["sh_info"]] + relocation["r_offset"]
            kind, target = relocation["r_info_type"], target_of(table.get_symbol(relocation["r_info_sym"]))
            if kind in GOT_LOADS:
                slot = slots.setdefault(target, got.address + 8 * len(slots))
                image.patch(slot, target.to_bytes(8, "little"))
                target = slot
            elif kind not in (ABSOLUTE, RELATIVE_32, PLT_32):
                raise Unsupported(f"relocation {kind} of the archive's object")
            size, origin = (8, 0) if kind == ABSOLUTE else (4, place)
            value = (target + relocation["r_addend"] - origin) & ((1 << 8 * size) - 1)
            image.patch(place, value.to_bytes(size, "little"))
    return image
