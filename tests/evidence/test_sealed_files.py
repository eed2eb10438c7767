"""A file comes back as it was given, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.evidence import Evidence, file_facts, sealed_file
from grievances.casework import reading
from grievances.encryption import encrypted_files
from grievances.encryption.encrypted_files import (
    CHUNK_BYTES,
    SEALED_CHUNK_BYTES,
    padded_size,
    path_of,
)
from grievances.encryption.primitives import DecryptionFailed
from tests.evidence import samples
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.factories.people import Staff
from workflow.models import AlreadyRecorded
from workflow.steps import Refused

NAME = "PLANTED-FILE-NAME ‮fdp.exe"
BODY = b"PLANTED-FILE-BODY" + bytes(range(32, 127)) * (CHUNK_BYTES // 40)
"""More than two chunks of text."""


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return tmp_path / "evidence"


def keep(staff: Staff, case: Case, body: bytes = BODY, name: str = NAME) -> Evidence:
    """The complainant adds a file."""
    file = ContentFile(body, name=name)
    event = reading.add_file(case, staff.caller("complainant1"), file, now=START)
    return Evidence.objects.get(pk=event.data["files"][0])


def opened(staff: Staff, case: Case, evidence: Evidence, name: str = "triage1") -> bytes:
    facts = file_facts(evidence, Keyring.of(case, staff.holders[name]))
    return b"".join(sealed_file(facts, "original").chunks())


@pytest.mark.parametrize(
    "body",
    [b"a", b"b" * CHUNK_BYTES, b"c" * (CHUNK_BYTES + 1), BODY],
    ids=["one byte", "one chunk", "one more", "three chunks"],
)
def test_a_file_comes_back_as_it_was(staff: Staff, body: bytes) -> None:
    case = cases.acknowledged(staff)
    evidence = keep(staff, case, body)
    facts, chunks = reading.download(
        staff.caller("triage1"), case.reference, str(evidence.pk), now=START
    )
    assert b"".join(chunks) == body
    assert (facts.size, facts.author) == (len(body), "complainant")
    assert Event.objects.filter(kind="case.downloaded", subject=case.reference).count() == 1


def test_nothing_of_the_file_is_readable(staff: Staff, folder: Path) -> None:
    case = cases.acknowledged(staff)
    evidence = keep(staff, case)
    [path] = folder.iterdir()
    assert path == path_of(evidence.pk)
    assert b"PLANTED" not in path.read_bytes() + path.name.encode()
    assert b"PLANTED" not in bytes(evidence.sealed_facts)
    assert file_facts(evidence, Keyring.of(case, staff.holders["triage1"])).name == NAME


def cut(raw: bytes) -> bytes:
    return raw[:-1]


def cut_after_a_chunk(raw: bytes) -> bytes:
    return raw[:SEALED_CHUNK_BYTES]


def swap_the_first_two(raw: bytes) -> bytes:
    size = SEALED_CHUNK_BYTES
    return raw[size : 2 * size] + raw[:size] + raw[2 * size :]


def drop_the_first(raw: bytes) -> bytes:
    return raw[SEALED_CHUNK_BYTES:]


def put_the_first_twice(raw: bytes) -> bytes:
    return raw[:SEALED_CHUNK_BYTES] * 2 + raw[2 * SEALED_CHUNK_BYTES :]


def say_it_twice(raw: bytes) -> bytes:
    return raw + raw


def add_a_byte(raw: bytes) -> bytes:
    return raw + b"\x00"


def change_a_byte(raw: bytes) -> bytes:
    return raw[:5000] + bytes([raw[5000] ^ 1]) + raw[5001:]


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
        put_the_first_twice,
        lambda raw: b"",
    ],
)
def test_a_file_that_was_harmed_is_refused(staff: Staff, harm: Callable[[bytes], bytes]) -> None:
    case = cases.acknowledged(staff)
    evidence = keep(staff, case)
    path = path_of(evidence.pk)
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(DecryptionFailed):
        opened(staff, case, evidence)
    with pytest.raises(Refused) as refusal:
        reading.download(staff.caller("triage1"), case.reference, str(evidence.pk), now=START)
    assert refusal.value.code == "FILE_DAMAGED"


def test_a_byte_behind_a_full_last_chunk_is_refused(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    evidence = keep(staff, case, b"b" * CHUNK_BYTES)
    path = path_of(evidence.pk)
    path.write_bytes(add_a_byte(path.read_bytes()))
    with pytest.raises(DecryptionFailed):
        opened(staff, case, evidence)


def test_a_file_that_is_gone_and_facts_that_were_harmed_are_refused(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    first, second = keep(staff, case), keep(staff, case)
    path_of(first.pk).unlink()
    harmed = bytes(second.sealed_facts)[:-1] + b"x"
    Evidence.objects.filter(pk=second.pk).update(sealed_facts=harmed)
    for evidence in (first, second):
        with pytest.raises(Refused) as refusal:
            reading.download(staff.caller("triage1"), case.reference, str(evidence.pk), now=START)
        assert refusal.value.code == "FILE_DAMAGED"
    opening = reading.open_case(staff.caller("triage1"), case.reference, now=START)
    assert [bool(facts.key) for facts in opening.files].count(False) == 1


def test_a_file_cannot_pass_for_another(staff: Staff) -> None:
    case, other = cases.acknowledged(staff), cases.acknowledged(staff)
    first, second = keep(staff, case), keep(staff, case, BODY[::-1])
    path_of(second.pk).write_bytes(path_of(first.pk).read_bytes())
    with pytest.raises(DecryptionFailed):
        opened(staff, case, second)
    Evidence.objects.filter(pk=first.pk).update(case=other)
    moved = Evidence.objects.get(pk=first.pk)
    with pytest.raises(DecryptionFailed):
        file_facts(moved, Keyring.of(other, staff.holders["triage1"]))


def test_a_file_that_may_not_be_added_leaves_nothing(staff: Staff, folder: Path) -> None:
    case = edge_cases.archived(staff)
    with pytest.raises(Refused):
        reading.add_file(case, staff.caller("complainant1"), ContentFile(BODY, name="x"), now=START)
    for name in ("respondent1", "lead1", "staff1"):
        with pytest.raises(NotAllowed):
            reading.add_file(case, staff.caller(name), ContentFile(BODY, name="x"), now=START)
    assert list(folder.iterdir()) == []
    assert not Evidence.objects.exists()


def test_the_same_press_keeps_one_file(staff: Staff, folder: Path) -> None:
    case = cases.acknowledged(staff)
    caller = staff.caller("complainant1")
    reading.add_file(case, caller, ContentFile(b"a", name="x"), now=START, once="one")
    with pytest.raises(AlreadyRecorded):
        reading.add_file(case, caller, ContentFile(b"a", name="x"), now=START, once="one")
    assert len(list(folder.iterdir())) == Evidence.objects.count() == 1


def test_evidence_without_a_file_is_refused(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    with pytest.raises(Refused) as refusal:
        perform(
            "add_evidence",
            case_id=case.pk,
            caller=staff.caller("complainant1"),
            now=START,
            step_input=StepInput(),
        )
    assert refusal.value.code == "ANSWER_MISSING"


@pytest.mark.parametrize("name", ["respondent1", "lead1", "dpo1", "staff1", "admin1", "triage2"])
def test_no_one_else_downloads(staff: Staff, name: str) -> None:
    case = cases.acknowledged(staff)
    evidence = keep(staff, case)
    with pytest.raises(NotAllowed):
        reading.download(staff.caller(name), case.reference, str(evidence.pk), now=START)


def test_a_file_of_another_case_is_not_there(staff: Staff) -> None:
    case, other = cases.acknowledged(staff), cases.acknowledged(staff)
    evidence = keep(staff, case)
    with pytest.raises(NotAllowed):
        reading.download(staff.caller("triage1"), other.reference, str(evidence.pk), now=START)


def test_erasing_takes_the_files_along(staff: Staff, folder: Path) -> None:
    case = cases.closed(staff)
    keep(staff, case)
    keep(staff, case, samples.photo())
    assert len(list(folder.iterdir())) == 3
    Case.unguarded.filter(pk=case.pk).update(state="ARCHIVED")
    edge_cases.agree_keeping(staff, case, "erase", "TIME_OVER", START)
    cases.done(staff, case, "dpo1", "erase", START)
    assert list(folder.iterdir()) == []


def test_the_length_on_disk_does_not_tell_a_known_document(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    lengths = [
        {path_of(keep(staff, case, b"d" * size).pk).stat().st_size for size in sizes}
        for sizes in ((1, 700, 65_536), (300_001, 310_000, 327_680), (600_000, 655_360))
    ]
    assert [len(alike) for alike in lengths] == [1, 1, 1]
    assert len(set.union(*lengths)) == 3


@pytest.mark.parametrize("size", [1, 64 * 1024, CHUNK_BYTES, CHUNK_BYTES + 1, 3_000_000])
def test_padding_adds_an_eighth_at_most(size: int) -> None:
    assert size <= padded_size(size) <= max(64 * 1024, size * 9 // 8)


def test_a_file_of_before_has_its_exact_length_and_opens(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.acknowledged(staff)
    monkeypatch.setattr(encrypted_files, "padded_size", lambda size: size)
    old = keep(staff, case)
    assert path_of(old.pk).stat().st_size == encrypted_files.sealed_size(len(BODY))
    monkeypatch.undo()
    assert path_of(old.pk).stat().st_size < encrypted_files.sealed_size(padded_size(len(BODY)))
    assert opened(staff, case, old) == BODY
