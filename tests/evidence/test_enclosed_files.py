"""Files inside files: each is judged and refused like one that comes alone."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

import pytest

from grievances.choices import Cleaning
from grievances.evidence import file_types, upload
from grievances.evidence.sanitiser import enclosed
from tests.evidence import documents, samples
from tests.evidence.cleaned_documents import cleaned
from tests.evidence.documents import pack
from workflow.steps import Refused


def test_what_is_inside_has_the_cleaner_of_what_comes_alone() -> None:
    alone = {code: kind.cleaner for code, kind in file_types.KINDS.items()}
    # The words of an email are such a text: looking into them as an email would never end.
    assert {**alone, "pasted_email": ""} == enclosed.CLEANERS


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
