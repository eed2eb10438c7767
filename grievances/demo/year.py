"""The year 2022-23 of HM Prison and Probation Service: a demonstration.

The totals are published in its staff equalities statistics (domain.md 1); the paths are assumed. In
2022-23, 923 members of staff raised 1,082 grievances of every kind. Of these 48.8% were upheld or
partly upheld, which makes 528. It is assumed that all of them are concerns about race and were
concluded within the year. All that follows is assumed too. None of it is a finding about that
service:

| What                               | Assumed                                                     |
|------------------------------------|-------------------------------------------------------------|
| Open on 31 March 2023              | 240 beside the concluded, about 3 in 10 received long ago   |
| People                             | 764 with one concern, 159 with two; 40 of the 764 anonymous |
| Endings                            | 87 informal, 22 mediated, 65 withdrawn, 908 decided         |
| Upheld against partly upheld       | 55 to 45 in 100                                             |
| Days to the decision               | log-normal, median 58 working days, sigma 0.42, 24 at least |
| Received                           | 1 October 2021 at the earliest                              |
| Paused                             | 12 in 100 investigations, for 5 to 9 working days; 3 in 10  |
|                                    | of these for the other person, with the lead's approval     |
| Parts declined                     | 2 in 100                                                    |
| Actions                            | 80 in 100 done by their date, 12 after it                   |
| Comments in the survey             | 3 in 10 write one; 3 in 4 of them allow it to be printed    |
| Fast track                         | 12 in 100                                                   |
| Sends updates in time              | 30 in 100 handlers                                          |
| Day of each part                   | the choices in `planning.Planner._pace`                     |
| Names no one                       | 15 in 100                                                   |
| Name                               | 3 in 10 of those with an account ask for confidentiality    |
| Appeals                            | 22 in 100 of those not upheld, 4 in 100 of the others       |
| Appeal decisions                   | 70 dismissed, 18 varied, 12 upheld of 100                   |
| Surveys and check-ins answered     | 35 in 100, agreement in `survey_replies.AGREES`             |
| Staff, by region                   | `staff_counts.SHARES`; 1.5 people for each 100 is published |
| Respondents, handlers, all staff   | shares of answers and agreement in `survey_answers`         |
| What complainants say of themselves| shares in `survey_answers.SHARES`                           |
| HR, lawyers, survey of all staff   | shares in `past_years.outside_counts`                       |
| Officers                           | as in `staff_pool.POOLS`                                    |
"""

from __future__ import annotations

import random
from datetime import date, datetime, time

from grievances.demo.actors import Actors
from grievances.demo.comment_publication import prepare_and_print
from grievances.demo.organisation import build_organisation
from grievances.demo.past_years.outside_counts import write_outside_counts
from grievances.demo.planning import Planner, Shape
from grievances.demo.scheduler import SWEEP, Progress, Scheduler
from grievances.demo.staff_counts import count_staff
from grievances.demo.staff_pool import officers, staff
from grievances.demo.survey_replies import SurveyReplies
from grievances.policy import profiles
from grievances.reports import limit_resets
from grievances.reports.periods import year_of
from grievances.surveys import release
from workflow.calendar import at_local

BEGIN = date(2021, 10, 1)
END = date(2023, 3, 31)
CLOSED = date(2023, 5, 5)
"""Questions asked until the end of March can be answered for 30 days."""
ANSWERING = 0.35
FIRST_MONTH = "2022-23-M01"
LEADING_UP = "the published year begins; the months before it are made up to lead up to it"
PUBLISHED = Shape(concerns=1082, people=923, upheld=528)


def end_of_year() -> datetime:
    """Return the evening of 31 March 2023 (UTC): the present of this demonstration."""
    return at_local(END, time(18, 0), profiles.zone())


def first_look() -> datetime:
    """Return the morning (UTC) on which every report of the year exists.

    Its surveys have closed by then.
    """
    return at_local(CLOSED, SWEEP, profiles.zone())


def tell_year(seed: int, progress: Progress, *, scale: float = 1.0) -> int:
    """Return how many cases of the year were built, with their organisation.

    `scale` (0 to 1] makes a smaller year of the same proportions, for tests.
    """
    chance = random.Random(seed)  # noqa: S311 - a demonstration that can be repeated
    shape = PUBLISHED.scaled(scale)
    now = end_of_year()
    planner = Planner(chance, shape, profiles.calendar("ENG_WLS"), BEGIN, END)
    people = [*officers(chance, max(scale, 0.1)), *staff(chance, "worker", shape.accounts)]
    people += staff(chance, "member", shape.respondents)
    organisation = build_organisation(now, people, mail=False)
    count_staff(shape.people, BEGIN, END)
    write_outside_counts(shape.people, year_of(END), seed)
    begin = at_local(BEGIN, time(8, 0), profiles.zone())
    scheduler = Scheduler(begin, now, chance, lambda at: replies.read_inboxes(at))
    actors = Actors(organisation, scheduler, chance)
    replies = SurveyReplies(actors, answering=ANSWERING)
    planned = list(planner.plans())
    for plan, road in planned:
        scheduler.add(plan.received, road(actors, plan))
    scheduler.tell(progress)
    release.release(CLOSED)
    prepare_and_print(organisation, first_look())
    begin_charts()
    return len(planned)


def begin_charts() -> None:
    """Set the limits of every chart to begin with the year.

    The months before only lead up to it.
    """
    for series in limit_resets.SERIES:
        limit_resets.rebase(series, FIRST_MONTH, LEADING_UP, first_look())
