"""Instructions that VEX translates to the operations in prover/operations.py.

Only rax, rcx, rdx, rsi, r8, r9 and xmm0 to xmm3 are compared. The last instructions of a snippet turn flags into bytes.
"""

CONDITIONS = ("o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g")
WIDTHS = (("al", "cl"), ("ax", "cx"), ("eax", "ecx"), ("rax", "rcx"))
# Gives the flags before an instruction that keeps or reads some of them.
FIRST = "cmp edx, esi; "

# Loads the registers from the state in rdi, calls the code in rsi, and stores the registers.
RUN = """
.intel_syntax noprefix
.text
.globl run
run:
    push rbx
    mov rbx, rdi
    mov r11, rsi
    {load}
    call r11
    {store}
    pop rbx
    ret
"""
GENERAL = ("rax", "rcx", "rdx", "rsi", "r8", "r9")
VECTORS = 4


def snippets():
    yield from arithmetic()
    yield from flags()
    yield from shifts()
    yield from extensions()
    yield from vectors()


def arithmetic():
    for x, y in WIDTHS:
        for operation in ("add", "sub", "and", "or", "xor", "imul")[: 5 if x == "al" else 6]:
            yield f"{operation} {x}, {y}"
        for operation in ("adc", "sbb"):
            yield f"{FIRST}{operation} {x}, {y}; setc r8b; seto r9b"
        for operation in ("not", "neg", "inc", "dec"):
            yield f"{operation} {x}"
    yield from ("mul ecx", "mul rcx", "mul rcx; setc r8b; seto r9b", "imul rax, rcx; setc r8b; seto r9b")


def flags():
    for code in CONDITIONS:
        for x, y in WIDTHS:
            yield from (f"{operation} {x}, {y}; set{code} r8b" for operation in ("cmp", "add", "and"))
            yield from (f"{FIRST}{operation} {x}; set{code} r8b" for operation in ("inc", "dec"))
        yield from (f"{FIRST}{operation} rax, rcx; set{code} r8b" for operation in ("adc", "sbb"))
        yield f"cmp eax, ecx; cmov{code} rdx, rsi"
        if code in ("b", "ae", "e", "ne", "s", "ns"):
            yield from (f"{operation} {x}, 3; set{code} r8b" for operation in ("shl", "shr") for x in ("eax", "rax"))
    yield from ("add rax, rcx; rol rdx, 50; setc r8b", "cmp rax, rcx; rol rdx, 50; setz r8b; sets r9b")
    yield from ("bt eax, 7; setc r8b", "and ecx, 31; bt eax, ecx; setc r8b", "bts eax, 7", "btr rax, 40")
    # Of 0 in 32 bits, VEX clears the upper half of the target, which processors keep.
    yield from ("bts ecx, 31; bsf eax, ecx", "bsf rax, rcx", "bsf rax, rcx; setz r8b")


def shifts():
    for operation in ("shl", "shr", "sar", "rol", "ror"):
        yield from (f"{operation} {x}, 3" for x, _ in WIDTHS)
        yield from (f"{operation} rax, 35", f"{operation} eax, cl", f"{operation} rax, cl")
    yield from ("shld rax, rdx, 5", "shrd rax, rdx, 5", "shld ax, dx, 5", "bswap eax", "bswap rax")


def extensions():
    for target, source in (("eax", "cl"), ("ax", "cl"), ("eax", "cx"), ("rax", "cl"), ("rax", "cx")):
        yield from (f"movzx {target}, {source}", f"movsx {target}, {source}")
    yield from ("mov eax, ecx", "movsxd rax, ecx", "movzx eax, ch", "cqo", "cdq", "mov al, cl", "mov ax, cx")


def vectors():
    pairs = "paddb paddw paddd paddq psubb psubw psubd psubq psubusb paddusb psubsb pand por pxor pandn pcmpeqb pcmpeqw pcmpeqd"
    pairs += " pcmpgtb pminub pmaxub pmullw packuswb packsswb packssdw psadbw punpcklbw punpcklwd punpckldq punpcklqdq punpckhbw"
    pairs += " punpckhwd punpckhdq punpckhqdq xorps"
    yield from (f"{operation} xmm0, xmm1" for operation in pairs.split())
    yield from (f"{operation} xmm0, 3" for operation in ("psllw", "pslld", "psllq", "psrlw", "psrld", "psrlq", "pslldq", "psrldq"))
    yield from (f"{operation} xmm0, xmm1, 0x1b" for operation in ("pshufd", "pshuflw", "pshufhw"))
    yield from ("pcmpeqb xmm2, xmm2; paddb xmm2, xmm1", "pmovmskb eax, xmm0", "movmskps eax, xmm0", "pshufd xmm0, xmm1, 0xee")
    yield from ("movd eax, xmm0", "movq rax, xmm0", "movd xmm0, eax", "movq xmm0, rax", "movq xmm0, xmm1")
    yield from ("pinsrw xmm0, eax, 3", "pextrw eax, xmm0, 3")


def assembly():
    """The text for the assembler, and the names of the snippets in it with their code."""
    moves = [(f"mov {name}, {{}}", 8 * index) for index, name in enumerate(GENERAL)]
    moves += [(f"movups xmm{index}, {{}}", 8 * len(GENERAL) + 16 * index) for index in range(VECTORS)]
    load = "; ".join(move.format(f"[rbx + {at}]") for move, at in moves)
    stores = (move.replace("{}", "").replace(", ", "").split() + [at] for move, at in moves)
    store = "; ".join(f"{operation} [rbx + {at}], {register}" for operation, register, at in stores)
    named = {f"snippet_{index}": code for index, code in enumerate(snippets())}
    texts = [RUN.format(load=load, store=store)]
    texts += [f".globl {name}\n{name}:\n    {code}; ret\n" for name, code in named.items()]
    return "".join(texts), named
