"""Who is told of a step, and what the line says (domain.md 5.9)."""

from __future__ import annotations

from grievances.cases.notices.sending import inboxes
from notifications.models import ChannelName, Notice
from tests.factories import cases
from tests.factories.people import Staff


def said(staff: Staff, name: str, kind: str) -> list[Notice]:
    rows = Notice.objects.filter(handle__in=inboxes(staff[name]), kind=kind)
    return list(rows.filter(channel=ChannelName.INBOX).order_by("pk"))


def test_a_person_asked_before_is_not_told_again_when_another_part_is_offered(
    staff: Staff,
) -> None:
    case = cases.in_allocation(staff)
    for name, role in (("handler1", "handler"), ("decider1", "decider")):
        asked = {"role": role, "candidate": staff[name]}
        cases.done(staff, case, "triage1", "offer", cases.START, **asked)
    assert len(said(staff, "handler1", "offer")) == 1
    assert len(said(staff, "decider1", "offer")) == 1


def test_a_line_names_the_step_and_the_letter_beside_it_does_not(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    lines = said(staff, "complainant1", "update")
    assert [line.context["step"] for line in lines][-1] == "begin_investigation"
    letters = Notice.objects.filter(channel=ChannelName.EMAIL, kind="update")
    assert not [letter for letter in letters if "step" in letter.context]
    assert {line.reference for line in lines} == {case.reference}
