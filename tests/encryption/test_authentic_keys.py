"""A person who can write to the database puts keys of their own in an officer's place."""

from __future__ import annotations

import ast
import io
import logging
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django import Settings

from grievances.accounts import recovery
from grievances.accounts.recovery_models import AccountRecovery
from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.stored_keys.held import held_on
from grievances.casework import reading
from grievances.deadlines import health
from grievances.encryption import primitives
from grievances.encryption.key_pairs import KeyPair
from grievances.encryption.primitives import DecryptionFailed
from grievances.people.models import User
from tests.architecture.sources import modules
from tests.factories import cases
from tests.factories.cases import START, at, done
from tests.factories.people import PASSWORD, Staff
from tests.signing_in import sign_in
from workflow.steps import Refused

REFUSED = "case.key_refused"


def swap(staff: Staff, name: str) -> bytes:
    """Put a public key of one's own in the place of this person's; return the private one."""
    private, public = primitives.new_key_pair()
    KeyPair.objects.filter(person=staff[name]).update(public_key=public)
    staff.people[name] = User.objects.get(pk=staff[name].pk)
    return private


def opened_by(private: bytes, case: Case) -> int:
    """How many keys of a case a stolen database and this private key open."""
    count = 0
    for row in held_on(case):
        try:
            row.open_with(private)
            count += 1
        except DecryptionFailed:
            continue
    return count


def alarms(case: Case) -> int:
    return Event.objects.filter(chain=case.reference, kind=REFUSED).count()


@pytest.mark.parametrize("name", ["triage2", "lead1", "dpo1"])
def test_a_concern_is_taken_and_not_sealed_to_a_swapped_key(staff: Staff, name: str) -> None:
    private = swap(staff, name)
    case = cases.raised(staff)
    assert case.state == "SUBMITTED"
    assert opened_by(private, case) == 0
    assert alarms(case) == 1
    assert "accent" in str(
        reading.open_case(staff.caller("triage1"), case.reference, now=at(0)).words
    )


def test_the_swap_is_seen_by_the_complainant_and_the_operator(
    staff: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    swap(staff, "triage2")
    with caplog.at_level(logging.ERROR, "fairhearing.keys"):
        case = cases.raised(staff)
    assert str(staff["triage2"].pk) in caplog.text
    assert case.reference not in caplog.text
    assert any("key in the database" in line for line in health.warnings(START, START.date()))
    assert health.key_state(START).startswith("alarm")
    client = sign_in(Client(), staff, "complainant1")
    page = client.get(f"/cases/{case.reference}/").content.decode()
    assert "had been changed by other means" in page
    assert "Something is wrong with a key" in client.get("/inbox/").content.decode()


def swapped_before(step: str, staff: Staff) -> tuple[bytes, Case]:
    """Swap the key of the person to whom a later step seals, and take the step."""
    if step == "offer":
        case = cases.in_allocation(staff)
        private = swap(staff, "handler1")
        done(staff, case, "triage1", "offer", START, role="handler", candidate=staff["handler1"])
        return private, case
    case = cases.in_investigation(staff, share="no")
    private = swap(staff, "handler1")
    done(staff, case, "complainant1", "share_name", START, share="yes")
    return private, case


@pytest.mark.parametrize("step", ["offer", "share_name"])
def test_no_later_step_seals_to_a_swapped_key(staff: Staff, step: str) -> None:
    private, case = swapped_before(step, staff)
    assert opened_by(private, case) == 0
    assert alarms(case) >= 1


@pytest.mark.parametrize(("name", "step"), [("lead1", "ask"), ("dpo1", "agree")])
def test_an_emergency_lends_nothing_to_a_swapped_key(staff: Staff, name: str, step: str) -> None:
    case = cases.in_investigation(staff)
    asking = {"why": "DANGER", "text": "PLANTED"}
    if step == "agree":
        done(staff, case, "dpo1", "ask_break_glass", START, **asking)
    private = swap(staff, name)
    who, how = ("lead1", "agree_break_glass") if step == "agree" else ("dpo1", "ask_break_glass")
    answers = {} if step == "agree" else asking
    with pytest.raises(Refused):
        done(staff, case, who, how, START, **answers)
    assert opened_by(private, case) == 0


def test_a_copied_tag_of_another_person_does_not_fit(staff: Staff) -> None:
    mine = KeyPair.objects.get(person=staff["staff1"])
    KeyPair.objects.filter(person=staff["triage2"]).update(public_key=mine.public_key, tag=mine.tag)
    case = cases.raised(staff)
    assert opened_by(staff.holders["staff1"].private, case) == 0
    assert alarms(case) == 1


def test_a_key_that_waits_for_two_officers_fits_no_account(staff: Staff) -> None:
    recovery.ask_for_recovery("triage2", "a-password-of-a-stranger", now=START)
    waiting = AccountRecovery.objects.get()
    assert waiting.genuine_key
    KeyPair.objects.filter(person=staff["triage2"]).update(
        public_key=waiting.public_key, tag=waiting.tag
    )
    assert alarms(cases.raised(staff)) == 1


def test_officers_lend_nothing_to_a_waiting_key_that_was_swapped(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    number = recovery.ask_for_recovery("triage1", "another-long-password", now=START)
    private, public = primitives.new_key_pair()
    AccountRecovery.objects.update(public_key=public)
    with pytest.raises(Refused):
        recovery.confirm(staff.caller("lead1"), "triage1", number, now=START)
    assert opened_by(private, case) == 0


def test_the_right_key_comes_back_at_the_next_sign_in_and_opens_the_case(staff: Staff) -> None:
    swap(staff, "triage2")
    case = cases.raised(staff)
    assert reading.open_case(staff.caller("triage2"), case.reference, now=at(0)).locked
    sign_in_with_password("triage2")
    pair = KeyPair.objects.get(person=staff["triage2"])
    assert pair.genuine_key == staff.holders["triage2"].public
    assert Event.objects.filter(kind="account.key_put_right").count() == 1
    reading.open_case(staff.caller("triage1"), case.reference, now=at(0))
    assert not reading.open_case(staff.caller("triage2"), case.reference, now=at(0)).locked


def sign_in_with_password(name: str) -> None:
    answers = {"login": name, "password": PASSWORD}
    assert Client().post("/accounts/login/", answers).status_code == 302


def test_an_upgrade_takes_the_keys_that_are_there_as_right(staff: Staff) -> None:
    recovery.ask_for_recovery("triage1", "another-long-password", now=START)
    KeyPair.objects.update(tag=b"")
    AccountRecovery.objects.update(tag=b"")
    import_module("grievances.migrations.0023_authentic_keys").tag_all(apps, None)
    assert all(pair.genuine_key for pair in KeyPair.objects.all())
    assert AccountRecovery.objects.get().genuine_key
    case = cases.raised(staff)
    assert alarms(case) == 0


def test_a_rotation_tags_keys_anew_and_never_a_swapped_one(
    staff: Staff, settings: Settings
) -> None:
    recovery.ask_for_recovery("triage1", "another-long-password", now=START)
    settings.SERVER_KEYS = f"2:{'cd' * 32},1:{'ab' * 32}"
    call_command("rotate_keys", stdout=io.StringIO())
    swap(staff, "triage2")
    settings.SERVER_KEYS = f"2:{'cd' * 32},0:{'ab' * 32}"
    assert all(p.genuine_key for p in KeyPair.objects.exclude(person=staff["triage2"]))
    assert AccountRecovery.objects.get().genuine_key
    settings.SERVER_KEYS = f"3:{'ef' * 32},2:{'cd' * 32},0:{'ab' * 32}"
    with pytest.raises(CommandError, match="grievances_keypair"):
        call_command("rotate_keys", stdout=io.StringIO())
    assert KeyPair.objects.get(person=staff["triage2"]).genuine_key == b""


def test_no_other_code_takes_a_public_key_from_the_database_unchecked() -> None:
    readers = {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "public_key"
        if ast.unparse(node.value) != "signatures"
    }
    assert readers == {
        "grievances.accounts.own_key",
        "grievances.accounts.passwords",
        "grievances.accounts.recovery_models",
        "grievances.encryption.key_pairs",
        "grievances.encryption.primitives",
        "grievances.encryption.signatures",
    }, "seal to `key_alarm.keys_to_seal_to`"
