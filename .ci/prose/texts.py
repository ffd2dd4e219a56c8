"""Extracts the prose that Vale does not find by itself: texts.py FOLDER FILE...

FOLDER/FILE.literals.md has the string literals of a Rust or C file that have at least three words and are not code. Those
of line N are in line 2N - 1, and line 2N is empty: Vale reads each line as a paragraph. FOLDER/FILE.comments.md has the comments of a
script, each in its own line.
"""

import pathlib
import re
import sys

TOKEN = re.compile(
    r"""
    //[^\n]* | /\*.*?\*/ | '(?:\\[^']+|[^'\\\n])'
    | r(?P<hashes>\#*)"(?P<raw>.*?)"(?P=hashes)
    | "(?P<text>(?:\\.|[^"\\])*)"
    """,
    re.VERBOSE | re.DOTALL,
)
# A program or a style sheet.
CODE = re.compile(r"#include|[;{}]\s*\n")
WORDS = re.compile(r"(?:[A-Za-z][a-z'-]*[,.:;]? ){2}[a-z]")


def literals(code):
    """The texts of the string literals, at twice the number of their line."""
    lines = [""] * (2 * (code.count("\n") + 1))
    for token in TOKEN.finditer(code):
        literal = token["raw"] or token["text"] or ""
        if WORDS.search(literal) and not CODE.search(literal):
            text = re.sub(r"\\\n|\\[nt]|\n", " ", literal).replace('\\"', '"')
            at = 2 * code.count("\n", 0, token.start())
            lines[at] += f"{' '.join(text.split())}. "
    return lines


def comments(script):
    """The comments that are lines of their own."""
    return [line.lstrip()[2:] if line.lstrip().startswith("# ") else "" for line in script.split("\n")]


folder = pathlib.Path(sys.argv[1])
for name in sys.argv[2:]:
    content = pathlib.Path(name).read_text(encoding="utf-8")
    kind, lines = ("comments", comments(content)) if content.startswith("#!") else ("literals", literals(content))
    if any(lines):
        out = folder / f"{name}.{kind}.md"
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text("\n".join(lines) + "\n", encoding="utf-8")
