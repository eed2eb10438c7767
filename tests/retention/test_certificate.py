"""The certificate of an erasure: every place, looked into, and signed (peers.md 3.26)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client

from grievances.cases.actions.actor import Caller
from grievances.cases.actions.perform import perform
from grievances.cases.models.case import Case
from grievances.encryption import signatures
from grievances.encryption.signatures import NotSigned
from grievances.retention import erasure
from grievances.retention.certificate import CLEAN, PURPOSE, read
from grievances.retention.models import Erasure
from tests.factories import edge_cases
from tests.factories.cases import at, done
from tests.factories.people import Staff
from tests.retention.test_erasure import folder as folder
from tests.signing_in import sign_in


def certificate_of(case: Case) -> dict[str, str]:
    return read(Erasure.objects.get(reference=case.reference)).facts


def test_the_certificate_names_every_place_and_what_was_found(staff: Staff, folder: Path) -> None:
    case = edge_cases.erasable(staff)
    done(staff, case, "dpo1", "erase", at(600))
    facts = certificate_of(case)
    assert facts["result"] == CLEAN
    tables = {name: said for name, said in facts.items() if name.startswith("database: ")}
    held = {
        relation.related_model._meta.db_table
        for relation in Case._meta.related_objects
        if relation.get_accessor_name() not in erasure.STAYS
    }
    assert {f"database: {table}" for table in held} <= set(tables)
    assert all(said.endswith(" 0 after") for said in tables.values())
    assert not tables["database: grievances_record"].startswith("0 ")
    assert not tables["database: grievances_sealedkey"].startswith("0 ")
    assert {"files", "search", "cache", "queue", "mail", "logs", "backups"} <= set(facts)
    assert "2028-08-17" in facts["backups"]
    assert facts["trail"].startswith("0 salts")
    assert facts["agreed by"] == "Casework lead, 2028-07-13"
    assert not any(str(person.name) in json.dumps(facts) for person in staff.people.values())


@pytest.mark.parametrize("place", ["cache", "mail", "logs"])
def test_the_certificate_finds_what_was_left_somewhere(
    staff: Staff, folder: Path, place: str
) -> None:
    case = edge_cases.erasable(staff)
    if place == "cache":
        caches["default"].set("page", f"about {case.reference}")
    else:
        (folder / "mail").mkdir(exist_ok=True)
        name = folder / ("mail/1.log" if place == "mail" else "web.log")
        name.write_text(f"something about {case.reference}\n", encoding="utf-8")
    done(staff, case, "dpo1", "erase", at(600))
    caches["default"].clear()
    facts = certificate_of(case)
    assert facts["result"] != CLEAN
    assert "1 " in facts[place]


def test_a_refused_erasure_leaves_everything_as_it_was(staff: Staff, folder: Path) -> None:
    case = edge_cases.archived(staff)
    before = erasure.counts(case)
    with pytest.raises(Exception, match="time this case must be kept"):
        done(staff, case, "dpo1", "erase", at(600))
    assert erasure.counts(case) == before
    assert before["grievances_record"]
    assert not Erasure.objects.exists()


def test_the_certificate_of_another_server_or_no_one_is_not_there(staff: Staff) -> None:
    client = sign_in(Client(), staff, "dpo1")
    for address in ("/keeping/RC-222222/", "/keeping/RC-222222.json"):
        assert client.get(address).status_code == 404


def test_the_certificate_can_be_checked_without_the_server_and_a_changed_one_is_refused(
    staff: Staff, folder: Path
) -> None:
    """The officer who erases holds no key of the case, and needs none."""
    case = edge_cases.erasable(staff)
    perform("erase", case_id=case.pk, caller=Caller(staff["dpo1"], None), now=at(600))
    body = sign_in(Client(), staff, "lead1").get(f"/keeping/{case.reference}.json").json()
    facts = signatures.verify(body["signed"], PURPOSE, body["public_key"])
    assert facts == body["facts"]
    row = Erasure.objects.get()
    row.signed = row.signed[:60] + ("A" if row.signed[60] != "A" else "B") + row.signed[61:]
    with pytest.raises(NotSigned):
        read(row)
