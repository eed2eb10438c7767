"""A file comes back as it was given, or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from grievances.actions import Deed, NotAllowed, perform, reading
from grievances.models import Case, Event, Evidence
from grievances.models.keyring import Keyring
from grievances.models.records import CHUNK_BYTES, file_facts, keep_file, open_file
from grievances.vault import Unreadable
from tests import corners, given
from tests.cast import Cast
from tests.given import START
from workflow.models import AlreadyRecorded
from workflow.steps import Refused

NAME = "PLANTED-FILE-NAME ‮fdp.exe"
BODY = b"PLANTED-FILE-BODY" + bytes(range(256)) * (CHUNK_BYTES // 100)
"""More than two chunks."""


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return tmp_path / "evidence"


def keep(cast: Cast, case: Case, body: bytes = BODY, name: str = NAME) -> Evidence:
    """The complainant adds a file."""
    file = ContentFile(body, name=name)
    event = reading.add_file(case, cast.caller("complainant1"), file, now=START)
    return Evidence.objects.get(pk=event.data["file"])


def opened(cast: Cast, case: Case, evidence: Evidence, name: str = "triage1") -> bytes:
    return b"".join(open_file(evidence, Keyring.of(case, cast.holders[name])))


@pytest.mark.parametrize(
    "body",
    [b"", b"a", b"b" * CHUNK_BYTES, b"c" * (CHUNK_BYTES + 1), BODY],
    ids=["empty", "one byte", "one chunk", "one more", "three chunks"],
)
def test_a_file_comes_back_as_it_was(cast: Cast, body: bytes) -> None:
    case = given.acknowledged(cast)
    evidence = keep(cast, case, body)
    facts, chunks = reading.download(
        cast.caller("triage1"), case.reference, str(evidence.pk), now=START
    )
    assert b"".join(chunks) == body
    assert (facts.size, facts.author) == (len(body), "complainant")
    assert Event.objects.filter(kind="case.downloaded", subject=case.reference).count() == 1


def test_nothing_of_the_file_lies_open(cast: Cast, folder: Path) -> None:
    case = given.acknowledged(cast)
    evidence = keep(cast, case)
    [path] = folder.iterdir()
    assert path == evidence.path
    assert b"PLANTED" not in path.read_bytes() + path.name.encode()
    assert b"PLANTED" not in bytes(evidence.sealed_facts)
    assert file_facts(evidence, Keyring.of(case, cast.holders["triage1"])).name == NAME


def cut(raw: bytes) -> bytes:
    return raw[:-1]


def cut_after_a_chunk(raw: bytes) -> bytes:
    return raw[: 4 + int.from_bytes(raw[:4], "big")]


def swap_the_first_two(raw: bytes) -> bytes:
    size = 4 + int.from_bytes(raw[:4], "big")
    return raw[size : 2 * size] + raw[:size] + raw[2 * size :]


def drop_the_first(raw: bytes) -> bytes:
    return raw[4 + int.from_bytes(raw[:4], "big") :]


def say_it_twice(raw: bytes) -> bytes:
    return raw + raw


def add_a_byte(raw: bytes) -> bytes:
    return raw + b"\x00"


def change_a_byte(raw: bytes) -> bytes:
    return raw[:5000] + bytes([raw[5000] ^ 1]) + raw[5001:]


def claim_a_huge_chunk(raw: bytes) -> bytes:
    return b"\xff\xff\xff\xff" + raw[4:]


@pytest.mark.parametrize(
    "harm",
    [
        cut,
        cut_after_a_chunk,
        swap_the_first_two,
        drop_the_first,
        say_it_twice,
        add_a_byte,
        change_a_byte,
        claim_a_huge_chunk,
        lambda raw: b"",
    ],
)
def test_a_file_that_was_harmed_is_refused(cast: Cast, harm: Callable[[bytes], bytes]) -> None:
    case = given.acknowledged(cast)
    evidence = keep(cast, case)
    evidence.path.write_bytes(harm(evidence.path.read_bytes()))
    with pytest.raises(Unreadable):
        opened(cast, case, evidence)


def test_a_shortened_count_does_not_hide_the_end_of_a_file(cast: Cast) -> None:
    case = given.acknowledged(cast)
    evidence = keep(cast, case)
    Evidence.objects.filter(pk=evidence.pk).update(chunks=1)
    evidence.path.write_bytes(cut_after_a_chunk(evidence.path.read_bytes()))
    with pytest.raises(Unreadable):
        opened(cast, case, Evidence.objects.get(pk=evidence.pk))


def test_a_file_cannot_pass_for_another(cast: Cast) -> None:
    case, other = given.acknowledged(cast), given.acknowledged(cast)
    first, second = keep(cast, case), keep(cast, case, b"other")
    second.path.write_bytes(first.path.read_bytes())
    with pytest.raises(Unreadable):
        opened(cast, case, second)
    Evidence.objects.filter(pk=first.pk).update(case=other)
    moved = Evidence.objects.get(pk=first.pk)
    with pytest.raises(Unreadable):
        opened(cast, other, moved)
    with pytest.raises(Unreadable):
        file_facts(moved, Keyring.of(other, cast.holders["triage1"]))


class Breaking(io.BytesIO):
    """An upload whose line breaks off after the first chunk."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > CHUNK_BYTES:
            raise OSError("The line broke.")
        return super().read(size)


def test_an_upload_that_breaks_off_leaves_nothing(cast: Cast, folder: Path) -> None:
    case = given.acknowledged(cast)
    ring = Keyring.of(case, cast.holders["complainant1"])
    with pytest.raises(OSError, match="The line broke"):
        keep_file(case, ring, Breaking(BODY), NAME, author="complainant", now=START)
    assert list(folder.iterdir()) == []
    assert not Evidence.objects.exists()


def test_a_file_that_may_not_be_added_leaves_nothing(cast: Cast, folder: Path) -> None:
    case = corners.archived(cast)
    with pytest.raises(Refused):
        reading.add_file(case, cast.caller("complainant1"), ContentFile(BODY, name="x"), now=START)
    for name in ("respondent1", "lead1", "staff1"):
        with pytest.raises(NotAllowed):
            reading.add_file(case, cast.caller(name), ContentFile(BODY, name="x"), now=START)
    assert list(folder.iterdir()) == []
    assert not Evidence.objects.exists()


def test_the_same_press_keeps_one_file(cast: Cast, folder: Path) -> None:
    case = given.acknowledged(cast)
    caller = cast.caller("complainant1")
    reading.add_file(case, caller, ContentFile(b"a", name="x"), now=START, once="one")
    with pytest.raises(AlreadyRecorded):
        reading.add_file(case, caller, ContentFile(b"a", name="x"), now=START, once="one")
    assert len(list(folder.iterdir())) == Evidence.objects.count() == 1


def test_evidence_without_a_file_is_refused(cast: Cast) -> None:
    case = given.acknowledged(cast)
    with pytest.raises(Refused) as refusal:
        perform(
            "add_evidence",
            case_id=case.pk,
            caller=cast.caller("complainant1"),
            now=START,
            deed=Deed(),
        )
    assert refusal.value.code == "ANSWER_MISSING"


@pytest.mark.parametrize("name", ["respondent1", "lead1", "dpo1", "staff1", "admin1", "triage2"])
def test_nobody_else_downloads(cast: Cast, name: str) -> None:
    case = given.acknowledged(cast)
    evidence = keep(cast, case)
    with pytest.raises(NotAllowed):
        reading.download(cast.caller(name), case.reference, str(evidence.pk), now=START)


def test_a_file_of_another_case_is_not_there(cast: Cast) -> None:
    case, other = given.acknowledged(cast), given.acknowledged(cast)
    evidence = keep(cast, case)
    with pytest.raises(NotAllowed):
        reading.download(cast.caller("triage1"), other.reference, str(evidence.pk), now=START)


def test_erasing_takes_the_files_along(cast: Cast, folder: Path) -> None:
    case = given.closed(cast)
    keep(cast, case)
    assert len(list(folder.iterdir())) == 1
    Case.unguarded.filter(pk=case.pk).update(state="ARCHIVED")
    corners.agree_keeping(cast, case, "erase", "TIME_OVER", START)
    given.done(cast, case, "dpo1", "erase", START)
    assert list(folder.iterdir()) == []
