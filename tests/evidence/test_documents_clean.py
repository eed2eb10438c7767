"""No name is left in the copy of a document, in whatever part of it the name was."""

from __future__ import annotations

import base64
import binascii
import io
import random
from collections.abc import Callable, Iterator

import pikepdf
import pytest

from grievances.choices import Cleaning
from grievances.evidence import file_types, upload
from grievances.evidence.sanitiser import __main__ as sanitiser
from grievances.evidence.sanitiser import enclosed
from grievances.evidence.sanitiser.parts import person_fields
from grievances.evidence.sanitiser.protocol import Report
from tests.attacks.leak_scan import Loot
from tests.evidence import documents, samples
from tests.evidence.documents import ACCOUNT, PDF_PLACES, PLACES, WHO, WORDS, Parts, pack
from tests.evidence.test_cleaning import unpacked
from workflow.steps import Refused


def cleaned(body: bytes, cleaner: str = "office") -> tuple[Report, bytes]:
    copy = io.BytesIO()
    return sanitiser.sanitise(cleaner, io.BytesIO(body), copy), copy.getvalue()


def all_inside(body: bytes) -> Iterator[bytes]:
    """A file and everything in it, at any depth."""
    for piece in unpacked(body):
        yield piece
        if piece is not body and piece.startswith((b"PK", b"%PDF")):
            yield from all_inside(piece)


def names_in(body: bytes) -> list[str]:
    """What is left of the person, in any encoding."""
    pieces = Loot([("copy", piece) for piece in all_inside(body)])
    return [each for each in (WHO, ACCOUNT, "Testwright") if pieces.holds(each)]


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
        body = documents.saved(document, static_id=False)
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
    assert ("Files enclosed", "diary.txt") in cleaned(documents.pinned(), "pdf")[0].found
    assert ("A signature", "yes") in cleaned(documents.signed_pdf(), "pdf")[0].found


def test_dates_are_told_in_words() -> None:
    made = "<dcterms:created>2026-11-29T21:38:40Z</dcterms:created>"
    core = {"docProps/core.xml": f"<cp:coreProperties>{made}</cp:coreProperties>"}
    report, _ = cleaned(pack(documents.office_parts("docx", dict(core))))
    assert ("Made on", "29 November 2026, 21:38") in report.found
    document = documents.page()
    document.docinfo["/CreationDate"] = "D:20261129213901Z'"
    report, _ = cleaned(documents.saved(document), "pdf")
    assert ("Made on", "29 November 2026, 21:39") in report.found


# Look again.


def test_a_name_that_cleaning_missed_is_found_and_the_copy_is_not_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a cleaner that forgets comments, looking again still finds the name."""
    monkeypatch.setattr(person_fields, "AUTHOR_ATTRIBUTES", frozenset())
    parts = documents.office_parts(
        "docx",
        {
            **documents.author(),
            "word/comments.xml": f"<w:comments><w:c w:author='{WHO}'/></w:comments>",
        },
    )
    report, copy = cleaned(pack(parts))
    assert (report.code, copy) == ("failed", b"")
    assert ("Still in the copy", f"{WHO} (word/comments.xml)") in report.found


@pytest.mark.parametrize(
    "coat",
    [
        WHO,
        ACCOUNT,
        WHO.upper(),
        WHO.replace(" ", "%20"),
        base64.b64encode(f"x{WHO}".encode()).decode(),
        WHO.encode().hex(),
    ],
)
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_name_is_found_in_every_encoding_and_at_every_depth(coat: str, depth: int) -> None:
    style = f"<w:styles><w:style w:name='{coat}'/></w:styles>"
    parts = documents.office_parts("docx", {"word/styles.xml": style})
    for _ in range(depth):
        parts = documents.office_parts("docx", {"word/embeddings/a.docx": pack(parts)})
    report, copy = cleaned(
        pack({**parts, **{n: documents.text(b) for n, b in documents.author().items()}})
    )
    assert (report.code, copy) == ("failed", b"")
    what, where = report.found[0]
    assert what == "Still in the copy"
    assert WHO in where
    assert "word/styles.xml" in where


@pytest.mark.parametrize("depth", [0, 2])
def test_a_name_in_the_words_themselves_is_told_and_the_copy_is_not_called_clean(
    depth: int,
) -> None:
    body = f"<w:document xmlns:w='w'><w:t>I am {WHO}.</w:t></w:document>"
    parts = {**documents.office_parts("docx"), "word/document.xml": body.encode()}
    for _ in range(depth):
        parts = documents.office_parts("docx", {"word/embeddings/a.docx": pack(parts)})
    parts |= {name: documents.text(said) for name, said in documents.author().items()}
    report, copy = cleaned(pack(parts))
    assert report.code == "words"
    what, where = report.found[0]
    assert what == "Still in its words"
    assert WHO in where
    assert "word/document.xml" in where
    assert WHO.encode() in b"".join(all_inside(copy))


def test_a_name_in_a_pdf_that_cleaning_missed_is_found() -> None:
    document = documents.page()
    document.docinfo["/Author"] = WHO
    font = documents.entry(Type=pikepdf.Name.Font, BaseFont=pikepdf.Name(f"/{ACCOUNT}"))
    document.pages[0].obj.Resources = documents.entry(Font=documents.entry(F1=font))
    written = pikepdf.Stream(document, b"BT /F1 9 Tf (x) Tj ET")
    document.pages[0].obj.Contents = written
    report, copy = cleaned(documents.saved(document), "pdf")
    assert (report.code, copy) == ("failed", b"")
    assert report.found[0][0] == "Still in the copy"


def test_a_title_or_a_common_word_is_not_taken_for_a_name() -> None:
    said = "<dc:creator>Owner</dc:creator><dc:title>Rota</dc:title>"
    core = {"docProps/core.xml": f"<cp:coreProperties>{said}</cp:coreProperties>"}
    parts = documents.office_parts("docx", dict(core))
    parts["word/document.xml"] = (
        b"<w:document xmlns:w='w'><w:t>Rota of the Owner</w:t></w:document>"
    )
    assert cleaned(pack(parts))[0].code == "cleaned"


# Judged and refused alike.


def test_what_is_inside_has_the_cleaner_of_what_comes_alone() -> None:
    assert {code: kind.cleaner for code, kind in file_types.KINDS.items()} == enclosed.CLEANERS


@pytest.mark.parametrize(
    "kind", [each for each in samples.ACCEPTED if file_types.is_recording(each)]
)
def test_a_recording_inside_slides_is_cleaned(kind: str) -> None:
    body = samples.ACCEPTED[kind]()
    report, copy = cleaned(pack(documents.office_parts("pptx", {f"ppt/media/a.{kind}": body})))
    alone, alone_copy = cleaned(body, file_types.KINDS[kind].cleaner)
    assert report.code == alone.code == "cleaned"
    assert documents.unpack(copy)[f"ppt/media/a.{kind}"] == alone_copy


@pytest.mark.parametrize("depth", [0, 1, 3])
@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("word/media/setup.bat", b"@echo off\r\n"),
        ("word/media/tool.PS1", b"Write-Host nothing"),
        ("word/media/run.py", b"print(1)"),
        ("word/media/picture.png", b"MZ\x90\0" + bytes(300)),
        ("word/media/picture.jpg", b"\x7fELF" + bytes(300)),
        ("word/embeddings/a.docx", samples.macro_word()),
        ("word/embeddings/a.xyz", samples.hidden_macro_word()),
        ("word/vbaProject.bin", b"x"),
        ("word/VBAPROJECT.BIN", b"x"),
        ("word/other.bin", samples.outlook(with_macros=True)),
    ],
)
def test_a_program_inside_a_document_is_refused_at_any_depth(
    name: str, body: bytes, depth: int
) -> None:
    parts = documents.office_parts("docx", {name: body})
    for _ in range(depth):
        parts = documents.office_parts("docx", {"word/embeddings/x": pack(parts)})
    assert cleaned(pack(parts))[0].code == "MACROS"


def test_the_refusal_names_the_file_inside() -> None:
    file = upload.receive(
        "x", iter([pack(documents.office_parts("docx", {"word/media/a.bat": b"x"}))])
    )
    with pytest.raises(Refused, match="word/media/a.bat"):
        file.examine()
    file.close()


def test_an_object_of_an_older_program_is_called_a_document_not_a_program() -> None:
    parts = documents.office_parts(
        "docx", {"word/embeddings/oleObject1.bin": samples.outlook()[:512] + bytes(900)}
    )
    file = upload.receive("x", iter([pack(parts)]))
    with pytest.raises(Refused, match="another document inside") as refused:
        file.examine()
    assert "macros" not in refused.value.sentence
    file.close()


def test_documents_in_documents_without_end_are_refused() -> None:
    parts = documents.office_parts("docx")
    for _ in range(12):
        parts = documents.office_parts("docx", {"word/embeddings/a.docx": pack(parts)})
    assert cleaned(pack(parts))[0].code == "TOO_MANY_PARTS"


def test_entities_of_xml_are_not_unfolded() -> None:
    bomb = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]><w:styles>&a;</w:styles>"
    assert (
        cleaned(pack(documents.office_parts("docx", {"word/styles.xml": bomb})))[0].code == "BOMB"
    )


HEADS = b"From: a@work.invalid\nTo: b@work.invalid\nSubject: s\nMessage-ID: <1@work.invalid>\n"
PROGRAM = b"MZ\x90\0" + bytes(100)


def letter(head: bytes, body: bytes) -> bytes:
    return HEADS + head + b"\n\n" + body + b"\n"


def uuencoded(body: bytes) -> bytes:
    lines = [binascii.b2a_uu(body[at : at + 45]) for at in range(0, len(body), 45)]
    return b"begin 644 rota.pdf\n" + b"".join(lines) + b"`\nend"


WRITTEN_OTHERWISE = {
    "an email inside in base64": lambda: letter(
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64",
        base64.encodebytes(samples.message(PROGRAM, "r.pdf")),
    ),
    "a space behind the encoding": lambda: letter(
        b"Content-Type: application/pdf\nContent-Transfer-Encoding: BASE64 ",
        base64.encodebytes(PROGRAM),
    ),
    "a file in the words": lambda: letter(b"Content-Type: text/plain", uuencoded(PROGRAM)),
    "the second of a mailbox": lambda: (
        b"From a Sun Nov 29 10:00:00 2026\n"
        + letter(b"Content-Type: text/plain", b"hello")
        + b"\nFrom a Sun Nov 29 11:00:00 2026\n"
        + samples.message(PROGRAM, "r.pdf")
    ),
}


@pytest.mark.parametrize("what", WRITTEN_OTHERWISE)
def test_a_program_in_an_email_is_found_however_it_is_written(what: str) -> None:
    body = WRITTEN_OTHERWISE[what]()
    assert cleaned(body, "email")[0].code == "MACROS"
    assert cleaned(body.replace(b"\n", b"\r\n"), "email")[0].code == "MACROS"


@pytest.mark.parametrize("ending", ["xll", "url", "jnlp", "msc", "WSC", "appref-ms", "deb"])
def test_other_programs_by_their_ending_are_refused(ending: str) -> None:
    assert cleaned(samples.message(b"hello", f"rota.{ending}"), "email")[0].code == "MACROS"


@pytest.mark.parametrize(
    "make",
    [
        lambda: samples.message(samples.package({"a/b.exe": b"x"}), "a.zip"),
        lambda: samples.message(samples.message(b"MZ\x90\0", "r.pdf"), "x.eml"),
        lambda: samples.message(samples.package({"a/b.zip": samples.package({"c.js": b"x"})}), "a"),
    ],
    ids=["in an archive", "in an email", "in an archive in an archive"],
)
def test_a_program_in_an_archive_or_an_email_in_an_email_is_refused(
    make: Callable[[], bytes],
) -> None:
    assert cleaned(make(), "email")[0].code == "MACROS"


def test_an_email_is_kept_with_its_names_and_the_adder_is_told() -> None:
    file = upload.receive("x", iter([samples.message(samples.package({"a.txt": b"x"}), "a.zip")]))
    file.examine()
    assert (file.cleaning, file.copy) == (Cleaning.NONE, None)
    assert ("Names and addresses that stay in it", "a@example.invalid") in file.found
    file.close()
