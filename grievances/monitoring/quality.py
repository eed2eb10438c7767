"""When the monitoring data are complete enough to be spoken of (domain.md 7, K11).

How complete they are, by region, is a part of the report on fairness.
"""

LEAST_DECLARED = 60
"""Percent of all who must have said their ethnic group before a rate may be shown."""


def is_enough(declared: int, everybody: int) -> bool:
    """Whether enough said their ethnic group, of everybody, for a rate to be shown."""
    return everybody > 0 and 100 * declared >= LEAST_DECLARED * everybody
