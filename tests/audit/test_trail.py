"""Nothing happens without a trace, and no trace can be changed unseen (architecture.md 6)."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from grievances.audit.models import Event, pseudonymiser_of
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.casework import reading
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in
from workflow.chain import head_digest, verify
from workflow.sql import triggers
from workflow.steps import Refused

EVENTS = Event._meta.db_table
HEADS = Event.head_model._meta.db_table


def kinds(case: Case) -> list[str]:
    return list(
        Event.objects.filter(chain=case.reference).order_by("seq").values_list("kind", flat=True)
    )


def verified(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_trail", *arguments, stdout=out)
    return out.getvalue()


def tamper(statement: str) -> None:
    """What someone who owns the database would do."""
    triggers.remove(connection, EVENTS)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(e=EVENTS, h=HEADS))


def test_every_step_of_a_whole_road_leaves_its_event_in_order(staff: Staff) -> None:
    case = cases.closed(staff)
    steps = [kind for kind in kinds(case) if kind.startswith("case.")]
    assert steps == [
        "case.submit", "case.acknowledge", "case.check_safety", "case.ask_exclusions",
        "case.agree_formal", "case.offer", "case.accept", "case.offer", "case.accept",
        "case.begin_investigation", "case.record_meeting", "case.record_respondent",
        "case.submit_report", "case.decide", "case.accept_outcome",
    ]  # fmt: skip


@pytest.mark.parametrize("state", cases.STATES)
def test_every_state_is_reached_with_a_trail_that_holds(staff: Staff, state: str) -> None:
    cases.STATES[state](staff)
    assert verify(Event).ok


def test_an_opening_is_an_event_once_a_minute(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    for _ in range(3):
        reading.open_case(staff.caller("triage1"), case.reference, now=cases.START)
    assert kinds(case).count("case.opened") == 1
    reading.open_case(staff.caller("triage1"), case.reference, now=cases.at(1))
    assert kinds(case).count("case.opened") == 2


def test_an_upload_and_every_download_are_events(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    file = SimpleUploadedFile("notes.txt", b"what I wrote down")
    reading.add_file(case, staff.caller("complainant1"), file, now=cases.START)
    (kept,) = case.evidence.all()
    for _ in range(2):
        _, chunks = reading.download(
            staff.caller("triage1"), case.reference, str(kept.pk), now=cases.START
        )
        assert b"".join(chunks) == b"what I wrote down"
    assert kinds(case).count("case.add_evidence") == 1
    assert kinds(case).count("case.downloaded") == 2


def test_a_refused_step_leaves_no_event_of_a_step(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    before = kinds(case)
    with pytest.raises(Refused):
        cases.done(staff, case, "triage1", "agree_formal", cases.START)
    assert kinds(case) == before


def test_a_try_by_someone_outside_is_an_event(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    for who in ("respondent1", "linemanager1", "admin1"):
        with pytest.raises(NotAllowed):
            perform(
                "agree_formal",
                case_id=case.pk,
                caller=staff.caller(who),
                now=cases.START,
                step_input=StepInput(),
            )
        sign_in(Client(), staff, who).get(f"/cases/{case.reference}/")
        role = "respondent" if who == "respondent1" else ""
        actor = pseudonymiser_of(case.reference)(staff.caller(who).handle_as(role))
        refused = Event.objects.filter(kind="case.refused", actor=actor)
        assert refused.get().data == {"asked": "read", "of": case.reference}


def test_no_event_carries_a_word_or_a_name(staff: Staff) -> None:
    cases.closed(staff)
    text = str(list(Event.objects.values()))
    for secret in ("PLANTED", "accent", "complainant1", "Respondent", "@work.invalid"):
        assert secret not in text


def test_a_sound_trail_is_said_to_be_sound_with_its_head(staff: Staff) -> None:
    cases.acknowledged(staff)
    said = verified()
    assert "are sound" in said
    assert head_digest(Event) in said
    assert "are sound" in verified("--head", head_digest(Event))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {e} SET actor = 'somebody else' WHERE kind = 'case.acknowledge'",
        "UPDATE {e} SET at = '2020-01-01 00:00:00+00:00' WHERE kind = 'case.submit'",
        "UPDATE {e} SET role = 'lead' WHERE kind = 'case.submit'",
        "DELETE FROM {e} WHERE kind = 'case.submit'",
        "DELETE FROM {e} WHERE kind = 'case.agree_formal'",
        "INSERT INTO {e} (chain, seq, at, actor, role, kind, subject, data, prev, digest) "
        "SELECT chain, seq + 1, at, actor, role, 'case.decide', subject, data, digest, digest "
        "FROM {e} WHERE kind = 'case.agree_formal'",
    ],
    ids=["actor", "time", "role", "first deleted", "last deleted", "put in"],
)
def test_what_raw_sql_did_to_the_trail_is_found_at_its_chain(staff: Staff, statement: str) -> None:
    case = cases.in_allocation(staff)
    tamper(statement)
    with pytest.raises(CommandError, match=f"Chain {case.reference}, entry \\d+: "):
        verified()


def test_a_chain_removed_with_its_head_is_found_by_the_digest_kept_elsewhere(staff: Staff) -> None:
    cases.acknowledged(staff)
    kept = head_digest(Event)
    for statement in ("DELETE FROM {e}", "DELETE FROM {h}"):
        tamper(statement + " WHERE chain LIKE 'RC-%'")
    with pytest.raises(CommandError, match="a whole chain was removed"):
        verified("--head", kept)
