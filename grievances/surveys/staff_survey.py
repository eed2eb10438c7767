"""The survey of all staff: opened by HR for 30 days, one answer for each account.

No answer leads to an account. Survey A misses people who never report (domain.md 8). There are no
personal links: everyone who signs in can answer while a period is open. That an account has
answered is recorded by a keyed hash, which is deleted when the answers are released. The answer
itself waits sealed like every other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from grievances.audit.models import SERVICE, Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.encryption.server_keys import handle
from grievances.people.models import User
from grievances.policy import profiles
from grievances.surveys.release import closes_on, quarter_of
from grievances.surveys.responses import put_aside
from grievances.surveys.staff_survey_models import OtherForm, PulseMark, PulsePeriod
from workflow.calendar import local_date
from workflow.steps import Refused

APART_DAYS = 90
"""Days from one opening to the next.

Between two close ones, people who joined could be worked out.
"""

TOO_SOON = (
    "The last staff survey began less than 90 days ago. Open the next one when they have passed: "
    "two close ones could be compared person by person."
)
NOT_OPEN = gettext_noop("The staff survey is not open now. Nothing was stored.")
ANSWERED = gettext_noop("You have answered this survey already. Your first answer stays as it is.")


def may_open(caller: Caller, today: date) -> bool:
    """Return whether this person may open a staff survey: HR."""
    return caller.who is not None and rules.may(caller.who, "open_pulse", today)


def current(today: date) -> PulsePeriod | None:
    """Return the period that is open on a local date."""
    rows = PulsePeriod.objects.filter(opens_on__lte=today, closes_on__gte=today)
    return rows.order_by("-pk").first()


def latest() -> PulsePeriod | None:
    """Return the period that was opened last."""
    return PulsePeriod.objects.order_by("-opens_on", "-pk").first()


@transaction.atomic
def open_period(caller: Caller, *, now: datetime) -> PulsePeriod:
    """Open the staff survey for 30 days from today; an event of the service.

    Returns:
        The new period.

    Raises:
        NotAllowed: the caller is not HR.
        Refused: TOO_SOON.
    """
    today = local_date(now, profiles.zone())
    if not may_open(caller, today):
        raise NotAllowed
    last = latest()
    if last is not None and today < last.opens_on + timedelta(days=APART_DAYS):
        raise Refused("TOO_SOON", TOO_SOON)
    period = PulsePeriod.objects.create(
        opens_on=today,
        closes_on=closes_on(today),
        invited=User.objects.filter(is_active=True).count(),
    )
    Event.append(
        chain=SERVICE,
        at=now,
        actor=caller.handle_as("analyst"),
        role="analyst",
        kind="service.pulse_opened",
        data={"until": str(period.closes_on)},
    )
    return period


def has_answered(person: User, period: PulsePeriod) -> bool:
    """Return whether this account has answered in this period."""
    return PulseMark.objects.filter(mark=_mark(person, period)).exists()


def answer(person: User, answers: Mapping[str, str], today: date) -> None:
    """Store an answer and, apart from it, that this account has given one.

    Of two presses at once, one is stored.

    Raises:
        Refused: PULSE_CLOSED or PULSE_ANSWERED.
    """
    period = current(today)
    if period is None:
        raise Refused("PULSE_CLOSED", NOT_OPEN)
    region = person.unit.region if person.unit else ""
    try:
        with transaction.atomic():
            PulseMark.objects.create(period=period, mark=_mark(person, period))
            form, quarter = OtherForm.STAFF.value, quarter_of(period.opens_on)
            put_aside(form, quarter, {"region": region}, answers)
    except IntegrityError:
        raise Refused("PULSE_ANSWERED", ANSWERED) from None


def _mark(person: User, period: PulsePeriod) -> str:
    return handle("pulse", period.pk, person.pk)
