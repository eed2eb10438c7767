"""What people answered in the survey about their experience (domain.md 8).

The threshold is 10 on both sides of every share.
"""

from dataclasses import dataclass
from functools import partial

from django.db.models import CharField, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from grievances.reports.charts.section_charts import chart_of
from grievances.reports.counting import Population
from grievances.reports.disclosure.derived import compare
from grievances.reports.disclosure.protected import ProtectedShare, Shown
from grievances.reports.layout.document import Document, Item, Section, Target
from grievances.reports.layout.sections import Line, Made, Piece, ReportContext, Source
from grievances.surveys.models import Form, Invitation, Pace, Response
from grievances.surveys.questions import FAVOURABLE, NOT_COUNTED, QUESTIONS, Question
from grievances.surveys.responses import MAY_PRINT
from grievances.vocabulary import CloseReason

LOW_RATE = 30
"""The response rate, in percent, under which a page starts with a warning.

It concerns every page with answers (domain.md 8).
"""
FEW_ANSWERED = (
    f"Fewer than {LOW_RATE} in 100 of those invited to the survey answered, so what it says may "
    "not represent everyone."
)
DETRIMENT, WORDS = 9, 11
SAFE, ADEQUATE, INFORMED, AGAIN, NOT_THE_PROBLEM = 1, 2, 4, 7, 8
INSPECTION = "in the 2021 inspection"
TARGETS = {SAFE: Target(45, INSPECTION), ADEQUATE: Target(7, INSPECTION)}
"""The baselines of K1 and K2 (domain.md 1).

55% did not feel safe, which leaves 45%; 2 of 30 found it adequate (7%).
"""
ANSWERED = "Answered: "


def answers(form: Form, question: Question | None = None) -> Source:
    """Return a source of the answers to a form, or to one question of it.

    Of a question only the valid answers count. Each answer counts as another person's.
    """

    def source(desk: ReportContext) -> Population:
        rows = Response.objects.filter(quarter__in=desk.period.calendar_quarters(), form=form)
        if question is not None:
            rows = rows.annotate(said=said_to(question))
            rows = rows.filter(said__isnull=False).exclude(said__in=NOT_COUNTED)
        return Population(rows, apart=True)

    return source


def said_to(question: Question) -> Cast:
    """Return the expression for the coded answer to a question, as plain text."""
    return Cast(KeyTextTransform(question.name, "answers"), CharField(max_length=20))


def said(*values: str) -> Q:
    """Return the condition that an answer is one of these values."""
    return Q(said__in=values)


@dataclass(frozen=True)
class Rate:
    """The share of invited people who answered. A used invitation is an answer."""

    key: str = "responses"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the rate of each form.

        For the first form, it also has the rate of each way of closing.
        """
        items = [
            Item(f"{ANSWERED}{form.label.lower()}", self.line(form).share(desk, self.key))
            for form in (Form.AFTER_OUTCOME, Form.SIX_MONTHS)
        ]
        for reason in self._closures(desk):
            line = self.line(Form.AFTER_OUTCOME, reason)
            items.append(Item(line.label, line.share(desk, self.key)))
        note = "Of those who were invited, the share who answered."
        section = Section(self.key, "How many answered", note, tuple(items))
        return section, chart_of(section)

    def line(self, form: Form, closure: CloseReason | None = None) -> Line:
        """Return the line of those who answered, of all invited to a form.

        With `closure` it counts only people whose case was closed in that way.
        """

        def invited(desk: ReportContext) -> Population:
            rows = Invitation.objects.filter(quarter__in=desk.period.calendar_quarters(), form=form)
            everybody = Population(rows, apart=True)
            return everybody.within(closure=closure.value) if closure else everybody

        words = form.label.lower() if closure is None else closure.label.lower()
        return Line(f"{ANSWERED}{words}", invited, Q(used=True))

    def _closures(self, desk: ReportContext) -> list[CloseReason]:
        rows = Invitation.objects.filter(
            quarter__in=desk.period.calendar_quarters(), form=Form.AFTER_OUTCOME
        )
        found = set(rows.order_by().values_list("closure", flat=True).distinct())
        return [reason for reason in CloseReason if reason.value in found]


@dataclass(frozen=True)
class Agreement:
    """The share who agree with each statement of a form, with its bounds.

    The bounds say what the share could be with the people who did not answer.
    """

    key: str
    form: Form
    numbers: tuple[int, ...]
    heading: str

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with one bar for each statement."""
        everybody = Rate().line(self.form).share(desk, f"{self.key}-invited")
        items = tuple(self._item(desk, question, everybody) for question in self._asked())
        section = Section(
            self.key,
            self.heading,
            "The share who agree or strongly agree, of those who gave a view. Of all invited: what "
            "the share would be, had everyone else disagreed, and had everyone else agreed.",
            items,
        )
        return section, chart_of(section)

    def _asked(self) -> list[Question]:
        return [q for q in QUESTIONS if self.form in q.forms and q.number in self.numbers]

    def _item(self, desk: ReportContext, question: Question, everybody: ProtectedShare) -> Item:
        line = Line(question.text, answers(self.form, question), said(*FAVOURABLE))
        share = line.share(desk, self.key)
        target = TARGETS.get(question.number) if self.form == Form.AFTER_OUTCOME else None
        return Item(question.text, share, bounds_of(share, everybody), target)


def bounds_of(share: ProtectedShare, rate: ProtectedShare) -> tuple[int, int] | None:
    """Return the lowest and the highest share of all invited (domain.md 8).

    Both are whole percents: x/N and (x + N - n)/N from rounded counts. Returns None where any of
    them is hidden.
    """
    figures = (share.part, share.whole, rate.whole)
    values = [figure.value for figure in figures if isinstance(figure, Shown)]
    if len(values) < len(figures) or not isinstance(share.percent, Shown) or not values[2]:
        return None
    agreed, answered, invited = values
    silent = max(0, invited - answered)
    return _percent(agreed, invited), min(100, _percent(agreed + silent, invited))


def _percent(part: int, whole: int) -> int:
    return (200 * part + whole) // (2 * whole)


@dataclass(frozen=True)
class Paces:
    """The answers given before any reminder, compared with later ones (domain.md 8)."""

    key: str = "early-late"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section: two shares and their difference for each question.

        It covers the two questions that have a baseline.
        """
        items = [item for number in TARGETS for item in self._items(desk, number)]
        section = Section(
            self.key,
            "Those who answered early, and those who answered late",
            "People who answer late are often more like those who never answer. Where late answers "
            "are worse than early ones, those who kept silent may have fared worse still. Late "
            "means after the first 14 days, when people are reminded.",
            tuple(items),
        )
        return section, chart_of(section)

    def _items(self, desk: ReportContext, number: int) -> list[Item]:
        question = next(q for q in QUESTIONS if q.number == number)
        asked = answers(Form.AFTER_OUTCOME, question)
        shares = [
            Line(
                f"{question.text}: {pace.label[0].lower()}{pace.label[1:]}",
                partial(_at_pace, asked, pace),
                said(*FAVOURABLE),
            )
            for pace in Pace
        ]
        early, late = (line.share(desk, self.key) for line in shares)
        return [
            Item(shares[0].label, early),
            Item(shares[1].label, late),
            Item(f"{question.text}: late compared with early", compare(late, early)),
        ]


def _at_pace(asked: Source, pace: Pace, desk: ReportContext) -> Population:
    return asked(desk).within(pace=pace.value)


@dataclass(frozen=True)
class Worse:
    """The share of people treated worse since raising the concern, by survey."""

    key: str = "worse"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with one bar for each form."""
        question = next(q for q in QUESTIONS if q.number == DETRIMENT)
        lines = [
            Line(
                f"{question.text}: yes, {form.label.lower()}",
                answers(form, question),
                said("yes"),
            )
            for form in (Form.AFTER_OUTCOME, Form.SIX_MONTHS)
        ]
        items = tuple(Item(line.label, line.share(desk, self.key)) for line in lines)
        note = "Of those who answered yes, no or not sure. Never a target: silence must not pay."
        section = Section(self.key, "Treated worse since raising it", note, items)
        return section, chart_of(section)


@dataclass(frozen=True)
class Comments:
    """The share of people who wrote a comment.

    What may be printed of the comments is published later, beside the report.
    """

    key: str = "comments"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the share of answers that have a comment."""
        wrote = Q(answers__has_key="q11") | Q(answers__has_key=MAY_PRINT)
        line = Line("Wrote something in their own words", answers(Form.AFTER_OUTCOME), wrote)
        items = (Item(line.label, line.share(desk, self.key)),)
        note = (
            "Of the answers after the outcome. What they wrote is sealed. No one reads it but two "
            "people, where its writer allowed it to be printed, who take out what could show who "
            "is meant."
        )
        section = Section(self.key, "Who wrote something", note, items)
        return section, ""


EVERYTHING = tuple(q.number for q in QUESTIONS if q.number not in (DETRIMENT, WORDS))
SATISFACTION: tuple[Piece, ...] = (
    Agreement("form-a", Form.AFTER_OUTCOME, EVERYTHING, "What people said after the outcome"),
    Agreement("form-b", Form.SIX_MONTHS, EVERYTHING, "What people said six months later"),
    Rate(),
    Paces(),
    Worse(),
    Comments(),
)
HEARD: tuple[Piece, ...] = (
    Agreement(
        "heard",
        Form.AFTER_OUTCOME,
        (SAFE, INFORMED, NOT_THE_PROBLEM),
        "Safe, kept informed, and not treated as the problem",
    ),
    Agreement(
        "heard-later",
        Form.SIX_MONTHS,
        (SAFE, AGAIN, NOT_THE_PROBLEM),
        "The same people six months later",
    ),
    Rate(),
)


def survey_warning(document: Document) -> str:
    """Return the warning that few of those invited answered, or empty text."""
    for section in document.sections:
        for item in section.items:
            share = item.figure
            if item.label.startswith(ANSWERED) and isinstance(share, ProtectedShare):
                few = isinstance(share.percent, Shown) and share.percent.value < LOW_RATE
                return FEW_ANSWERED if few else ""
    return ""
