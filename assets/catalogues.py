"""Bring the catalogues of the pages up to date: `python -m assets.catalogues`.

Every text that a template or a module marks for translation goes into `locale/CODE/LC_MESSAGES/
django.po`, with where it is. Each catalogue is then compiled, so that a bare machine needs no tool
to serve it. `--check` changes nothing, and names what is out of step.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CODE, PAGES = ("config", "grievances", "notifications", "workflow"), "templates"
QUESTIONS = "grievances/monitoring/codes"
BLOCKS = "grievances/letters/blocks.json"
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
OF_THE_TOOL = (b'"Generated-By:', b'"Report-Msgid-Bugs-To:')
Message = tuple[str, int, str | tuple[str, ...]]


def files() -> Iterator[Path]:
    """Return every file that may hold a text for people."""
    for name in CODE:
        yield from sorted((ROOT / name).rglob("*.py"))
    yield from sorted((ROOT / QUESTIONS).glob("*.json"))
    yield ROOT / BLOCKS
    yield from sorted(
        path for path in (ROOT / PAGES).rglob("*") if path.suffix in {".html", ".txt"}
    )


def texts_of(path: Path) -> list[Message]:
    """Return the texts that one file marks: (file, line, text or its two numbers)."""
    name = path.relative_to(ROOT).as_posix()
    source = path.read_text(encoding="utf-8")
    if name == BLOCKS:
        return [(name, 1, text) for text in paragraphs_in(json.loads(source))]
    if path.suffix == ".json":
        return [(name, 1, text) for text in labels_in(json.loads(source))]
    if path.suffix != ".py":
        # The rest is blanked out, but its indentation is not that of a module.
        lines = templatize(source, origin=name).splitlines()
        source = "\n".join(line.lstrip() for line in lines)
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
    return [(name, line, text) for line, text, _, _ in found if text]


def paragraphs_in(blocks: dict[str, str]) -> Iterator[str]:
    """Return the paragraphs of letters.

    One that ends with a colon is finished by an officer.
    """
    for each in "\n\n".join(blocks.values()).split("\n\n"):
        if not re.fullmatch(r"\{\w+\}", each):
            yield f"{each}{{words}}" if each.endswith(": ") else each


def labels_in(data: object) -> Iterator[str]:
    """Return what a file of questions shows: every label and hint, however deep."""
    if isinstance(data, list):
        for each in data:
            yield from labels_in(each)
    elif isinstance(data, dict):
        for key, each in data.items():
            if key in {"label", "hint"} and isinstance(each, str):
                yield each
            else:
                yield from labels_in(each)


def collect() -> Catalog:
    """Return a catalogue of every marked text, without translations."""
    catalogue = Catalog()
    for path in files():
        for name, line, text in texts_of(path):
            catalogue.add(text, locations=[(name, line)], flags=_flags(text))
    return catalogue


def _flags(text: str | tuple[str, ...]) -> list[str]:
    one = text if isinstance(text, str) else text[-1]
    return ["python-format"] if "%(" in one else []


def brought_up_to_date(path: Path, known: Catalog) -> bytes:
    """Return the bytes of a catalogue with today's texts and the translations it has."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name)
    catalogue.update(known, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    written = io.BytesIO()
    write_po(written, catalogue, width=100, sort_by_file=True, include_lineno=False)
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(OF_THE_TOOL))


def compiled(po: bytes, locale: str) -> bytes:
    """Return the compiled form of a catalogue."""
    written = io.BytesIO()
    write_mo(written, read_po(io.BytesIO(po), locale=locale))
    return written.getvalue()


def is_in_step(mo: Path, wanted: bytes) -> bool:
    """Return whether a compiled catalogue has the texts that it should have.

    Its header is not compared: that has the version of the tool.
    """
    if not mo.is_file():
        return False
    with mo.open("rb") as file:
        texts = [(each.id, each.string) for each in read_mo(file) if each.id]
    return texts == [(each.id, each.string) for each in read_mo(io.BytesIO(wanted)) if each.id]


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code of bringing every catalogue up to date, or of a check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    only_check = parser.parse_args(arguments).check
    known = collect()
    late: list[tuple[Path, bytes]] = []
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        po, mo = brought_up_to_date(path, known), path.with_suffix(".mo")
        binary = compiled(po, path.parent.parent.name)
        if path.read_bytes() != po:
            late.append((path, po))
        if not is_in_step(mo, binary):
            late.append((mo, binary))
    for target, content in late:
        if only_check:
            sys.stdout.write(
                f"{target.relative_to(ROOT)} is out of step: run python -m assets.catalogues\n"
            )
        else:
            target.write_bytes(content)
    return 1 if only_check and late else 0


if __name__ == "__main__":
    settings.configure(USE_I18N=True, BASE_DIR=ROOT)
    django.setup()
    sys.exit(main())
