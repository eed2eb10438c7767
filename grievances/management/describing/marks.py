"""Put generated text between two marks of a Markdown page.

A part begins with `<!-- begin: NAME -->` and ends with `<!-- end: NAME -->`, each on its own line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

BEGIN = re.compile(r"^<!-- begin: ([^>]+) -->$", re.MULTILINE)

Part = Callable[[], str | None]
"""Draw the text of a part; None where this machine cannot tell."""


class BadMarks(ValueError):
    """A page whose marks cannot be filled; the message says what to do."""


def pages(root: Path) -> list[Path]:
    """Return the documents of the project in order: README first, then `docs/`."""
    top = [root / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
    return [path for path in top if path.exists()] + sorted((root / "docs").rglob("*.md"))


def names_in(text: str) -> list[str]:
    """Return the names of the marks of a page, in order."""
    return BEGIN.findall(text)


def fill(text: str, parts: Mapping[str, Part]) -> str:
    """Return a page with every part drawn anew.

    Raises:
        BadMarks: A name is not a part, or a part has no end.
    """
    for name in names_in(text):
        if name not in parts:
            raise BadMarks(f"There is no part {name!r}. The parts are: {', '.join(parts)}.")
        drawn = parts[name]()
        if drawn is not None:
            text = put_between(text, name, drawn)
    return text


def put_between(text: str, name: str, body: str) -> str:
    """Return the text with a new body between two marks.

    Raises:
        BadMarks: The second mark is missing.
    """
    begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
    head, _, rest = text.partition(begin)
    _, found, tail = rest.partition(end)
    if not found:
        raise BadMarks(f"The mark {begin} has no end. Write {end} after it.")
    return f"{head}{begin}\n{body.strip()}\n{end}{tail}"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
