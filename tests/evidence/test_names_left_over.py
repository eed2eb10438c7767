"""The search after cleaning: a name that is still in the copy is found."""

from __future__ import annotations

import base64

import pikepdf
import pytest

from grievances.evidence.sanitiser.parts import person_fields
from tests.evidence import documents, pdf_documents
from tests.evidence.cleaned_documents import all_inside, cleaned
from tests.evidence.documents import pack
from tests.evidence.planted import ACCOUNT, WHO


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
    document = pdf_documents.page()
    document.docinfo["/Author"] = WHO
    font = pdf_documents.entry(Type=pikepdf.Name.Font, BaseFont=pikepdf.Name(f"/{ACCOUNT}"))
    document.pages[0].obj.Resources = pdf_documents.entry(Font=pdf_documents.entry(F1=font))
    written = pikepdf.Stream(document, b"BT /F1 9 Tf (x) Tj ET")
    document.pages[0].obj.Contents = written
    report, copy = cleaned(pdf_documents.saved(document), "pdf")
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
