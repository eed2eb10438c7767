"""Attacks by the people who are let in a little: respondent, witness, companion, and on them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from grievances.audit.models import Event, pseudonymiser_of
from grievances.cases.models.case import Case
from grievances.cases.models.companions import Companion
from grievances.cases.models.parties import party_actor
from grievances.cases.models.statements import Hearing
from grievances.participants import companions
from grievances.web.shared import clock
from tests.attacks.world import MISSING, look
from tests.factories import cases
from tests.factories.cases import START, done
from tests.factories.people import Staff
from tests.participants import hearing
from tests.signing_in import come_back, sign_in

NOWHERE = "0" * 32
NO_LINK = "0" * 24
WORDS = {"text": "x"}
ENDS = ("", "ledger/", "message/", "put_to_respondent/", "end_companion/", "share_name/")


@dataclass
class World:
    """A case in which a respondent and a witness are heard, and a companion comes along."""

    case: Case
    to_respondent: Hearing
    to_witness: Hearing
    companion: Companion
    key: str


@pytest.fixture
def world(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: START)
    monkeypatch.setattr(clock, "today", lambda: START.date())
    case = cases.in_investigation(staff, share="no")
    to_respondent, to_witness = hearing.put(staff, case), hearing.ask(staff, case)
    companion, secret = hearing.invite(staff, case, ["MESSAGES"])
    _, key = hearing.keyed(secret)
    return World(case, to_respondent, to_witness, companion, key)


def come_along(key: str) -> Client:
    """The client of a companion who typed their key."""
    client = Client()
    assert client.post("/accompany/", {"own_key": key}).status_code == 302
    return client


def test_a_person_with_little_access_gets_no_further(staff: Staff, world: World) -> None:
    people = {
        "respondent": sign_in(Client(), staff, "respondent1"),
        "witness": sign_in(Client(), staff, "staff1"),
        "companion": come_along(world.key),
    }
    own = {
        "respondent": f"/replies/{world.to_respondent.token}/",
        "witness": f"/replies/{world.to_witness.token}/",
        "companion": f"/accompany/with/{world.companion.token}/",
    }
    for who, client in people.items():
        assert client.get(own[who]).status_code == 200, who
        for whose, path in own.items():
            if whose != who:
                for answer in (client.get(path), client.post(path, {"text": "x"})):
                    assert answer.status_code in {302, 404}, (who, whose)
                    assert world.case.reference not in answer.content.decode()
        for end in ENDS:
            for area in ("/cases", "/api/v1/cases"):
                real, made_up = (
                    [client.get(f"{area}/{ref}/{end}"), client.post(f"{area}/{ref}/{end}", WORDS)]
                    for ref in (world.case.reference, MISSING)
                )
                codes = [answer.status_code for answer in real]
                assert all(code >= 300 for code in codes), (who, area, end)
                assert codes == [answer.status_code for answer in made_up], (who, area, end)
        listed = client.get("/cases/", follow=True).content.decode()
        assert world.case.reference not in listed, who
    assert not cases.fresh(world.case).name_shared


def test_a_page_that_is_not_yours_looks_like_one_that_is_not_there(
    staff: Staff, world: World
) -> None:
    for name in ("respondent1", "linemanager1", "staff1", "staff2", "handler1", "admin1"):
        client = sign_in(Client(), staff, name)
        client.get("/support/")
        pages = [(f"/accompany/with/{world.companion.token}/", f"/accompany/with/{NOWHERE}/")]
        if name != "respondent1":
            pages.append((f"/replies/{world.to_respondent.token}/", f"/replies/{NOWHERE}/"))
        if name != "staff1":
            pages.append((f"/replies/{world.to_witness.token}/", f"/replies/{NOWHERE}/"))
        for real, made_up in pages:
            for ask in (lambda c, path: c.get(path), lambda c, path: c.post(path, {"text": "x"})):
                found, nothing = look(client, ask, real), look(client, ask, made_up)
                assert found[0] == 404, (name, real)
                assert found == nothing, (name, real)


def test_a_link_tells_an_excluded_person_as_much_as_a_made_up_one(
    staff: Staff, world: World
) -> None:
    done(staff, world.case, "complainant1", "end_companion", START)
    _, secret = hearing.invite(staff, world.case)
    form = {"kind": "UNION", "confidential": "on"}
    for name in ("respondent1", "linemanager1", "staff1", "handler1", "lead1", "complainant1"):
        client = sign_in(Client(), staff, name)
        client.get("/support/")
        for ask in (lambda c, s: c.get(f"/accompany/{s}/"),
                    lambda c, s: c.post(f"/accompany/{s}/", form)):  # fmt: skip
            found, nothing = look(client, ask, secret), look(client, ask, NO_LINK)
            assert found[0] == 404, name
            assert found == nothing, name
    assert Client().get(f"/accompany/{secret}/").status_code == 200


def test_a_used_an_ended_and_a_late_link_look_like_no_link(
    staff: Staff, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(staff, world.case, "complainant1", "end_companion", START)
    _, ended = hearing.invite(staff, world.case)
    done(staff, world.case, "complainant1", "end_companion", START)
    _, used = hearing.invite(staff, world.case)
    own_key = companions.new_own_key()
    form = {"kind": "UNION", "confidential": "on", "own_key": own_key}
    client = Client()
    assert client.get(f"/accompany/{used}/").status_code == 200
    answer = client.post(f"/accompany/{used}/", form)
    assert own_key in answer.content.decode()
    nothing = look(Client(), lambda c, s: c.get(f"/accompany/{s}/"), NO_LINK)
    for link in (ended, used):
        assert look(Client(), lambda c, s: c.get(f"/accompany/{s}/"), link) == nothing
        other = {**form, "own_key": companions.new_own_key()}
        assert Client().post(f"/accompany/{link}/", other).status_code == 404
    again = client.post(f"/accompany/{used}/", form)
    assert own_key in again.content.decode()
    done(staff, world.case, "complainant1", "end_companion", START)
    _, late = hearing.invite(staff, world.case)
    monkeypatch.setattr(clock, "now", lambda: cases.at(7))
    assert look(Client(), lambda c, s: c.get(f"/accompany/{s}/"), late) == nothing


def test_an_ended_companion_is_out_with_an_open_session(staff: Staff, world: World) -> None:
    client = come_along(world.key)
    path = f"/accompany/with/{world.companion.token}/"
    assert client.get(path).status_code == 200
    done(staff, world.case, "complainant1", "end_companion", START)
    assert client.get(path).status_code == 404
    assert client.post(path, {"text": "x", "once": "1"}).status_code == 404
    page = Client().post("/accompany/", {"own_key": world.key})
    wrong = Client().post("/accompany/", {"own_key": companions.new_own_key()})
    assert (page.status_code, wrong.status_code) == (422, 422)
    assert "We do not know this key" in page.content.decode()
    assert Client().post("/return/", {"case_key": world.key}).status_code == 422
    returned = come_back(Client(), world.key)
    assert returned.get(f"/cases/{world.case.reference}/").status_code == 404


def test_no_one_learns_the_name_of_the_complainant_on_their_page(
    staff: Staff, world: World
) -> None:
    pages = [
        (sign_in(Client(), staff, "respondent1"), f"/replies/{world.to_respondent.token}/"),
        (sign_in(Client(), staff, "staff1"), f"/replies/{world.to_witness.token}/"),
    ]
    for client, path in pages:
        shown = client.get(path).content.decode()
        for secret in ("Complainant 1", "complainant1", world.case.reference, "LEEDS", "Leeds"):
            assert secret not in shown, secret
        inbox = client.get("/inbox/").content.decode()
        assert world.case.reference not in inbox
        assert "Something was written to you" in inbox


def test_an_answer_typed_without_a_session_is_kept_and_a_try_by_another_is_an_event(
    staff: Staff, world: World
) -> None:
    path = f"/replies/{world.to_respondent.token}/"
    client = Client()
    assert client.post(path, {"text": "Long words."}).status_code == 302
    sign_in(client, staff, "respondent1")
    assert client.post(path, {"text": "Long words.", "once": "1"}).status_code == 302
    assert "Long words." in client.get(path).content.decode()
    actors = Event.objects.filter(role="respondent").values_list("actor", flat=True)
    pseudonymise = pseudonymiser_of(world.case.reference)
    assert set(actors) == {pseudonymise(party_actor(staff["respondent1"].pk))}
    sign_in(client, staff, "staff2").get(path)
    refusal = Event.objects.get(kind="case.refused", data__asked="reply")
    assert world.case.reference not in f"{refusal.subject}{refusal.data}{refusal.chain}"
