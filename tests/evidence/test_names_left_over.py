"""The search after cleaning: a name that is still in the copy is found."""

from __future__ import annotations

import base64

import pikepdf
import pytest

from grievances.evidence.sanitiser import look_again
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


def runs(*texts: str) -> str:
    said = "".join(f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>" for text in texts)
    return f"<w:ftr><w:p>{said}</w:p></w:ftr>"


IN_WORDS = {
    "two runs": runs("Alma ", "Testwright"),
    "runs inside a word": runs("Alma Test", "wright"),
    "letter by letter": runs(*WHO),
    "a tab between": runs("Alma") + runs("Testwright"),
    "narrow space": runs("Alma\u202fTestwright"),
    "signs that are not seen": runs("Al\u00adma Test\u200bwright"),
    "capitals": runs("ALMA", " ", "TESTWRIGHT"),
    "surname first": runs("Testwright, Alma"),
    "wide letters": runs("".join(chr(ord(sign) + 0xFEE0) if sign != " " else sign for sign in WHO)),
    "two lines": runs("Alma\nTestwright"),
}


@pytest.mark.parametrize("way", IN_WORDS)
def test_a_name_is_found_however_words_spell_it(way: str) -> None:
    part = f"<w:hdr>{IN_WORDS[way]}</w:hdr>".encode()
    (left, *_) = look_again.look(
        pack({**documents.office_parts("docx"), "word/header9.xml": part}), [("Author", WHO)]
    )
    assert (left.value, left.where, left.is_in_words) == (WHO, "word/header9.xml", True)


@pytest.mark.parametrize(
    "spelt",
    ["Testwright_Alma", "AlmaTestwright", "alma-testwright@work.invalid", "ALMA.TESTWRIGHT"],
)
def test_a_name_is_found_however_a_hidden_place_spells_it(spelt: str) -> None:
    part = f"<w:hdr w:x='{spelt}'/>".encode()
    copy = pack({**documents.office_parts("docx"), f"word/{spelt}.xml": part})
    left = look_again.look(copy, [("Author", WHO)])
    assert {each.where.strip() for each in left} == {"names of parts", f"word/{spelt}.xml"}
    assert not any(each.is_in_words for each in left)


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("Zoë Ŵyn", "ZOE ŴYN"), ("Zoë Ŵyn", "Zoe\u0308 W\u0302yn"), ("李明华", "李 明华"),
        ("Siân O'Brien", "Sian O’Brien"), ("Jean-Luc Marc", "Jean Luc Marc"),
        ("Юлия Петрова", "ПЕТРОВА ЮЛИЯ"),
    ],
)  # fmt: skip
def test_a_name_is_found_in_other_letters(name: str, spelt: str) -> None:
    copy = pack({**documents.office_parts("docx"), "word/header9.xml": runs(spelt).encode()})
    assert look_again.look(copy, [("Author", name)])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ann Lee", "Joann Leeds"), ("Ann Lee", "a plan needs"), ("Will Page", "You will, a page"),
        ("Al", "Al"), ("Alma Testwright", "Alma met a test wrighter"),
    ],
)  # fmt: skip
def test_other_words_are_no_name(name: str, words: str) -> None:
    copy = pack({**documents.office_parts("docx"), "word/header9.xml": runs(words).encode()})
    assert not look_again.look(copy, [("Author", name)])


def test_a_name_is_found_where_a_pdf_moves_its_letters() -> None:
    document = pdf_documents.page()
    instructions = b"BT [(Alma Te) -20 (stwri) 15 (ght)] TJ ET"
    document.pages[0].obj.Contents = pikepdf.Stream(document, instructions)
    (left, *_) = look_again.look(pdf_documents.saved(document), [("Author", WHO)])
    assert left.is_in_words


def test_a_name_in_what_is_seen_of_an_attribute_is_one_in_words() -> None:
    drawn = f"<w:hdr><wp:docPr descr='{WHO} on the stairs' title='x'/></w:hdr>".encode()
    copy = pack({**documents.office_parts("docx"), "word/header9.xml": drawn})
    (left,) = look_again.look(copy, [("Author", WHO)])
    assert left.is_in_words
