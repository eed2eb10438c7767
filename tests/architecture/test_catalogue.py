"""Every text that is marked for translation has a whole translation in every catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from assets import catalogues
from tests.architecture.sources import ROOT

BOOKS = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))
PLACE = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+(?::,)?\}")
TAG = re.compile(r"<[^>]+>")


def book(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def forms(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (str(text),)


def mistakes(message: Message, plurals: int) -> list[str]:
    """What is wrong with one entry, each with the file its text is in."""
    of, said = forms(message.id)[-1], forms(message.string)
    wanted = plurals if isinstance(message.id, list | tuple) else 1
    where = ", ".join(name for name, _ in message.locations)
    found = []
    if message.fuzzy:
        found.append("is only a guess (fuzzy)")
    if len(said) != wanted or not all(said):
        found.append("is not translated in full")
    for text in filter(None, said):
        if set(PLACE.findall(text)) != set(PLACE.findall(of)):
            found.append(f"has other places for values: {text}")
        if sorted(TAG.findall(text)) != sorted(TAG.findall(of)):
            found.append(f"has other tags: {text}")
    return [f"{where}: {of!r} {each}" for each in found]


@pytest.fixture(scope="module")
def known() -> Catalog:
    return catalogues.collect()


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.parent.parent.name)
class TestABook:
    def test_has_every_text_of_the_pages(self, path: Path, known: Catalog) -> None:
        own = book(path)
        missing = [
            f"{each.locations[0][0]}: {each.id!r} is not in it, run python -m assets.catalogues"
            for each in known
            if each.id and own.get(each.id) is None
        ]
        assert missing == []

    def test_has_no_text_that_the_pages_do_not_have(self, path: Path, known: Catalog) -> None:
        assert [each.id for each in book(path) if each.id and known.get(each.id) is None] == []

    def test_translates_each_in_full(self, path: Path) -> None:
        own = book(path)
        found = [said for each in own if each.id for said in mistakes(each, own.num_plurals)]
        assert found == []

    def test_is_compiled(self, path: Path, known: Catalog) -> None:
        po = catalogues.brought_up_to_date(path, known)
        binary = catalogues.compiled(po, path.parent.parent.name)
        assert path.read_bytes() == po
        assert catalogues.is_in_step(path.with_suffix(".mo"), binary)


def test_there_is_a_welsh_book_that_awaits_a_translator() -> None:
    (path,) = [each for each in BOOKS if each.parent.parent.name == "cy"]
    text = path.read_text(encoding="utf-8")
    assert "Not yet reviewed by a professional translator" in text
    assert book(path).num_plurals == 4


@pytest.mark.parametrize(
    ("of", "said", "word"),
    [
        ("Hello", "", "in full"),
        ("By {day}", "Erbyn", "other places"),
        ("By %(day)s", "Erbyn %(diwrnod)s", "other places"),
        ("<b>Now</b>", "Nawr", "other tags"),
    ],
)
def test_a_mistake_is_named(of: str, said: str, word: str) -> None:
    (found,) = mistakes(Message(of, said, locations=[("templates/a.html", 1)]), 4)
    assert word in found
    assert found.startswith("templates/a.html")
