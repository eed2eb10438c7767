"""What a reader must know before the figures of a report. Builders only."""

from collections.abc import Mapping

from grievances.reports import catalogue
from grievances.reports.contents.experience import survey_warning
from grievances.reports.disclosure.protected import HIDDEN, ProtectedCount, ProtectedTable
from grievances.reports.layout.document import Document
from grievances.reports.periods import read_period

PACKS = (catalogue.KPIS, catalogue.DUTY, catalogue.BOARD)
STARS = (
    "A total of this report is a star. Either it is small, or a few concerns are in it that were "
    "in no report of a shorter or an earlier period (entered late, moved, or joined with another "
    "person's), and the difference would point to them. Nothing is wrong with the service. The "
    "data-protection officer can read in the audit trail whether it was the second."
)


def warning_of(document: Document, made: Mapping[str, Document]) -> str:
    """Return the warning that a document starts with, or empty text.

    `made` are the reports of the period. A pack takes the warning of the survey report that it
    quotes.
    """
    quoted = made.get(catalogue.SATISFACTION.name)
    if document.report in {pack.name for pack in PACKS} and quoted is not None:
        return quoted.warning
    return " ".join(filter(None, (survey_warning(document), _why_a_star(document))))


def _why_a_star(document: Document) -> str:
    """Return what may be behind a headline of a year that is not shown, or empty text.

    It is said of every such total, also of a small one: which reason is the true one would tell.
    """
    if not read_period(document.period).is_year or not document.sections:
        return ""
    figures = [item.figure for item in document.sections[0].items]
    counts = [f.figure for f in figures if isinstance(f, ProtectedCount)]
    totals = [f.total for f in figures if isinstance(f, ProtectedTable)]
    return STARS if HIDDEN in (*counts, *totals) else ""
