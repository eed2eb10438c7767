"""What a file is, is decided by its content: every kind that is taken, every kind that is not."""

from __future__ import annotations

import pytest

from grievances.cases.models.evidence import Evidence
from grievances.casework import reading
from grievances.choices import Cleaning
from grievances.evidence import file_types, upload
from grievances.evidence.upload import Arrival
from tests.evidence import samples
from tests.evidence.samples import ACCEPTED, REFUSED
from tests.factories import cases
from tests.factories.people import Staff
from workflow.steps import Refused


def arrived(body: bytes, name: str = "rota.exe") -> Arrival:
    """A file that has come in, under a name that says something else."""
    pieces = (body[start : start + 50_000] for start in range(0, len(body), 50_000))
    return upload.receive(name, pieces)


def kind(body: bytes) -> str:
    return file_types.identify(
        lambda offset, length: body[offset : offset + length], len(body)
    ).code


def judged(body: bytes) -> Arrival:
    file = arrived(body)
    try:
        file.examine()
    except Refused:
        file.close()
        raise
    return file


@pytest.mark.parametrize("code", ACCEPTED)
def test_a_kind_that_is_taken_is_known_by_its_content(code: str) -> None:
    file = judged(ACCEPTED[code]())
    assert file.kind is not None
    assert file.kind.code == code
    assert file.cleaning != Cleaning.FAILED
    file.close()


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_taken_is_refused_in_a_sentence(what: str) -> None:
    code, make = REFUSED[what]
    with pytest.raises(Refused) as refusal:
        judged(make())
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")


def test_a_refused_file_leaves_nothing(staff: Staff) -> None:
    case = cases.raised(staff)
    file = arrived(samples.macro_word())
    folder = file.sealer.path.parent
    assert list(folder.iterdir())
    with pytest.raises(Refused, match="macros"):
        reading.add_file(case, staff.caller("complainant1"), file, now=cases.START)
    assert list(folder.iterdir()) == []
    assert not Evidence.objects.exists()


def test_the_list_of_kinds_and_the_sample_of_each_agree() -> None:
    known = {"gif", "bmp", "heic", "webm", "aac", "flac", "caf", "wav", "ogg", "pasted_email"}
    known |= {"excel", "powerpoint", "spreadsheet", "presentation", "drawing"}
    assert set(ACCEPTED) | known == set(file_types.KINDS)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"GIF89a" + bytes(60), "gif"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + bytes(60), "bmp"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(60), "heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(60), "heic"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(60), "webm"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0" + bytes(60), "video"),
        (b"\0\0\0\x18ftyp3gp4\0\0\0\0" + bytes(60), "video"),
        (b"\xff\xf1\x50\x80" + bytes(60), "aac"),
        (b"\xff\xfb\x90\x64" + bytes(60), "mp3"),
        (b"fLaC\0\0\0\x22" + bytes(60), "flac"),
        (b"caff\0\1\0\0desc" + bytes(60), "caf"),
        ("\ufeffUTF-16".encode("utf-16-le"), "text"),
        (b"a,b\r\n1,2\r\n", "text"),
        (b"caf\xe9 in an old Windows code page", "text"),
    ],
)
def test_other_kinds_by_their_first_bytes(body: bytes, code: str) -> None:
    assert kind(body) == code


def test_a_picture_from_a_phone_with_a_film_behind_it_is_taken() -> None:
    file = judged(samples.photo() + samples.recording())
    assert file.cleaning == Cleaning.CLEANED
    assert file.copy is not None
    assert b"ftyp" not in b"".join(file.copy.file.chunks())
    file.close()


@pytest.mark.parametrize(
    ("name", "kind", "is_copy", "saved"),
    [
        ("rota.pdf", "pdf", False, "rota.pdf"),
        ("photo.jpg.exe", "jpeg", False, "photo.jpg.exe.jpg"),
        ("IMG_1.HEIC", "heic", True, "IMG_1.jpg"),
        ("scan.bmp", "bmp", True, "scan.png"),
        ("run.bat", "text", False, "run.bat.txt"),
        ("../../evil\u202egpj.exe", "png", True, "evilgpj.exe.png"),
        ("x" * 300, "pdf", False, "x" * 116 + ".pdf"),
        ("old", "", False, "old.bin"),
        ("show.ppsx", "powerpoint", True, "show.ppsx"),
        ("rota", "excel", True, "rota.xlsx"),
        ("rota.xlsx", "office", True, "rota.xlsx"),
        ("register.ods", "spreadsheet", True, "register.ods"),
        ("plan.odg", "drawing", True, "plan.odg"),
        ("note.opus", "ogg", True, "note.opus"),
    ],
)
def test_a_file_is_saved_under_the_ending_of_what_it_is(
    name: str, kind: str, is_copy: bool, saved: str
) -> None:
    assert file_types.name_to_save(name, kind, is_copy=is_copy) == saved
