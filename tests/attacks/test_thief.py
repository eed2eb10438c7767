"""What a thief gets: everything that is stored, and no word and no name in it.

The thief has the database, the files, the cache, the sent mail and the logs, and none of the
server's keys (architecture.md 5).
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client
from pytest_django import Settings

from grievances.accounts import recovery
from grievances.audit.models import Event, pseudonymiser_of
from grievances.cases.access.listed_cases import ListedCase
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.answers import Approval
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, compartment_of, write
from grievances.cases.notices import sending
from grievances.casework import reading
from grievances.choices import Share
from grievances.encryption.server_keys import person_pseudonym
from grievances.intake import drafts, submission
from grievances.participants import companions, invitations, statements
from grievances.people.models import User
from grievances.vocabulary import Compartment, Standing
from notifications.delivery import drain
from notifications.models import Notice
from tests.attacks.leak_scan import Loot, disguises
from tests.attacks.stolen_copy import DIRECTORY, empty_queue, rows, steal
from tests.attacks.text_entry import SECRET
from tests.attacks.whole_case import ADDRESS, add_people
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import PASSWORD, Staff
from tests.participants import hearing
from tests.signing_in import sign_in


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    return tmp_path


@pytest.fixture
def loot(staff: Staff, folder: Path, caplog: pytest.LogCaptureFixture) -> Loot:
    """A whole case with open sessions, and the copy that a thief takes of it."""
    caplog.set_level("DEBUG")
    # Wrong passwords of the test before would lock out the people of this one.
    caches["default"].clear()
    add_people(staff)
    case = walk_a_whole_case(staff)
    use_the_pages(staff, case)
    use_the_side_roads(staff)
    the_lists_say_no_more_than_the_roles()
    before = list(rows())
    drain(now=at(40), addresses_of=sending.addresses_for)
    found = steal(folder, caplog.text, *before)
    empty_queue()
    return found


def the_lists_say_no_more_than_the_roles() -> None:
    """A stored list leads from a member of staff to cases that their roles lead to, and no more."""
    listed = set(ListedCase.objects.values_list("case", "person"))
    roles = CaseUserObjectPermission.objects.values_list("content_object", "user")
    assert listed
    assert listed <= set(roles)


NOT_ASKED = (Standing.WITNESS, Standing.COMPANION)
"""Who is not asked when they are away."""

NOT_THEIRS = {Compartment.MEDIATION, Compartment.REPLY, Compartment.WORKING}


def walk_a_whole_case(staff: Staff) -> Case:
    """From the draft to the appeal, with the secret in every field that takes words."""
    draft = drafts.open_draft(staff["victim"], staff.caller("victim"), now=START)
    typed = {"account": f"{SECRET} draft", "help": SECRET}
    drafts.save_draft(draft, staff.caller("victim"), typed, now=START)
    case = cases.in_investigation(
        staff,
        who="victim",
        about="rfeather",
        account=f"{SECRET} account",
        when=SECRET,
        help=SECRET,
        contact="PERSONAL_EMAIL",
        address=ADDRESS,
    )
    hear_people(staff, case)
    keys = Keyring.of(case, staff.holders["victim"])
    for kind in Kind:
        # Others hold the keys of these: a mediator, those who are heard, the investigator.
        if compartment_of(kind) not in NOT_THEIRS:
            write(case, keys, kind, f"{SECRET} {kind}", author="complainant", now=START)
    file = ContentFile(f"{SECRET} file".encode(), name=f"{SECRET} Zainab Okonkwo.txt")
    reading.add_file(case, staff.caller("victim"), file, now=START)
    case.deadlines.filter(name="APPEAL_WINDOW").update(current_due=START.date())
    ask = (Kind.APPROVAL, SECRET)
    step_input = {"step": "appeal", "text": SECRET}
    take(staff, case, "victim", "ask_approval", ask, step_input)
    done(staff, case, "victim", "appeal", START, (Kind.GROUNDS, SECRET), grounds=SECRET)
    done(staff, case, "victim", "message", START, (Kind.MESSAGE, SECRET), text=SECRET)
    return cases.fresh(case)


def hear_people(staff: Staff, case: Case) -> None:
    """The respondent and a witness answer, a companion reads and writes, and it is decided."""
    people = {"person": staff["culprit"], "text": SECRET, "due_on": at(9).date(), "checked": True}
    done(staff, case, "handler1", "put_to_respondent", START, **people)
    people["person"] = staff["onlooker"]
    done(staff, case, "handler1", "ask_witness", START, **people)
    for asked, who in zip(case.hearings.order_by("number"), ("culprit", "onlooker"), strict=True):
        statements.answer(staff.caller(who), asked.token, f"{SECRET} answer", once="1", now=START)
    secret = companions.new_link_secret()
    invitation = {"person": f"{SECRET} Zainab Okonkwo", "shares": list(Share), "secret": secret}
    done(staff, case, "victim", "invite_companion", START, **invitation)
    friend = companions.guest_by_key(companions.new_own_key())
    along = invitations.accept(secret, friend, "UNION", now=START)
    companions.write_message(friend, along.token, SECRET, once="1", now=START)
    interpreter = {"text": SECRET, "meeting_on": at(9).date(), "independent": True}
    done(staff, case, "handler1", "propose_interpreter", START, **interpreter)
    hearing.decide(staff, case)


def take(
    staff: Staff, case: Case, who: str, step: str, words: tuple[Kind, str], answers: dict[str, str]
) -> None:
    """A step one of whose answers is itself called `step`."""
    step_input = StepInput(answers=answers, words=(words,))
    perform(step, case_id=case.pk, caller=staff.caller(who), now=START, step_input=step_input)


def use_the_pages(staff: Staff, case: Case) -> None:
    """People sign in by the page, look around, and leave their sessions open."""
    page = f"/cases/{case.reference}/"
    away = Client()
    away.post(f"{page}message/", {"text": f"{SECRET} typed while signed out"})
    away.post("/accounts/login/", {"login": "zokonkwo", "password": PASSWORD})
    for username in ("zokonkwo", "rfeather", "triage1"):
        client = Client()
        client.post("/accounts/login/", {"login": username, "password": f"{SECRET} wrong"})
        client.post("/accounts/login/", {"login": username, "password": PASSWORD})
        for address in ("/", "/cases/", page, f"{page}ledger/", "/inbox/", "/raise/"):
            client.get(address)
        client.post(f"{page}message/", {"text": f"{SECRET} by the page"})
    say_when_they_are_away(staff, case)


def say_when_they_are_away(staff: Staff, case: Case) -> None:
    """Both people give the days on which they are away, and try the page of officers too."""
    days = {"from_on_day": "25", "from_on_month": "11", "from_on_year": "2027",
            "until_on_day": "30", "until_on_month": "11", "until_on_year": "2027"}  # fmt: skip
    asked = case.hearings.get(standing="RESPONDENT").token
    pages = {"victim": f"/cases/{case.reference}/say_away/", "culprit": f"/replies/{asked}/away/"}
    for who, page in pages.items():
        client = sign_in(Client(), staff, who)
        for address in (page, "/account/leave/"):
            client.post(address, days)
    assert all(party.sealed_away for party in case.parties.exclude(standing__in=NOT_ASKED))


def use_the_side_roads(staff: Staff) -> None:
    """An anonymous concern, a mediation with both people asked, and someone kept away later."""
    answers = {**cases.ACCOUNT, "account": SECRET, "about": "rfeather", "region": "NORTH"}
    able = [p.pk for p in submission.preview_anonymous(answers, now=START)]
    submission.submit_anonymous(answers, expected=able, now=START)
    case = cases.acknowledged(staff, who="victim", about="rfeather", account=SECRET)
    done(staff, case, "triage1", "ask_consent", START, what="mediation")
    edge_cases.agree(staff, case, "mediation")
    done(staff, case, "triage1", "begin_mediation", START, mediator=staff["mediator1"])
    row = case.pending_readers.get()
    done(staff, case, "victim", "answer_reader", START, reader=row.pk, answer="fine")
    note = (Kind.MEDIATION_NOTE, SECRET)
    done(staff, case, "mediator1", "write_mediation_note", START, note, text=SECRET)
    ask = {"why": "DANGER", "text": f"{SECRET} emergency"}
    done(staff, case, "dpo1", "ask_break_glass", START, **ask)
    recovery.ask_for_recovery("staff1", f"{SECRET} of a new password", now=START)
    other = cases.acknowledged(staff, who="complainant2", about="staff1", account=SECRET)
    done(staff, other, "dpo1", "ask_break_glass", START, **ask)
    done(staff, other, "lead1", "agree_break_glass", START, read=True)
    reading.open_case(staff.caller("dpo1"), other.reference, now=START)
    out = staff["staff2"]
    done(staff, case, "victim", "exclude", START, people="staff2", matched=[out])


def test_no_word_is_readable_anywhere(loot: Loot) -> None:
    assert {where for where, _ in loot.pieces} >= {"grievances_record", "file evidence", "logs"}
    assert loot.holds("PLANTED") == []
    assert loot.holds(SECRET) == []


def test_no_name_number_or_address_of_a_party_is_beside_a_case(loot: Loot) -> None:
    known = frozenset({*DIRECTORY, "raw"})
    for needle in (
        "Zainab Okonkwo",
        "zokonkwo",
        "987654321",
        "Featherstonehaugh",
        "rfeather",
        "876543219",
        "Quarrington",
        "wquarrington",
        "765432198",
    ):
        assert loot.holds(needle, besides=known) == [], needle
    assert loot.holds(ADDRESS, besides=frozenset({"file mail"})) == []


def test_a_letter_that_was_sent_names_nothing(loot: Loot) -> None:
    letters = [raw for where, raw in loot.pieces if where == "file mail"]
    assert any(ADDRESS.encode() in letter for letter in letters)
    for letter in letters:
        text = letter.lower()
        assert b"race" not in text
        assert b"discriminat" not in text
        assert b"grievance" not in text


def test_no_handle_of_a_party_at_work_is_beside_a_case(loot: Loot) -> None:
    for pk in (987654321, 876543219, 765432198):
        for event in Event.objects.exclude(subject=""):
            assert event.actor != pseudonymiser_of(event.chain)(person_pseudonym(pk))
        assert not Notice.objects.filter(handle=person_pseudonym(pk)).exists()


def test_a_session_does_not_tell_of_a_case(loot: Loot) -> None:
    references = list(Case.unguarded.values_list("reference", flat=True))
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert any(facts.get("_auth_user_id") == "987654321" for facts in sessions)
    assert Event.objects.filter(kind="case.opened", role="complainant").exists()
    for facts in sessions:
        kept = json.dumps(facts)
        assert not any(reference in kept for reference in references)
        assert "PLANTED" not in kept


def test_nothing_points_from_a_case_to_a_party(loot: Loot) -> None:
    victim = User.objects.get(pk=987654321)
    tied = {
        field.model._meta.db_table
        for field in pointing_at_people()
        if field.model._base_manager.filter(**{field.name: victim}).exists()
    }
    assert tied <= DIRECTORY
    assert not Approval.objects.filter(asked_by=victim).exists()


def pointing_at_people() -> list[models.Field[object, object]]:
    return [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is User
    ]


def test_the_search_finds_what_is_readable(db: None) -> None:
    for coat in disguises(SECRET):
        assert Loot([("here", b"xx" + coat + b"yy")]).holds(SECRET) == ["here"]
    for pad in range(3):
        hidden = base64.b64encode(b"x" * pad + SECRET.encode() + b"yyy")
        assert Loot([("here", hidden)]).holds(SECRET) == ["here"]
    Event.append(chain="service", at=START, actor="x", role="", kind="x", data={"slip": SECRET})
    assert Loot(list(rows())).holds(SECRET) == ["grievances_event"]
