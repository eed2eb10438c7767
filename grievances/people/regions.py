"""The regions of concerns: those of units, and none where the writer did not say it."""

from grievances.vocabulary import Region

REGION_NOT_SAID = "Not said"
"""The label of a concern, or an account, whose region is empty."""

CASE_REGIONS = (*Region.choices, ("", REGION_NOT_SAID))
"""The regions that a concern may have."""
