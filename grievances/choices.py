"""Choices of the investigation, of letters, of referrals and of links between cases."""

from django.db.models import TextChoices
from django.utils.translation import gettext_noop as _


class SeenBy(TextChoices):
    """To whom a piece of evidence may be shown."""

    OFFICERS = "OFFICERS", _("Only the people who look into it and decide")
    COMPLAINANT = "COMPLAINANT", _("The person who raised it as well")
    RESPONDENT = "RESPONDENT", _("The person it is about as well")
    BOTH = "BOTH", _("Both of them")


class MoveReason(TextChoices):
    """Why a meeting is moved to another day.

    Source: Employment Relations Act 1999 s10.
    """

    COMPANION = "COMPANION", _("The companion cannot come on that day")
    UNWELL = "UNWELL", _("Someone is unwell")
    ADJUSTMENT = "ADJUSTMENT", _("An adjustment or an interpreter is not ready")
    OTHER = "OTHER", _("Another reason")


class Body(TextChoices):
    """Another body to which something from a case can be referred."""

    POLICE = "POLICE", "The police"
    REGULATOR = "REGULATOR", "A regulator or ombudsman"
    SAFEGUARDING = "SAFEGUARDING", "A safeguarding authority"
    EMPLOYER = "EMPLOYER", "Another employer, such as an agency"
    OTHER = "OTHER", "Another body"


class ReferralResult(TextChoices):
    """What came of a referral."""

    TAKEN_UP = "TAKEN_UP", "They have taken it up"
    NOT_TAKEN_UP = "NOT_TAKEN_UP", "They have not taken it up"
    ENDED = "ENDED", "They have finished"


class LinkKind(TextChoices):
    """How two cases belong together."""

    SAME_MATTER = "SAME_MATTER", "The same matter"
    APPEAL = "APPEAL", "An appeal against the other"
    VICTIMISATION = "VICTIMISATION", "Bad treatment for having raised the other"
    ENDED = "ENDED", "Not linked after all"


class LetterBlockKey(TextChoices):
    """The blocks of which letters are made."""

    OPENING = "OPENING", "Opening"
    UPHELD = "UPHELD", "A part that is upheld"
    PARTLY = "PARTLY", "A part that is partly upheld"
    NOT_UPHELD = "NOT_UPHELD", "A part that is not upheld"
    ACTIONS = "ACTIONS", "What will be done"
    APPEAL = "APPEAL", "The right to appeal"
    CLOSING = "CLOSING", "Rights and support"
    RESPONDENT = "RESPONDENT", "Letter to the person it is about"


class EmergencyReason(TextChoices):
    """Why two officers open a case that neither may read alone.

    Source: domain.md 11.1, break-glass.
    """

    DANGER = "DANGER", _("A person may be in danger")
    LAW = "LAW", _("A court, a regulator or the police asks, and the law lets them")
    DATA_RIGHTS = "DATA_RIGHTS", _("A person asks for the data we hold about them")
    NO_READER_LEFT = "NOBODY_LEFT", _("No one who can read the case is there")
    CONDUCT = "CONDUCT", _("How the case was handled is being looked into")


class HelpingPart(TextChoices):
    """A limited part of a case, by the value of its role.

    A note-taker sits in the room and needs the core course. A legal adviser reads questions and
    letters and hears no one, so no course is asked of them.
    """

    CO_HANDLER = "co_handler", _("Co-investigator")
    NOTE_TAKER = "note_taker", _("Note-taker")
    ADVISER = "adviser", _("Legal adviser")
