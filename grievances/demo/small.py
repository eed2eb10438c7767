"""The small demonstration: one organisation and a case in nearly every state."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from typing import Any

from grievances.demo.actors import Actors, Pace, Plan
from grievances.demo.organisation import Organisation
from grievances.demo.scheduler import Progress, Scheduler, Story
from grievances.demo.side_stories import (
    answered,
    asked,
    mediated,
    mediating,
    offered_only,
    sent_only,
    withdrawing,
)
from grievances.demo.stories import accepting, appealing, formal, informal, withdrawn
from grievances.demo.survey_replies import SurveyReplies
from grievances.policy import profiles
from grievances.surveys import release
from grievances.vocabulary import Division, Identity
from workflow.calendar import at_local, local_date

FIRST = 190
"""How many working days before the present the oldest case was received."""

NEVER = 400
"""A working day that does not come: the case stays where it is."""

STUCK = Pace(reported=NEVER, decided=NEVER)
REPORTED = Pace(decided=NEVER)

Road = Callable[[Actors, Plan], Story]
Row = tuple[int, str, str, tuple[str, str, str], Road, dict[str, Any]]
"""One case of the small demonstration.

It has: working days ago, complainant, respondent, (triage, handler, decider), story, other facts.
"""

OPEN_ONES: tuple[Row, ...] = (
    (1, "colleague3", "", ("triage1", "", ""), sent_only, {"identity": Identity.CONFIDENTIAL}),
    (4, "colleague4", "neighbour4", ("triage1", "", ""), answered, {}),
    (9, "", "neighbour2", ("triage2", "", ""), asked, {"region": "MIDLANDS"}),
    (6, "colleague5", "", ("triage2", "handler4", ""), offered_only, {}),
    (10, "colleague7", "", ("triage1", "", ""), partial(informal, resolved_after=NEVER), {}),
    (12, "colleague14", "neighbour8", ("triage2", "", ""), mediating, {}),
    (
        34,
        "complainant2",
        "neighbour1",
        ("triage2", "handler2", "decider2"),
        formal,
        {"pace": STUCK},
    ),
    (62, "colleague1", "neighbour2", ("triage1", "handler2", "decider2"), formal, {"pace": STUCK}),
    (
        46,
        "colleague2",
        "neighbour3",
        ("triage1", "handler3", "decider1"),
        formal,
        {"pace": REPORTED},
    ),
    (
        27,
        "colleague6",
        "neighbour5",
        ("triage2", "handler3", "decider2"),
        formal,
        {"identity": Identity.CONFIDENTIAL, "pace": STUCK, "hold": (24, 9)},
    ),
    (9, "colleague12", "", ("triage2", "", ""), partial(withdrawing, asked_after=3), {}),
    (48, "colleague8", "neighbour6", ("triage2", "handler4", "decider1"), formal, {}),
    (
        66,
        "colleague9",
        "neighbour7",
        ("triage1", "handler1", "decider1"),
        partial(formal, then=appealing("")),
        {"appeal": "appeal1", "finding": "NOT_UPHELD"},
    ),
)

ENDED_ONES: tuple[Row, ...] = (
    (
        FIRST,
        "colleague10",
        "neighbour9",
        ("triage1", "handler1", "decider2"),
        partial(formal, then=accepting),
        {"finding": "PARTLY"},
    ),
    (
        150,
        "colleague13",
        "neighbour4",
        ("triage2", "handler4", "decider1"),
        partial(formal, then=appealing("appeal_varied")),
        {"appeal": "appeal1", "finding": "NOT_UPHELD"},
    ),
    (85, "colleague11", "", ("triage1", "", ""), partial(withdrawn, asked_after=8), {}),
    (60, "colleague15", "", ("triage2", "", ""), partial(informal, resolved_after=9), {}),
    (75, "colleague16", "neighbour6", ("triage1", "", ""), partial(mediated, lasting=12), {}),
)


def tell_small(organisation: Organisation, now: datetime, seed: int, progress: Progress) -> int:
    """Return how many stories were run up to `now` (UTC)."""
    chance = random.Random(seed)  # noqa: S311 - a demonstration that can be repeated
    days = profiles.calendar(Division.ENG_WLS)
    today = local_date(now, profiles.zone())
    begin = at_local(days.add(today, -FIRST - 1), time(8, 0), profiles.zone())
    scheduler = Scheduler(begin, now, chance, lambda at: replies.read_inboxes(at))
    actors = Actors(organisation, scheduler, chance)
    replies = SurveyReplies(actors, answering=1.0)
    rows = (*OPEN_ONES, *ENDED_ONES)
    for row in rows:
        plan = plan_of(row, days.add(today, -row[0]))
        scheduler.add(plan.received, row[4](actors, plan))
    scheduler.tell(progress)
    release.release(today)
    return len(rows)


def plan_of(row: Row, received: date) -> Plan:
    """Return the plan of a row, with the local date it was received."""
    _, complainant, about, (triage, handler, decider), road, facts = row
    wants_informal = isinstance(road, partial) and road.func is informal
    return Plan(
        complainant,
        about,
        received,
        triage=triage,
        handler=handler,
        decider=decider,
        mediator="mediator1",
        informal=wants_informal,
        **facts,
    )
