"""Coming back with a case key: the right one opens the concern, and no other one does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.retention import residue_search
from tests.factories.people import Staff
from tests.intake.raising import (
    page_of,
    sent_anonymously,
)

pytestmark = pytest.mark.django_db
WRONG = "0000-0000-0000-0000"


@pytest.fixture(autouse=True)
def _no_tries_so_far() -> None:
    cache.clear()


@pytest.mark.parametrize("change", [str, str.upper, lambda key: key.replace("-", " ")])
def test_the_case_key_leads_back_however_it_is_typed(staff: Staff, change: Any) -> None:
    _, case_key = sent_anonymously()
    client = Client()
    answer = client.post("/return/", {"case_key": change(case_key)})
    assert answer["Location"] == f"/cases/{Case.unguarded.get().reference}/"
    assert "returner" in client.session


@pytest.mark.parametrize(
    "typed", [WRONG, "x", "🙂🙂🙂🙂", "' OR 1=1 --", "a" * 61, "", "\x00"], ids=repr
)
def test_a_wrong_case_key_opens_nothing_and_is_answered_in_a_sentence(
    staff: Staff, typed: str
) -> None:
    sent_anonymously()
    client = Client()
    answer = client.post("/return/", {"case_key": typed})
    assert answer.status_code == 422
    assert "govuk-error-message" in page_of(answer)
    assert "returner" not in client.session


@pytest.mark.slow
def test_no_number_of_wrong_keys_closes_the_way_back(staff: Staff) -> None:
    """80 random bits are out of reach of guessing; a limit would only keep people out."""
    _, case_key = sent_anonymously()
    stranger = Client()
    for number in range(1010):
        stranger.cookies["csrftoken"] = f"{number:032d}"
        answer = stranger.post("/return/", {"case_key": WRONG})
        assert answer.status_code == 422, number
    mine = Client()
    mine.get("/return/")
    for _ in range(12):
        assert mine.post("/return/", {"case_key": WRONG}).status_code == 422
    answer = Client().post("/accompany/", {"own_key": WRONG})
    assert answer.status_code == 422
    assert "We do not know this key" in page_of(answer)
    assert mine.post("/return/", {"case_key": case_key}).status_code == 302


def test_wrong_keys_leave_nothing_behind(staff: Staff) -> None:
    """No row and no count: a stranger fills nothing, and no one who mistypes is remembered."""
    sent_anonymously()
    cache.clear()
    before = Event.objects.count()
    for path, field in (("/return/", "case_key"), ("/accompany/", "own_key")):
        Client().post(path, {field: WRONG})
    assert Event.objects.count() == before
    assert residue_search.in_cache("return") == 0
