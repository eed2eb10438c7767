"""A policy is in force after two people of two offices have said yes to what they read."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.people.models import Appointment
from grievances.policy import profiles
from grievances.policy.models import PolicyAnswer, PolicyProposal
from grievances.policy.profiles import POLICIES
from grievances.policy_changes import approval
from grievances.policy_changes.loading import digest_of
from grievances.vocabulary import Office
from notifications.models import Notice
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import SINCE, Staff
from tests.signing_in import sign_in
from workflow.models import PolicyProfile
from workflow.steps import Refused

PAGE = "/policies/uk_default/4/"


def file(tmp_path: Path, **changes: Any) -> Path:
    """The policy of the product as a next version, with another length of the investigation."""
    body = json.loads((POLICIES / "uk_default.json").read_text())
    body |= {"version": 4, **changes}
    body["clocks"]["INVESTIGATION"]["amount"] = 25
    path = tmp_path / "next.json"
    path.write_text(json.dumps(body, indent=1))
    return path


def load(path: Path) -> str:
    out = StringIO()
    call_command("load_policy", str(path), stdout=out)
    return out.getvalue()


def versions() -> list[int]:
    rows = PolicyProfile.objects.filter(code="uk_default").order_by("version")
    return list(rows.values_list("version", flat=True))


@pytest.fixture
def waiting(staff: Staff, tmp_path: Path) -> PolicyProposal:
    cases.raised(staff)
    assert "waits for the casework lead" in load(file(tmp_path))
    return PolicyProposal.objects.get()


def say(staff: Staff, who: str, row: PolicyProposal, agreed: bool = True) -> bool:
    return approval.answer(staff.caller(who), row.pk, agreed, row.digest, now=START)


def test_before_the_first_concern_a_file_is_in_force_at_once(staff: Staff, tmp_path: Path) -> None:
    assert "version 4 is in force" in load(file(tmp_path))
    assert "was loaded before" in load(file(tmp_path))
    assert versions() == [3, 4]


def test_afterwards_it_takes_two_people_of_two_offices(
    staff: Staff, waiting: PolicyProposal
) -> None:
    assert versions() == [3]
    assert say(staff, "lead1", waiting) is False
    assert versions() == [3]
    assert say(staff, "dpo1", waiting) is True
    assert versions() == [3, 4]
    assert profiles.own_profile(START.date()).version == 4
    told = list(Event.objects.filter(kind__startswith="policy.").order_by("pk"))[-4:]
    assert [each.kind.partition(".")[2] for each in told] == [
        "proposed", "agreed", "agreed", "loaded",
    ]  # fmt: skip
    assert {each.data["digest"] for each in told} == {waiting.digest}
    assert [each.role for each in told] == ["system", "lead", "dpo", "system"]


def test_no_one_answers_twice_in_two_offices(staff: Staff, waiting: PolicyProposal) -> None:
    Appointment.objects.create(person=staff["lead1"], office=Office.DPO, from_date=SINCE)
    assert say(staff, "lead1", waiting) is False
    with pytest.raises(Refused, match="answered"):
        say(staff, "lead1", waiting)
    assert versions() == [3]


def test_two_people_of_one_office_are_not_enough(staff: Staff, waiting: PolicyProposal) -> None:
    Appointment.objects.create(person=staff["triage1"], office=Office.LEAD, from_date=SINCE)
    assert say(staff, "lead1", waiting) is False
    with pytest.raises(Refused, match="answered"):
        say(staff, "triage1", waiting)
    assert versions() == [3]


def test_one_no_ends_it_and_a_new_proposal_may_follow(
    staff: Staff, waiting: PolicyProposal, tmp_path: Path
) -> None:
    assert say(staff, "dpo1", waiting, agreed=False) is False
    with pytest.raises(Refused, match="answered"):
        say(staff, "lead1", waiting)
    assert versions() == [3]
    assert "waits for the casework lead" in load(file(tmp_path))


def test_what_was_not_read_is_not_agreed_to(staff: Staff, waiting: PolicyProposal) -> None:
    with pytest.raises(Refused, match="changed"):
        approval.answer(staff.caller("lead1"), waiting.pk, True, digest_of({}), now=START)
    assert not PolicyAnswer.objects.exists()


@pytest.mark.parametrize("who", ["handler1", "analyst1", "complainant1", "admin1", "auditor1"])
def test_no_one_else_answers_or_reads(staff: Staff, waiting: PolicyProposal, who: str) -> None:
    with pytest.raises(NotAllowed):
        say(staff, who, waiting)
    client = sign_in(Client(), staff, who)
    assert client.get(PAGE).status_code == client.get("/policies/").status_code == 404
    assert client.post(PAGE, {"answer": "yes", "digest": waiting.digest}).status_code == 404


def test_both_officers_are_told_that_something_waits(staff: Staff, waiting: PolicyProposal) -> None:
    told = Notice.objects.filter(kind="request", channel="inbox", link="/policies/")
    assert told.count() >= 2
    assert {row.reference for row in told} == {""}


def test_a_second_file_does_not_take_the_place_of_the_one_that_waits(
    staff: Staff, waiting: PolicyProposal, tmp_path: Path
) -> None:
    assert "still waits" in load(file(tmp_path))
    with pytest.raises(CommandError, match="version 4 waits already"):
        load(file(tmp_path, version=5))
    with pytest.raises(CommandError, match="is in force, and 2 is older"):
        load(file(tmp_path, version=2))
    with pytest.raises(CommandError, match="with other content"):
        load(file(tmp_path, version=3))
    assert PolicyProposal.objects.count() == 1


def test_of_several_files_a_bad_one_keeps_all_of_them_out(staff: Staff, tmp_path: Path) -> None:
    good, bad = file(tmp_path), tmp_path / "bad.json"
    bad.write_text(good.read_text().replace('"amount": 25', '"amount": -1'))
    with pytest.raises(CommandError, match=r"bad.json, line \d+: clocks.INVESTIGATION.amount: is"):
        call_command("load_policy", str(good), str(bad))
    assert versions() == [3]
    bad.write_text(good.read_text().replace('"version": 4', '"version": 3'))
    with pytest.raises(CommandError, match="with other content"):
        call_command("load_policy", str(good), str(bad))
    assert versions() == [3]
    with pytest.raises(CommandError, match="cannot be read"):
        load(tmp_path / "not-there.json")


def test_the_two_read_it_in_words_see_what_changes_and_answer(
    staff: Staff, waiting: PolicyProposal
) -> None:
    lead = sign_in(Client(), staff, "lead1")
    assert "Waits for two people" in lead.get("/policies/").content.decode()
    text = " ".join(lead.get(PAGE).content.decode().split())
    before = "30 working days from the day the stage begins. Kept by: handler."
    assert f"{before}</td> <td" in text
    assert "25 working days from the day the stage begins" in text
    assert text.count("Finish the investigation") == 2
    assert "Level 2: the casework lead, and the complainant" in text
    assert lead.post(PAGE, {"digest": waiting.digest}).status_code == 422
    done = lead.post(PAGE, {"answer": "yes", "digest": waiting.digest}, follow=True)
    assert "The other officer has to agree as well" in done.content.decode()
    assert "Do you agree" not in lead.get(PAGE).content.decode()
    dpo = sign_in(Client(), staff, "dpo1")
    done = dpo.post(PAGE, {"answer": "yes", "digest": waiting.digest}, follow=True)
    assert "It is in force for new cases" in done.content.decode()
    assert "Agreed, in force" in done.content.decode()
    assert f"{staff['lead1'].name}, Casework lead: yes" in done.content.decode()


def test_a_case_keeps_the_policy_it_began_under(staff: Staff, waiting: PolicyProposal) -> None:
    case = cases.raised(staff, who="complainant2")
    for who in ("lead1", "dpo1"):
        say(staff, who, waiting)
    fresh = cases.fresh(case)
    assert fresh.profile is not None
    assert fresh.profile.version == 3
    later = cases.raised(staff, who="staff1")
    assert later.profile is not None
    assert later.profile.version == 4


def test_what_comes_with_the_product_gives_way_to_what_is_there(
    staff: Staff, tmp_path: Path
) -> None:
    load(file(tmp_path, version=9))
    cases.raised(staff)
    PolicyProfile.objects.filter(code="uk_default", version=3).delete()
    out = StringIO()
    call_command("load_policy", stdout=out)
    assert "version 3 was passed over: uk_default version 9 is in force" in out.getvalue()
    assert versions() == [9]
