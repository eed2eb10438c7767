"""The pieces of each report.

Packs come last, because they use the protected figures of the other reports.
"""

from collections.abc import Mapping

from grievances.reports import catalogue
from grievances.reports.contents import (
    casework,
    experience,
    fairness,
    follow_up,
    office,
    outside,
    packs,
    times,
)
from grievances.reports.layout.sections import Piece
from grievances.reports.periods import Length

PIECES: Mapping[str, tuple[Piece, ...]] = {
    catalogue.VOLUMES.name: casework.VOLUMES,
    catalogue.BACKLOG.name: casework.BACKLOG,
    catalogue.RESOLUTION.name: times.RESOLUTION,
    catalogue.TIMELINESS.name: times.TIMELINESS,
    catalogue.OUTCOMES.name: casework.OUTCOMES,
    catalogue.SATISFACTION.name: experience.SATISFACTION,
    catalogue.HEARD.name: experience.HEARD,
    catalogue.DETRIMENT.name: follow_up.DETRIMENT,
    catalogue.FAIRNESS.name: fairness.FAIRNESS,
    catalogue.WITHDRAWALS.name: casework.WITHDRAWALS,
    catalogue.APPEALS.name: follow_up.APPEALS,
    catalogue.ACTIONS.name: follow_up.ACTIONS,
    catalogue.ALLOCATION.name: office.ALLOCATION,
    catalogue.TRAINING.name: office.TRAINING,
    catalogue.OVERRIDES.name: office.OVERRIDES,
    catalogue.SILENCE.name: casework.SILENCE,
    catalogue.CLIMATE.name: outside.CLIMATE,
    catalogue.KPIS.name: packs.KPIS,
    catalogue.DUTY.name: packs.DUTY,
    catalogue.BOARD.name: packs.BOARD,
}
MONTHLY: Mapping[str, tuple[Piece, ...]] = {
    catalogue.VOLUMES.name: (casework.ARRIVALS,),
    catalogue.TIMELINESS.name: (times.OVERALL,),
}
"""The pieces frozen every month: the points of the charts of variation."""


def pieces_of(name: str, length: Length) -> tuple[Piece, ...]:
    """Return the pieces of a report for a period of this length."""
    return MONTHLY.get(name, ()) if length is Length.MONTH else PIECES[name]
