"""Wording that may silence a person is quoted to its writer, who decides; it is never refused."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from hypothesis import given as assuming
from hypothesis import strategies

from grievances.audit.models import Event
from grievances.web.cases.step_forms.confidentiality import silencing_sentences
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.cases import fresh
from tests.factories.people import Staff
from tests.signing_in import sign_in

INNOCENT = [
    "We engaged a trainer.",
    "The team was engaged and the baggage was lost.",
    "We kept your name confidential.",
    "We will keep your name confidential.",
    "Your notes were kept confidential.",
    "You can discuss this with anyone you like.",
    "You may tell your union, your family or the police.",
    "They did not tell you in time.",
    "He said that it was not discussed in the meeting.",
    "The privacy of the room was poor.",
]
SILENCING = [
    "Both will keep this confidential.",
    "You are not to discuss this.",
    "You must not tell anyone about it.",
    "Please keep this to yourself.",
    "Keep this matter private.",
    "Do not speak about what happened.",
    "You agree to a confidentiality clause.",
    "This is a non-disclosure agreement.",
    "Sign the NDA first.",
    "The parties shall treat the terms as strictly confidential.",
    "She will never mention it again.",
    "You are asked to stay quiet.",
]


@pytest.mark.parametrize("sentence", INNOCENT)
def test_an_innocent_sentence_brings_no_warning(sentence: str) -> None:
    assert silencing_sentences(sentence) == []


@pytest.mark.parametrize("sentence", SILENCING)
def test_a_sentence_that_may_silence_is_quoted_alone(sentence: str) -> None:
    text = f"You were right to tell us. {sentence} Thank you for it!"
    assert silencing_sentences(text) == [sentence]


@assuming(strategies.text(max_size=400))
def test_any_text_is_looked_at(text: str) -> None:
    assert all(found in " ".join(text.split()) for found in silencing_sentences(text))


DECISION = {
    "finding_1": "UPHELD", "reasons": "MY-REASONS", "letter": "MY-LETTER", "action": "MY-ACTION",
    "action_owner": "staff1", "action_due_day": "4", "action_due_month": "1",
    "action_due_year": "2027", "appeal_rights": "on",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["reasons", "letter", "action"])
def test_the_writer_is_shown_the_sentence_and_goes_on_with_a_tick(
    staff: Staff, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: cases.at(3))
    case = cases.in_decision(staff)
    client, page = sign_in(Client(), staff, "decider1"), f"/cases/{case.reference}/decide/"
    assert "silence_checked" not in client.get(page).content.decode()
    typed = {**DECISION, field: "It was wrong. You must not tell anyone. Sorry."}
    answer = client.post(page, typed)
    shown = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == 422
    assert "Read this again: “You must not tell anyone.”" in shown
    for kept in {**DECISION, **typed}.values():
        assert kept in shown
    assert fresh(case).state == "DECISION"
    assert client.post(page, {**typed, "silence_checked": "on"}).status_code == 302
    assert fresh(case).state == "OUTCOME"
    event = Event.objects.get(kind="case.decide")
    assert event.data["silence_checked"] is True
    assert "tell anyone" not in str(event.data)


def test_every_text_that_others_read_of_a_decision_or_an_agreement_is_looked_at() -> None:
    looked_at = {
        step: set(form.READ_BY_OTHERS)
        for step, form in FORMS.items()
        if hasattr(form, "READ_BY_OTHERS")
    }
    assert looked_at == {
        "decide": {"reasons", "letter", "action"},
        "decide_appeal": {"reasons", "action"},
        "refer": {"letter", "to_body"},
        "remit": {"reasons"},
        "settle": {"terms"},
    }
