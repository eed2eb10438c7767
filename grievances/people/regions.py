"""The regions of concerns: those of units, and none where it was not said."""

from django.utils.translation import gettext_noop

from grievances.vocabulary import Region

REGION_NOT_SAID = gettext_noop("Not said")
"""The label of a concern, or an account, whose region is empty."""

CASE_REGIONS = (*Region.choices, ("", REGION_NOT_SAID))
"""The regions that a concern may have."""
