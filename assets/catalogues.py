"""The catalogues of the pages: `python -m assets.catalogues` brings them up to date.

Every text that a template or a module marks for translation goes into `locale/CODE/LC_MESSAGES/
django.po`, with where it is. Each catalogue is then compiled, so that a bare machine needs no tool
to serve it. `--check` changes nothing, and names what is out of step.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CODE, PAGES = ("config", "grievances", "notifications", "workflow"), "templates"
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
Message = tuple[str, int, str | tuple[str, ...]]


def files() -> Iterator[Path]:
    """Return every file that may hold a text for people."""
    for name in CODE:
        yield from sorted((ROOT / name).rglob("*.py"))
    yield from sorted(
        path for path in (ROOT / PAGES).rglob("*") if path.suffix in {".html", ".txt"}
    )


def texts_of(path: Path) -> list[Message]:
    """Return the texts that one file marks: (file, line, text or its two numbers)."""
    name = path.relative_to(ROOT).as_posix()
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # The rest is blanked out, but its indentation is not that of a module.
        lines = templatize(source, origin=name).splitlines()
        source = "\n".join(line.lstrip() for line in lines)
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
    return [(name, line, text) for line, text, _, _ in found if text]


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
    return written.getvalue()


def compiled(po: bytes, locale: str) -> bytes:
    """Return the compiled form of a catalogue."""
    written = io.BytesIO()
    write_mo(written, read_po(io.BytesIO(po), locale=locale))
    return written.getvalue()


def main(arguments: list[str] | None = None) -> int:
    """Bring every catalogue up to date, or check it; return 1 where one is out of step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    only_check = parser.parse_args(arguments).check
    known, late = collect(), []
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        po = brought_up_to_date(path, known)
        wanted = {path: po, path.with_suffix(".mo"): compiled(po, path.parent.parent.name)}
        for target, content in wanted.items():
            if not target.is_file() or target.read_bytes() != content:
                late.append(target)
                if not only_check:
                    target.write_bytes(content)
    for target in late if only_check else []:
        sys.stdout.write(f"{target.relative_to(ROOT)} is out of step: make catalogues\n")
    return 1 if only_check and late else 0


if __name__ == "__main__":
    settings.configure(USE_I18N=True, BASE_DIR=ROOT)
    django.setup()
    sys.exit(main())
