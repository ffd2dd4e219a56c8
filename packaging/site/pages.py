"""Converts the repository's pages to pages of the site: pages.py TRACKED DOCS MANUAL

TRACKED lists the files of the repository, and MANUAL is a folder of man pages as HTML. A page has the same path in DOCS as
in the repository, so links between pages stay as they are. Links to other files lead to the repository on GitHub. A guide,
whose first sentence is its title in rustdoc, gets a heading.
"""

import pathlib
import posixpath
import re
import shutil
import sys

SOURCE = "https://github.com/tracebaton/tracebaton"
FENCE = re.compile(r"^\s*(```|~~~)")
LINK = re.compile(r"(?<!\\)(!?)\[((?:`[^`]*`|[^\[\]`])*)\]\(([^()\s]+)\)")
RULES = {"profile": "PROFILE.md", "profile_formats": "FORMATS.md"}  # by the name of the module in rustdoc
HIDDEN = re.compile(r"\s*#( [^\[]*)?$")
REFERENCE = re.compile(r"^\[([^\]]+)\]: (\S+)$", re.MULTILINE)


class Page:
    """A page of the repository."""

    def __init__(self, path, tracked):
        self.path = path
        self.folder = posixpath.dirname(path)
        self.tracked = tracked
        self.images = set()

    def target(self, link, is_image):
        """The target of a link on the site; none if it is a name in rustdoc."""
        if re.match(r"[a-z]+:(?!:)", link) or link.startswith("#"):
            return link.replace(f"{SOURCE}/blob/main/", self.up()) if self.is_page(link) else link
        file, _, section = link.partition("#")
        section = section and f"#{section}"
        if "::" in file:
            rules = RULES.get(file.rpartition("::")[2])
            return rules and f"{self.up()}{rules}{section}"
        path = posixpath.normpath(posixpath.join(self.folder, file))
        if is_image and path in self.tracked:
            self.images.add(path)
            return link
        if path.endswith(".md") and path in self.tracked:
            return link
        if f"{path}/README.md" in self.tracked:
            return f"{file.rstrip('/')}/README.md{section}"
        if self.folder == "src/guides" and f"{path}.md" in self.tracked:
            return f"{file}.md{section}"
        if path in self.tracked:
            return f"{SOURCE}/blob/main/{path}{section}"
        if any(other.startswith(f"{path}/") for other in self.tracked):
            return f"{SOURCE}/tree/main/{path}{section}"
        return link  # which does not exist: MkDocs reports it

    def up(self):
        return "../" * len([part for part in self.folder.split("/") if part])

    def is_page(self, link):
        path = link.removeprefix(f"{SOURCE}/blob/main/").partition("#")[0]
        return path != link and path.endswith(".md") and path in self.tracked

    def replaced(self, match):
        mark, text, link = match.groups()
        target = self.target(link, mark == "!")
        return text if target is None else f"{mark}[{text}]({target})"

    def definition(self, match):
        target = self.target(match[2], False)
        return "" if target is None else f"[{match[1]}]: {target}"

    def prose(self, lines):
        """The lines between two blocks of code, with the links of the site."""
        return LINK.sub(self.replaced, REFERENCE.sub(self.definition, "\n".join(lines)))

    def text(self, source):
        """The page with its links, and without the lines of examples that rustdoc hides."""
        first = source.split("\n", 1)[0]
        is_untitled = not first.startswith("# ")
        out = []
        if is_untitled:
            title = "The crate tracebaton" if self.path == "src/crate.md" else re.split(r"[:.] |[:.]$", first)[0]
            out += [f"# {title}", ""]
        prose, fence = [], None
        for line in source.split("\n"):
            opened = FENCE.match(line)
            if fence is None and not opened:
                prose.append("#" + line if is_untitled and line.startswith("#") else line)
            elif fence is None:
                out.append(self.prose(prose))
                prose, fence = [], opened[1]
                out.append(self.opening(line))
            elif line.strip() == fence:
                fence = None
                out.append(line)
            elif not (self.is_rust() and HIDDEN.match(line)):
                out.append(line)
        return "\n".join([*out, self.prose(prose)])

    def opening(self, line):
        """The first line of a block of code, with the language that rustdoc assumes and without its notes."""
        line = re.sub(r"^(\s*```)(?:rust)?(?:[, ]?(?:no_run|ignore|compile_fail|should_panic|E\d+))+$", r"\1rust", line)
        return re.sub(r"^(\s*```)$", r"\1rust", line) if self.is_rust() else line

    def is_rust(self):
        return self.path.startswith("src/")


def manual_page(name, page, names):
    """A man page as the body of a page of the site."""
    body = page.split('<div class="manual-text">', 1)[1].rsplit("</div>", 1)[0].rsplit('<table class="foot">', 1)[0]
    body = re.sub(r'<a class="permalink"[^>]*>(.*?)</a>', r"\1", body, flags=re.DOTALL)
    body = re.sub(r"<(/?)h2\b", r"<\1h3", body)
    body = re.sub(r"<(/?)h1\b", r"<\1h2", body)
    body = re.sub(r"<pre>.*?</pre>", lambda code: re.sub(r"<br/>\n", "", code[0]), body, flags=re.DOTALL)

    def linked(match):
        other = match[0]
        return f'<a href="../{other}/">{other}</a>' if other in names and other != name else other

    body = re.sub(r"\btracebaton_[a-z_]+[a-z]\b(?!\.h)|(?<=<b>)tracebaton(?=</b>)", linked, body)
    body = re.sub(r"\n\s*\n", "\n", body)  # an empty line would end the HTML
    return f'# {name}\n\n<div class="manual" markdown="0">\n{body}</div>\n'


def main():
    listing, docs, manual = map(pathlib.Path, sys.argv[1:])
    tracked = set(listing.read_text().splitlines())
    for path in sorted(path for path in tracked if path.endswith(".md") and path != "src/guides/rules.md"):
        page = Page(path, tracked)
        source = pathlib.Path(path).read_text(encoding="utf-8")
        if path.startswith("src/guides/"):
            source += "\n" + pathlib.Path("src/guides/rules.md").read_text(encoding="utf-8")
        out = docs / path
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page.text(source), encoding="utf-8")
        for image in page.images:
            (docs / image).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(image, docs / image)
    pages = {page.stem: page.read_text(encoding="utf-8") for page in manual.glob("*.html")}
    (docs / "manual").mkdir()
    for name, page in pages.items():
        (docs / "manual" / f"{name}.md").write_text(manual_page(name, page, pages), encoding="utf-8")
    shutil.copyfile("packaging/site/site.css", docs / "site.css")


main()
