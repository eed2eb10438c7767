"""Printed survey comments, beside the report on satisfaction (domain.md 8).

They are not part of the snapshot: two people need time after a report has been published, and words
about people are stored sealed. Plain Python, for the web process.
"""

from grievances.reports.catalogue import SATISFACTION
from grievances.reports.disclosure.comments import ProtectedWords, protect_words
from grievances.reports.periods import Length, Period
from grievances.surveys import comments


def words_of(report: str, period: Period) -> ProtectedWords:
    """Return the printed comments for a period.

    They are empty for every report but the one on satisfaction.
    """
    if report != SATISFACTION.name or period.length is Length.MONTH:
        return protect_words(())
    year = (period.name,) if period.length is Length.YEAR else ()
    return protect_words(comments.printed_in((*period.calendar_quarters(), *year)))
