"""What people said of how it went (domain.md 8). Builders only: it needs scipy.

Threshold 10 on both sides of every share. A quarter is reported when its surveys have closed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from grievances.actions.clocks import SURVEY_DAYS
from grievances.models.survey import Form
from grievances.reports.catalogue import SATISFACTION, Period
from grievances.reports.disclosure import (
    PUBLISHED,
    ProtectedCount,
    ProtectedShare,
    Shown,
)
from grievances.reports.document import Document, Item, Section, Target
from grievances.reports.facts import AnswerFact, InvitationFact, Who
from grievances.reports.figures import chart_of
from grievances.reports.tallies import Mark, counts, shares
from grievances.survey import FAVOURABLE, NOT_COUNTED, QUESTIONS, Question
from grievances.vocabulary import CloseReason

LOW_RATE = 30
DETRIMENT, WORDS = 9, 11
INSPECTION = "in the 2021 inspection"
TARGETS = {1: Target(45, INSPECTION), 2: Target(7, INSPECTION)}
"""The lines to beat: 55% not safe leaves 45%; 2 of 30 found it adequate (domain.md 1, K1, K2)."""

ByPeriod = Mapping[str, ProtectedShare]


@dataclass(frozen=True)
class Sources:
    """What a year is built from; `today` is the local date on which it is built."""

    answers: Sequence[AnswerFact]
    invitations: Sequence[InvitationFact]
    today: date


def build_year(year: Period, sources: Sources) -> list[tuple[Document, dict[str, str]]]:
    """The report for a year and its quarters; those still being answered say only so."""
    begun = [quarter for quarter in year.quarters() if quarter.first <= sources.today]
    closed = [quarter for quarter in begun if closes_on(quarter) < sources.today]
    waiting = [quarter for quarter in begun if quarter not in closed]
    if not closed:
        return [_waiting(period, sources.today) for period in (year, *begun)]
    figures = _Figures(year, closed, sources)
    built = [_build(period, figures, closed) for period in (year, *closed)]
    return [*built, *(_waiting(quarter, sources.today) for quarter in waiting)]


def closes_on(quarter: Period) -> date:
    """The last local date on which an invitation of the quarter can be answered."""
    return quarter.last + timedelta(days=SURVEY_DAYS)


class _Figures:
    """The protected figures of a year and its closed quarters."""

    def __init__(self, year: Period, quarters: Sequence[Period], sources: Sources) -> None:
        self._at = (year, quarters, PUBLISHED)
        names = {quarter.name for quarter in quarters}
        self._answers = [fact for fact in sources.answers if fact.quarter in names]
        self._invitations = [fact for fact in sources.invitations if fact.quarter in names]

    def rate(self, form: Form, closure: str | None = None) -> ByPeriod:
        """Answers of those invited; an invitation without an answer is somebody too."""
        answered = Counter(f.quarter for f in self._answers if _is_of(f, form, closure))
        invited: Counter[str] = Counter()
        for fact in self._invitations:
            if _is_of(fact, form, closure):
                invited[fact.quarter] += fact.sent
        said = [(quarter, True) for quarter in answered.elements()]
        said += [(quarter, False) for quarter in (invited - answered).elements()]
        return shares(_mark(said), *self._at)

    def share(self, form: Form, name: str, is_part: Callable[[str], bool]) -> ByPeriod:
        """The share of valid answers to a question that are of the part."""
        said = [
            (fact.quarter, fact.answers[name])
            for fact in self._answers
            if fact.form == form and fact.answers.get(name, "") not in NOT_COUNTED
        ]
        return shares(_mark((quarter, is_part(value)) for quarter, value in said), *self._at)

    def comments(self, period: Period) -> ProtectedCount:
        """How many wrote something; what they wrote is not part of a report."""
        marks = _mark((fact.quarter, True) for fact in self._answers if fact.has_comment)
        return ProtectedCount(counts(marks, *self._at)[period.name])

    def closures(self) -> list[str]:
        """The ways of closing that were invited, in the order of the vocabulary."""
        invited = {fact.closure for fact in self._invitations}
        return [reason.value for reason in CloseReason if reason.value in invited]


def _build(
    period: Period, figures: _Figures, closed: Sequence[Period]
) -> tuple[Document, dict[str, str]]:
    rates = {form: figures.rate(form)[period.name] for form in Form}
    sections = [_responses(period, figures, rates)]
    sections += [_agreement(period, figures, form, rates[form]) for form in Form]
    sections.append(_detriment(period, figures))
    charts = {section.key: chart_of(section) for section in sections[1:3]}
    until = min(period.last, closed[-1].last)
    document = Document(
        report=SATISFACTION.name,
        period=period.name,
        until=until,
        threshold=PUBLISHED.t,
        lead=_lead(sections[1].items),
        warning=_warning(rates[Form.AFTER_OUTCOME]),
        sections=tuple(sections),
    )
    return document, {key: svg for key, svg in charts.items() if svg}


def _waiting(period: Period, today: date) -> tuple[Document, dict[str, str]]:
    last = closes_on(period.quarters()[0])
    lead = f"Answers are still coming in. They are counted after {last.day} {last:%B %Y}."
    until = min(period.last, today)
    return Document(SATISFACTION.name, period.name, until, PUBLISHED.t, lead), {}


def _responses(period: Period, figures: _Figures, rates: Mapping[Form, ProtectedShare]) -> Section:
    items = [Item(f"Answered: {form.label.lower()}", rate) for form, rate in rates.items()]
    if period.is_year:
        items += [
            Item(
                f"Answered after the outcome: {CloseReason(closure).label.lower()}",
                figures.rate(Form.AFTER_OUTCOME, closure)[period.name],
            )
            for closure in figures.closures()
        ]
    items.append(
        Item("Answers with something written in their own words", figures.comments(period))
    )
    note = "Of those who were invited, the share who answered. What people wrote is not shown here."
    return Section("responses", "How many answered", note, tuple(items))


def _agreement(period: Period, figures: _Figures, form: Form, rate: ProtectedShare) -> Section:
    asked = [q for q in QUESTIONS if form in q.forms and q.number not in (DETRIMENT, WORDS)]
    items = tuple(_question(q, period, figures, form, rate) for q in asked)
    return Section(
        f"form-{form.value.lower()}",
        f"What people said {form.label.lower()}",
        "The share who agree or strongly agree, of those who gave a view. Of all invited: what "
        "the share would be, had everybody else disagreed, and had everybody else agreed.",
        items,
    )


def _question(
    question: Question, period: Period, figures: _Figures, form: Form, rate: ProtectedShare
) -> Item:
    share = figures.share(form, question.name, FAVOURABLE.__contains__)[period.name]
    target = TARGETS.get(question.number) if form == Form.AFTER_OUTCOME else None
    return Item(question.text, share, bounds_of(share, rate), target)


def bounds_of(share: ProtectedShare, rate: ProtectedShare) -> tuple[int, int] | None:
    """Whole percents of everybody invited at the least and at the most (domain.md 8).

    x/N and (x + N - n)/N from rounded counts; None where any of them is hidden.
    """
    figures = (share.part, share.whole, rate.whole)
    values = [figure.value for figure in figures if isinstance(figure, Shown)]
    if len(values) < len(figures) or not isinstance(share.percent, Shown) or not values[2]:
        return None
    agreed, answered, invited = values
    silent = max(0, invited - answered)
    return _percent(agreed, invited), min(100, _percent(agreed + silent, invited))


def _detriment(period: Period, figures: _Figures) -> Section:
    question = next(q for q in QUESTIONS if q.number == DETRIMENT)
    items = tuple(
        Item(
            f"{question.text}: yes, {form.label.lower()}",
            figures.share(form, question.name, "yes".__eq__)[period.name],
        )
        for form in Form
    )
    note = "Of those who answered yes, no or not sure. Never a target: silence must not pay."
    return Section("detriment", "Treated worse since raising it", note, items)


def _lead(items: Sequence[Item]) -> str:
    safe = items[0].figure
    if not isinstance(safe, ProtectedShare) or not isinstance(safe.percent, Shown):
        return "Too few people have answered to say how it was for them."
    return (
        f"Of about {safe.whole} people who answered, {safe.percent}% felt safe raising their "
        f"concern. The line to beat is {TARGETS[1].percent}%."
    )


def _warning(rate: ProtectedShare) -> str:
    if isinstance(rate.percent, Shown) and rate.percent.value < LOW_RATE:
        return (
            f"Fewer than {LOW_RATE} in 100 of those invited answered, so this may not represent "
            "everyone."
        )
    return ""


def _is_of(fact: AnswerFact | InvitationFact, form: Form, closure: str | None) -> bool:
    return fact.form == form and closure in (None, fact.closure)


def _mark(said: Iterable[tuple[str, bool]]) -> list[Mark]:
    """Every answer is another person's: nothing ties two of them together."""
    return [Mark(quarter, counts_, Who(str(n))) for n, (quarter, counts_) in enumerate(said)]


def _percent(part: int, whole: int) -> int:
    return (200 * part + whole) // (2 * whole)
