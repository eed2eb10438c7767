"""Coming back with a case key: the right one opens the concern, and no other one does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from grievances.models import Case
from grievances.views import anonymous
from tests.cast import Cast
from tests.stories.raising import (
    page_of,
    sent_anonymously,
)

pytestmark = pytest.mark.django_db
WRONG = "0000-0000-0000-0000"


@pytest.fixture(autouse=True)
def _no_tries_so_far() -> None:
    cache.clear()


@pytest.mark.parametrize("change", [str, str.upper, lambda key: key.replace("-", " ")])
def test_the_case_key_leads_back_however_it_is_typed(cast: Cast, change: Any) -> None:
    _, case_key = sent_anonymously()
    client = Client()
    answer = client.post("/return/", {"case_key": change(case_key)})
    assert answer["Location"] == f"/cases/{Case.unguarded.get().reference}/"
    assert "returner" in client.session


@pytest.mark.parametrize(
    "typed", [WRONG, "x", "🙂🙂🙂🙂", "' OR 1=1 --", "a" * 61, "", "\x00"], ids=repr
)
def test_a_wrong_case_key_opens_nothing_and_is_answered_in_a_sentence(
    cast: Cast, typed: str
) -> None:
    sent_anonymously()
    client = Client()
    answer = client.post("/return/", {"case_key": typed})
    assert answer.status_code == 422
    assert "govuk-error-message" in page_of(answer)
    assert "returner" not in client.session


def test_too_many_tries_from_one_browser_wait_and_others_do_not(cast: Cast) -> None:
    _, case_key = sent_anonymously()
    client = Client()
    client.get("/return/")
    for _ in range(anonymous.TRIES_OF_A_BROWSER):
        assert client.post("/return/", {"case_key": WRONG}).status_code == 422
    answer = client.post("/return/", {"case_key": case_key})
    assert answer.status_code == 429
    assert "Too many tries" in page_of(answer)
    other = Client()
    other.get("/return/")
    assert other.post("/return/", {"case_key": case_key}).status_code == 302


def test_too_many_tries_from_everywhere_wait(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymous, "TRIES_OF_ALL", 2)
    codes = [Client().post("/return/", {"case_key": WRONG}).status_code for _ in range(3)]
    assert codes == [422, 422, 429]
