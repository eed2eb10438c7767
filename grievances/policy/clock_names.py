"""The name of every clock that a policy sets."""

from enum import StrEnum


class ClockName(StrEnum):
    """A clock of a case.

    The value is stored with every deadline and in the policy files.
    """

    ACK = "ACK"
    TRIAGE = "TRIAGE"
    ALLOCATION = "ALLOCATION"
    OFFER = "OFFER"
    MEETING = "MEETING"
    INVESTIGATION = "INVESTIGATION"
    SUPPLEMENTARY = "SUPPLEMENTARY"
    DECISION = "DECISION"
    OVERALL = "OVERALL"
    APPEAL_WINDOW = "APPEAL_WINDOW"
    APPEAL_ALLOC = "APPEAL_ALLOC"
    APPEAL_MEETING = "APPEAL_MEETING"
    APPEAL = "APPEAL"
    UPDATE = "UPDATE"
    INFORMAL = "INFORMAL"
    MEDIATION = "MEDIATION"
    HOLD_REVIEW = "HOLD_REVIEW"
    WELFARE = "WELFARE"
    COOLING_OFF = "COOLING_OFF"
    SURVEY_A = "SURVEY_A"
    SURVEY_B = "SURVEY_B"
    SURVEY_AGAIN = "SURVEY_AGAIN"
    CHECKIN_1 = "CHECKIN_1"
    CHECKIN_3 = "CHECKIN_3"
    CHECKIN_6 = "CHECKIN_6"
    CHECKIN_AGAIN = "CHECKIN_AGAIN"
    ARCHIVE = "ARCHIVE"
    RETENTION = "RETENTION"
    DRAFT_WARNING = "DRAFT_WARNING"
    DRAFT = "DRAFT"


EVERY_CLOCK = "*"
"""In a declaration: the step stops every clock that is running."""
