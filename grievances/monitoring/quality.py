"""When the monitoring data are complete enough to be reported (domain.md 7, K11).

The report on fairness shows how complete they are, by region.
"""

LEAST_DECLARED = 60
"""Percent of all who must have said their ethnic group before a rate may be shown."""


def is_enough(declared: int, everybody: int) -> bool:
    """Return whether enough of all people declared their ethnic group to show a rate."""
    return everybody > 0 and 100 * declared >= LEAST_DECLARED * everybody
