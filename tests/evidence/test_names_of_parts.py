"""Office: a part or a folder that a person named is called anew, and still found."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote

import docx
import pytest
from PIL import Image

from grievances.evidence.sanitiser.parts.part_rules import PartNames
from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.documents import Parts, office_parts, open_parts, pack, unpack
from tests.evidence.planted import WHO
from tests.evidence.test_documents_open import needs_libreoffice, office


def picture(colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (9, 9), colour).save(out, "PNG")
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


def word_with_picture(name: str, target: str) -> bytes:
    """A Word file whose picture is in the part `name`, and is led to with `target`."""
    document, out = docx.Document(), io.BytesIO()
    document.add_picture(io.BytesIO(picture()))
    document.save(out)
    parts = {
        path.replace("media/image1.png", name): body.replace(b"media/image1.png", target.encode())
        for path, body in unpack(out.getvalue()).items()
    }
    return pack(parts)


def test_word_still_shows_a_picture_whose_part_a_person_named() -> None:
    name = "media/Alma_Testwright.png"
    report, copy = cleaned(word_with_picture(name, name))
    assert (report.code, names_in(copy)) == ("cleaned", [])
    (shape,) = docx.Document(io.BytesIO(copy)).inline_shapes
    link = shape._inline.graphic.graphicData.pic.blipFill.blip.embed  # noqa: SLF001
    assert docx.Document(io.BytesIO(copy)).part.related_parts[link].blob.startswith(b"\x89PNG")


def with_images(*addresses: str) -> str:
    images = "".join(f"<draw:image xlink:href='{each}'/>" for each in addresses)
    return f"<office:document-content>{images}</office:document-content>"


def colours(parts: Parts, source: str, key: str) -> list[tuple[int, ...]]:
    """The colour of each picture that a part leads to, in its order."""
    addresses = re.findall(rf'{key}="([^"]+\.\w+)"', parts[source].decode())
    bodies = [parts[each.lstrip("/")] for each in addresses]
    return [Image.open(io.BytesIO(each)).convert("RGB").getpixel((0, 0)) for each in bodies]  # type: ignore[misc]


PNG = base64.b64encode(picture())[:11]
"""How LibreOffice begins a picture in XML."""
RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.mark.parametrize(
    ("red", "blue"),
    [("Alma.png", "alma.png"), ("ALMA.png", "Alma.png"), ("Alma.png", "Alma.PNG"),
     ("Alma/a.png", "alma/a.png"), ("image1.png", "Image1.png"), ("A b.png", "A%20b.png"),
     ("Büro.png", "büro.png")],
)  # fmt: skip
def test_two_pictures_of_opendocument_are_not_taken_for_each_other(red: str, blue: str) -> None:
    paths = [f"Pictures/{red}", f"Pictures/{blue}"]
    given: dict[str, str | bytes] = {paths[0]: picture("red"), paths[1]: picture("blue")}
    report, copy = cleaned(pack(open_parts({**given, "content.xml": with_images(*paths)})))
    assert report.code == "cleaned"
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        assert len(set(package.namelist())) == len(package.namelist())
    new = unpack(copy)
    assert colours(new, "content.xml", "href") == [RED, BLUE]
    listed = re.findall(r'full-path="(Pictures/[^"]+)"', new["META-INF/manifest.xml"].decode())
    assert set(listed) == {path for path in new if path.startswith("Pictures/")}


@pytest.mark.parametrize(
    ("one", "other"),
    [("Alma.png", "alma.png"), ("Alma.png", "Alma.PNG"), ("image1.png", "IMAGE1.png"),
     ("My%20Pic.png", "my%20pic.png"), ("My Pic.png", "My%20Pic.png"), ("a/x.png", "A/x.png")],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_an_office_file_with_one_name_twice_is_broken(kind: str, one: str, other: str) -> None:
    folder = {"docx": "word", "xlsx": "xl", "pptx": "ppt"}[kind]
    given = {f"{folder}/media/{one}": picture("red"), f"{folder}/media/{other}": picture("blue")}
    report, copy = cleaned(pack(office_parts(kind, {**given})))
    assert (report.code, copy) == ("FILE_BROKEN", b"")


def test_folders_that_differ_by_case_are_no_names_of_parts() -> None:
    parts = {**office_parts("docx"), "word/media/": b"", "Word/Media/": b""}
    assert cleaned(pack(parts))[0].code == "cleaned"


SPELT = [
    ("media/My%20Pic.png", "media/My%20Pic.png"),
    ("media/My Pic.png", "media/My%20Pic.png"),
    ("media/My Pic.png", "media/My Pic.png"),
    ("media/My%20Pic.png", "media/My Pic.png"),
    ("media/B%C3%BCro.png", "media/B%C3%BCro.png"),
    ("media/b%c3%bcro.png", "media/B%C3%BCro.png"),
    ("media/Büro.png", "media/B%C3%BCro.png"),
    ("media/Büro.png", "media/Büro.png"),
    ("media/B%FCro.png", "media/B%FCro.png"),
    ("media/My%2520Pic.png", "media/My%2520Pic.png"),
    ("media/100% Alma.png", "media/100%25%20Alma.png"),
    ("media/A%3AB.png", "media/A%3AB.png"),
    ("media/a%23b.png", "media/a%23b.png"),
    ("media/a%2Fb.png", "media/a%2Fb.png"),
    ("media/image%201.png", "media/image%201.png"),
    ("media/image%31.png", "media/image1.png"),
    ("media/image1.png", "media%2Fimage1.png"),
    ("media/image1.png", "media/image1.png#fragment"),
    ("media/My%20Pic.png", "media/My%20Pic.png#Alma%20Testwright"),
    ("My%20Folder/a.png", "/word/My%20Folder/a.png"),
    ("My%20Folder/a.png", "../word/My%20Folder/a.png"),
]
"""How the name of a part of a picture, and what leads to it, can be spelt."""


@pytest.mark.parametrize(("name", "target"), SPELT)
def test_a_picture_is_found_however_its_name_is_spelt(name: str, target: str) -> None:
    report, copy = cleaned(word_with_picture(name, target))
    assert (report.code, names_in(copy)) == ("cleaned", [])
    document = docx.Document(io.BytesIO(copy))
    (shape,) = document.inline_shapes
    link = shape._inline.graphic.graphicData.pic.blipFill.blip.embed  # noqa: SLF001
    assert document.part.related_parts[link].blob.startswith(b"\x89PNG")
    assert not any(sign in path for path in unpack(copy) for sign in "% #:\n")


@needs_libreoffice
def test_libreoffice_shows_as_many_pictures_as_before(tmp_path: Path) -> None:
    document, out = docx.Document(), io.BytesIO()
    same = [*{unquote(name): name for name, target in SPELT if name == target}.values()]
    for number in range(len(same)):
        document.add_picture(io.BytesIO(picture(f"#{number:06x}")))
    document.save(out)
    parts = unpack(out.getvalue())
    links = "word/_rels/document.xml.rels"
    for number, name in enumerate(same, 1):
        old = f"media/image{number}.png"
        parts[f"word/{name}"] = parts.pop(f"word/{old}")
        parts[links] = parts[links].replace(old.encode(), name.encode())
    before, after = tmp_path / "before.docx", tmp_path / "after.docx"
    before.write_bytes(pack(parts))
    after.write_bytes(cleaned(before.read_bytes())[1])
    office(tmp_path, "fodt", before, after)
    shown = [each.with_suffix(".fodt").read_bytes().count(PNG) for each in (before, after)]
    assert shown == [len(same)] * 2


@pytest.mark.parametrize("address", ["Pictures/My%20Pic.png", "./Pictures/My%20Pic.png"])
def test_an_address_of_opendocument_is_a_name_as_it_is_or_unquoted(address: str) -> None:
    for name in ("Pictures/My%20Pic.png", "Pictures/My Pic.png"):
        parts = open_parts({name: picture("red"), "content.xml": with_images(address)})
        new = unpack(cleaned(pack(parts))[1])
        new = {path.removeprefix("./"): body for path, body in new.items()}
        assert re.search(r'href="(?:\./)?Pictures/part1.png"', new["content.xml"].decode())
        assert "Pictures/part1.png" in new


def test_a_part_whose_name_a_list_says_percent_encoded_stays_in_the_list() -> None:
    name = "word/Note%20of%20Alma.xml"
    parts = office_parts("docx", {name: "<w:ftr/>", "word/_rels/Note%20of%20Alma.xml.rels":
                                  "<Relationships/>"})  # fmt: skip
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"%20", b" ")
    new = unpack(cleaned(pack(parts))[1])
    assert {"word/part1.xml", "word/_rels/part1.xml.rels"} <= set(new)
    assert b'PartName="/word/part1.xml"' in new["[Content_Types].xml"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("word/vba%50roject.bin", "MACROS"), ("word/a.ex%65", "MACROS"),
     ("word/%61ctiveX/a.xml", "MACROS"), ("custom%58ml/item1.xml", "cleaned"),
     ("word/%2e%2e/%2E./a.xml", "cleaned"), ("word/..%2F..%2Fa.xml", "cleaned"),
     ("word/..%5C..%5Ca.xml", "cleaned")],
)  # fmt: skip
def test_a_percent_encoded_name_hides_nothing(name: str, code: str) -> None:
    report, copy = cleaned(
        pack(office_parts("docx", {name: f"<document><by>{WHO}</by></document>"}))
    )
    assert report.code == code
    assert len(unpack(copy) if copy else ()) in {0, 4}


@pytest.mark.parametrize(
    "ending", ["jpegxr", "JPEGXR", "xhtml", "webarchive", "x", "png", "model3d"]
)
def test_an_ending_that_the_list_of_kinds_names_stays(ending: str) -> None:
    parts = office_parts("docx", {f"word/media/Alma.{ending}": picture()})
    default = f'<Types><Default Extension="{ending.lower()}" ContentType="image/x"/>'.encode()
    types = re.sub(rb'<Override PartName="/word/media[^>]*>', b"", parts["[Content_Types].xml"])
    parts["[Content_Types].xml"] = types.replace(b"<Types>", default)
    new = unpack(cleaned(pack(parts))[1])
    assert f"word/media/part1.{ending.lower()}" in new
    assert f'Extension="{ending.lower()}"'.encode() in new["[Content_Types].xml"]


@pytest.mark.parametrize("ending", ["Smith", "smith", "Testwright", "png%0A"])
def test_an_ending_that_no_list_names_goes(ending: str) -> None:
    names = PartNames(is_open=False)
    names.learn("default", [("Extension", "a/b"), ("Extension", "png")])
    names.learn("override", [("Extension", ending)])
    assert names.of(f"word/Note to Alma.{ending}") == "word/part1"


@pytest.mark.parametrize(
    ("name", "new"),
    [("Alma.PNG", "part1.PNG"), ("Alma.jpegxr", "part1.jpegxr"), ("Alma.woff2", "part1.woff2"),
     ("Alma.Testwright", "part1"), ("Note to.Alma Smith", "part1"), ("Alma", "part1"),
     ("alma.testwright", "part1"), ("Alma.Smith", "part1")],
)  # fmt: skip
def test_opendocument_keeps_a_short_plain_ending_as_it_is(name: str, new: str) -> None:
    assert PartNames().of(f"Pictures/{name}") == f"Pictures/{new}"


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
