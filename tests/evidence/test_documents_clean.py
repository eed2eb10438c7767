"""No name is left in the copy of a document, in whatever part of it the name was."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pikepdf
import pytest

from tests.evidence import documents, pdf_documents, samples
from tests.evidence.cleaned_documents import all_inside, cleaned, names_in
from tests.evidence.documents import PLACES, Parts, pack
from tests.evidence.pdf_documents import PDF_PLACES
from tests.evidence.planted import WORDS
from tests.evidence.test_cleaning import unpacked


def upper_case(parts: Parts) -> Parts:
    return {name.upper() if name != "mimetype" else name: body for name, body in parts.items()}


def backwards(parts: Parts) -> Parts:
    return dict(reversed(parts.items()))


def other_types(parts: Parts) -> Parts:
    """The same parts, said to be of other kinds."""
    lies = {
        b"application/xml": b"image/png",
        b'Type="x"': b'Type="http://pictures.invalid/picture"',
    }
    out = dict(parts)
    for name in parts:
        if "Content_Types" in name or name.endswith(".rels"):
            for true, lie in lies.items():
                out[name] = out[name].replace(true, lie)
    return out


def other_names(parts: Parts) -> Parts:
    """The same parts under other names, where names are free: in packages of Office."""
    if "mimetype" in parts:
        return parts
    moved = {}
    for name, body in parts.items():
        is_fixed = (
            "content_types" in name.lower()
            or name.lower().endswith(".rels")
            or name.lower() in dict(documents.MAIN.values())
        )
        folder, _, last = name.rpartition("/")
        moved[name if is_fixed else f"{folder}/other/z{last}"] = body
    return moved


def wrapped(parts: Parts) -> Parts:
    """The document inside a sheet inside a text."""
    sheet = documents.office_parts("xlsx", {"xl/embeddings/x.bin.docx": pack(parts)})
    return documents.open_parts({"Object 7/x": pack(sheet)})


def in_utf_16(parts: Parts) -> Parts:
    """The XML in the other encoding that XML always has."""
    return {
        name: body.decode().encode("utf-16")
        if body.startswith(b"<") and "Content_Types" not in name
        else body
        for name, body in parts.items()
    }


VARIATIONS: dict[str, Callable[[Parts], Parts]] = {
    "as it is": lambda parts: parts,
    "upper case": upper_case,
    "backwards": backwards,
    "other types": other_types,
    "other names": other_names,
    "wrapped": wrapped,
    "UTF-16": in_utf_16,
}


@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("place", PLACES)
def test_no_name_is_left_in_a_package(place: str, variation: str) -> None:
    body = pack(VARIATIONS[variation](PLACES[place]()))
    assert names_in(pack(PLACES[place]())) or "path" in place, "nothing was planted"
    report, copy = cleaned(body)
    assert report.code == "cleaned", report
    assert names_in(copy) == []
    assert ".." not in "".join(documents.unpack(copy))


@pytest.mark.parametrize("place", PDF_PLACES)
def test_no_name_is_left_in_a_pdf(place: str) -> None:
    body = PDF_PLACES[place]()
    assert names_in(body), "nothing was planted"
    report, copy = cleaned(body, "pdf")
    assert report.code == "cleaned", report
    assert names_in(copy) == []
    assert WORDS.encode() in b"".join(unpacked(copy))


def test_the_words_stay_in_every_package() -> None:
    for kind in documents.MAIN:
        _, copy = cleaned(pack(documents.office_parts(kind)))
        assert WORDS.encode() in b"".join(all_inside(copy))


@pytest.mark.parametrize("seed", range(20))
def test_no_name_is_left_where_many_places_meet(seed: int) -> None:
    chosen = random.Random(seed)
    kind = chosen.choice(["word/", "xl/", "ppt/"])
    parts: Parts = {}
    for make in PLACES.values():
        made = make()
        if any(name.startswith(kind) for name in made) and chosen.random() < 0.6:
            parts = {**made, **{n: b for n, b in parts.items() if "Content_Types" not in n}}
    for variation in chosen.sample(sorted(VARIATIONS), 3):
        if variation not in {"UTF-16", "wrapped"}:
            parts = VARIATIONS[variation](parts)
    report, copy = cleaned(pack(parts))
    assert report.code == "cleaned", report
    assert names_in(copy) == []


def test_the_two_halves_of_the_number_of_a_pdf_are_new() -> None:
    original = samples.pdf()
    number = b"0123456789abcdef" * 2
    original += b"\n"
    with pikepdf.open(io.BytesIO(original)) as document:
        document.trailer.ID = pikepdf.Array([number, number])
        body = pdf_documents.saved(document, static_id=False)
    _, copy = cleaned(body, "pdf")
    with (
        pikepdf.open(io.BytesIO(body)) as before,
        pikepdf.open(io.BytesIO(copy)) as after,
    ):
        halves = {bytes(half) for half in after.trailer.ID}
        assert not halves & {bytes(half) for half in before.trailer.ID}


@pytest.mark.parametrize(
    "words",
    [
        "A signature",
        "Settings of a printer",
        "Earlier versions of the text",
        "A small picture of the first page",
    ],
)
def test_the_adder_is_told_what_was_left_out(words: str) -> None:
    told = {what for make in PLACES.values() for what, _ in cleaned(pack(make()))[0].found}
    assert words in told


def test_the_adder_of_a_pdf_is_told_of_pinned_files_and_signatures() -> None:
    assert ("Files enclosed", "diary.txt") in cleaned(pdf_documents.pinned(), "pdf")[0].found
    assert ("A signature", "yes") in cleaned(pdf_documents.signed_pdf(), "pdf")[0].found


def test_dates_are_told_in_words() -> None:
    made = "<dcterms:created>2026-11-29T21:38:40Z</dcterms:created>"
    core = {"docProps/core.xml": f"<cp:coreProperties>{made}</cp:coreProperties>"}
    report, _ = cleaned(pack(documents.office_parts("docx", dict(core))))
    assert ("Made on", "29 November 2026, 21:38") in report.found
    document = pdf_documents.page()
    document.docinfo["/CreationDate"] = "D:20261129213901Z'"
    report, _ = cleaned(pdf_documents.saved(document), "pdf")
    assert ("Made on", "29 November 2026, 21:39") in report.found
