"""A new password by recovery code is checked as elsewhere, and a refusal tells nothing."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from grievances.accounts import passwords
from grievances.accounts.session_models import AccountSession, sessions_of
from grievances.encryption.key_pairs import Holder, KeyPair, open_note
from grievances.encryption.primitives import DecryptionFailed, new_key_pair
from grievances.people.models import User
from tests.factories.cases import START
from tests.factories.people import PASSWORD, Staff
from tests.second_factors import type_password

OWN_NAME = "zainab-has-a-long-one"


@pytest.fixture(autouse=True)
def _no_tries_so_far() -> None:
    cache.clear()


def asked(code: str) -> str:
    answers = {"username": "staff2", "code": code, "password1": OWN_NAME, "password2": OWN_NAME}
    answer = Client().post("/account/forgotten/", answers)
    assert answer.status_code == 422
    return answer.content.decode()


def test_a_password_with_the_own_name_is_refused_after_a_right_code_only(staff: Staff) -> None:
    User.objects.filter(username="staff2").update(name="Zainab Öztürk")
    code = passwords.make_code(staff.caller("staff2"), now=START)
    assert "contains your user name or your own name" in asked(code)
    wrong = asked("AAAA-BBBB-CCCC-DDDD-EEEE-FFFF")
    assert "own name" not in wrong
    assert "recovery code is not right" in wrong
    assert User.objects.get(username="staff2").check_password(PASSWORD)


def test_the_note_of_a_session_is_not_sealed_to_a_swapped_key(staff: Staff) -> None:
    client = Client()
    assert type_password(client, "staff2")
    AccountSession.objects.all().delete()
    private, public = new_key_pair()
    KeyPair.objects.filter(person=staff["staff2"]).update(public_key=public)
    session = client.session
    session.pop("listed")
    session.save()
    client.get("/account/")
    (row,) = sessions_of(staff["staff2"])
    with pytest.raises(DecryptionFailed):
        open_note(Holder("x", private), row.note, f"session note|account {staff['staff2'].pk}")
    assert not row.read_note(staff.holders["staff2"])
