"""The table of notices: every line of it is about something that happens, and can be written."""

from __future__ import annotations

import pytest
from django.conf import settings

from grievances.cases.models.case import Case
from grievances.cases.notices import table
from grievances.deadlines.reminders import EVENT_ON_MOMENT
from grievances.deadlines.sweep import STEP_ON_LAPSE
from grievances.policy import profiles
from tests.architecture.sources import ROOT
from workflow.clocks import PROMISE
from workflow.steps import steps

TEMPLATES = ROOT / "templates" / "notices"
KINDS = sorted({kind for lines in table.NOTICES.values() for _, kind in lines})
BESIDE_THE_STEPS = {
    "consent.answered",
    "clock.moved",
    "case.tenure_ended",
    "case.handover_asked",
    "case.training_lapsed",
    "case.reader_announced",
    "case.reader_admitted",
    "case.mediator_admitted",
    "case.reader_kept_out",
    "case.nobody_reads",
    "case.key_refused",
    "case.key_does_not_open",
    "respondent.answered",
    "witness.answered",
    "respondent.answered_notes",
    "respondent.moved_meeting",
    "witness.answered_notes",
    "witness.moved_meeting",
    "companion.accepted",
    "companion.wrote",
    "respondent.filed",
    "witness.filed",
    "companion.filed",
}
"""Events that no step and no rung of a clock makes."""


@pytest.mark.parametrize(
    "kind", [*KINDS, "request", "recovery", "heard", "first_passphrase", "sign_in_changed"]
)
def test_a_notice_has_its_words(kind: str) -> None:
    words = [path.name for path in (TEMPLATES / kind).glob("*.txt")]
    assert any("subject" in name for name in words), words
    assert any("body" in name for name in words) or (TEMPLATES / "body.txt").exists(), words


@pytest.mark.parametrize("event", sorted(table.NOTICES))
def test_a_notice_is_about_something_that_happens(event: str) -> None:
    family, _, name = event.partition(".")
    reminders = {reminder.name for reminder in PROMISE}
    moments = {kind.partition(".")[2] for kind in EVENT_ON_MOMENT.values()}
    known = {"case": set(steps(Case)), "clock": reminders | moments | {"update_owed"}}
    assert name in known.get(family, set()) or event in BESIDE_THE_STEPS


def test_the_sweep_takes_steps_and_serves_clocks_that_exist() -> None:
    assert set(STEP_ON_LAPSE.values()) <= set(steps(Case))
    assert set(STEP_ON_LAPSE) | set(EVENT_ON_MOMENT) <= set(profiles.CLOCKS)


def test_every_clock_that_a_step_names_is_a_clock() -> None:
    for fact in steps(Case).values():
        named = {*fact.starts, *fact.stops} - {"*"}
        assert named <= set(profiles.CLOCKS), fact.name


def test_the_templates_are_where_the_settings_look() -> None:
    assert repr(TEMPLATES.parent) in repr(settings.TEMPLATES[0]["DIRS"])
