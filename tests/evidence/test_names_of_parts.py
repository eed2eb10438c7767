"""Office: a part or a folder that a person named is called anew, and still found."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from PIL import Image

from grievances.evidence.sanitiser.parts.part_rules import PartNames
from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.documents import office_parts, open_parts, pack, unpack
from tests.evidence.planted import WHO


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (9, 9), "navy").save(out, "PNG")
    return out.getvalue()


PLACES = {
    "picture of Word": ("docx", f"word/media/{WHO}.png", picture()),
    "part of Word": ("docx", f"word/{WHO}.xml", b"<w:ftr/>"),
    "folder of Excel": ("xlsx", f"xl/{WHO}/sheet1.xml", b"<worksheet/>"),
    "film of PowerPoint": ("pptx", f"ppt/media/Holiday of {WHO}.png", picture()),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_part_is_called_anew_and_the_document_still_leads_to_it(place: str) -> None:
    kind, name, body = PLACES[place]
    parts = office_parts(kind, {name: body})
    report, copy = cleaned(pack(parts))
    assert (report.code, names_in(copy)) == ("cleaned", [])
    new = unpack(copy)
    said = "".join(part.decode() for path, part in new.items() if path.endswith((".rels", "].xml")))
    led = set(re.findall(r'(?:Target|PartName)="/([^"]+)"', said))
    (called,) = {path for path in new if "part1" in path}
    assert called in led
    assert called.endswith(name[-4:])
    assert len(new) == len(parts)


def test_a_picture_of_opendocument_is_called_anew_and_still_found() -> None:
    image = f"<draw:image xlink:href='Pictures/{WHO.replace(' ', '%20')}.png'/>"
    content = f"<office:document-content>{image}</office:document-content>"
    body = pack(open_parts({f"Pictures/{WHO}.png": picture(), "content.xml": content}))
    report, copy = cleaned(body)
    assert (report.code, names_in(copy)) == ("cleaned", [])
    new = unpack(copy)
    assert "Pictures/part1.png" in new
    for part in ("content.xml", "META-INF/manifest.xml"):
        assert b'"Pictures/part1.png"' in new[part]


def test_word_still_shows_a_picture_whose_part_a_person_named() -> None:
    document, out = docx.Document(), io.BytesIO()
    document.add_picture(io.BytesIO(picture()))
    document.save(out)
    renamed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(renamed, "w") as new:
        for name in old.namelist():
            said = old.read(name).replace(b"media/image1.png", b"media/Alma_Testwright.png")
            new.writestr(name.replace("image1.png", "Alma_Testwright.png"), said)
    report, copy = cleaned(renamed.getvalue())
    assert (report.code, names_in(copy)) == ("cleaned", [])
    (shape,) = docx.Document(io.BytesIO(copy)).inline_shapes
    link = shape._inline.graphic.graphicData.pic.blipFill.blip.embed  # noqa: SLF001
    assert docx.Document(io.BytesIO(copy)).part.related_parts[link].blob.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "name",
    ["word/media/image12.png", "ppt/slides/slide3.xml", "xl/worksheets/sheet1.xml", "Object 1/x",
     "ppt/comments/modernComment_7FB_0.xml", "word/embeddings/Microsoft_Excel_Worksheet1.xlsx",
     "Pictures/10000201000001F40000012C3A.png", "word/_rels/document.xml.rels",
     "../slideLayouts/slideLayout1.xml", "./Object 2"],
)  # fmt: skip
def test_names_of_programs_stay(name: str) -> None:
    assert PartNames().of(name).rpartition("/")[0] == name.rpartition("/")[0]
    if not name.endswith("/x"):
        assert PartNames().of(name) == name
