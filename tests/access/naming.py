"""Raise a concern in which a name is typed, and look who is kept out of it."""

from __future__ import annotations

from django.test import Client

from grievances.cases.access import rules
from grievances.cases.models.case import Case
from grievances.people.models import User
from tests.factories.people import Staff
from tests.intake.raising import (
    page_of,
    send,
    sent_anonymously,
    the_case,
    written,
)
from tests.signing_in import sign_in


def rename(person: User, name: str) -> None:
    User.objects.filter(pk=person.pk).update(name=name)


def pages_naming(field: str, typed: str) -> dict[str, dict[str, str]]:
    """The pages of raising on which this is typed in one of the three fields, and nothing else."""
    about = {"about": "", "decided": "", **({field: typed} if field != "exclude" else {})}
    return {"about": about, "keep-away": {"exclude": typed if field == "exclude" else ""}}


def raised(staff: Staff, signed_in: bool, field: str, typed: str) -> Case:
    """A concern raised through the pages, in which this was typed."""
    pages = pages_naming(field, typed)
    if signed_in:
        client, base = written(staff, **pages)
        assert send(client, base).status_code == 302
    else:
        sent_anonymously(**pages)
    return the_case()


def require_kept_out(staff: Staff, who: str, case: Case) -> None:
    """For this person there is no such case: not by its address, nor in the list or a rule."""
    client = sign_in(Client(), staff, who)
    assert client.get(f"/cases/{case.reference}/").status_code == 404
    assert case.reference not in page_of(client.get("/cases/"))
    assert not rules.allows(staff[who], "read", case)
