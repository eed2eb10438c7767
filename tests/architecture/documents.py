"""The documents of the project, read as text: links, headings, and what is in code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from grievances.management.describing.marks import pages
from tests.architecture.syntax import ROOT

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^|\n\n)((?:(?: {4}| {7}).+\n)+)")
SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
GENERATED = re.compile(r"^<!-- begin: .+? -->$.*?^<!-- end: .+? -->$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: its language and its text."""

    language: str
    text: str


def documents() -> dict[str, str]:
    """Return every page by its path from the root."""
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in pages(ROOT)}


def by_hand(text: str) -> str:
    """Return a page without what `manage.py describe` writes."""
    return GENERATED.sub("", text)


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a page."""
    return [Block(found.group(2), found.group(3)) for found in FENCE.finditer(text)]


def code_of(text: str) -> Iterator[str]:
    """Yield each line that a page shows as code: spans, indented blocks and fenced blocks."""
    for block in blocks(text):
        yield from block.text.splitlines()
    rest = FENCE.sub("", text)
    for found in INDENTED.finditer(rest):
        yield from (line.strip() for line in found.group(1).splitlines())
    for span in SPAN.finditer(rest):
        yield " ".join(span.group(1).split())


def prose_of(text: str) -> str:
    """Return what a person wrote as words: no code, no generated part, no address of a link."""
    rest = INDENTED.sub("\n\n", FENCE.sub("", by_hand(text)))
    return re.sub(r"\]\([^)]+\)", "]", SPAN.sub("", rest))


def links_of(text: str) -> list[str]:
    """Return where the links of a page lead, addresses of the web left out."""
    rest = SPAN.sub("", FENCE.sub("", text))
    return [target for target in LINK.findall(rest) if not target.startswith("http")]


def anchors_of(text: str) -> set[str]:
    """Return the anchors that a page has, as code hosts make them from headings."""
    titles = [title.lower() for title in HEADING.findall(FENCE.sub("", text))]
    return {re.sub(r"[^\w\- ]", "", title).strip().replace(" ", "-") for title in titles}


def lost_links(path: str, text: str, root: Path = ROOT) -> list[str]:
    """Return a sentence for each link of a page that leads nowhere."""
    lost = []
    for target in links_of(text):
        name, _, anchor = target.partition("#")
        file = (root / path).parent / name if name else root / path
        if not file.exists():
            lost.append(f"{path}: the link {target} leads to no file.")
        elif anchor and anchor not in anchors_of(file.read_text(encoding="utf-8")):
            lost.append(f"{path}: the link {target} leads to no heading.")
    return lost
