"""What people wrote in the survey, beside the report on satisfaction (domain.md 8).

It is not part of the snapshot: two people need time after a report has been published, and words
about people are kept sealed, never in the open. Plain Python, for the web process.
"""

from grievances.reports.catalogue import SATISFACTION
from grievances.reports.disclosure.comments import ProtectedWords, protect_words
from grievances.reports.periods import Length, Period
from grievances.surveys import comments


def words_of(report: str, period: Period) -> ProtectedWords:
    """The words printed for a period; none for another report than that on satisfaction."""
    if report != SATISFACTION.name or period.length is Length.MONTH:
        return protect_words(())
    year = (period.name,) if period.length is Length.YEAR else ()
    return protect_words(comments.printed_in((*period.calendar_quarters(), *year)))
