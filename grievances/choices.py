"""Choices of the investigation, of letters, of referrals and of links between cases."""

from django.db.models import TextChoices
from django.utils.translation import gettext_noop


class SeenBy(TextChoices):
    """To whom a piece of evidence may be shown."""

    OFFICERS = "OFFICERS", gettext_noop("Only the people who look into it and decide")
    COMPLAINANT = "COMPLAINANT", gettext_noop("The person who raised it as well")
    RESPONDENT = "RESPONDENT", gettext_noop("The person it is about as well")
    BOTH = "BOTH", gettext_noop("Both of them")


class MoveReason(TextChoices):
    """Why a meeting is moved to another day.

    Source: Employment Relations Act 1999 s10.
    """

    COMPANION = "COMPANION", gettext_noop("The companion cannot come on that day")
    UNWELL = "UNWELL", gettext_noop("Someone is unwell")
    ADJUSTMENT = "ADJUSTMENT", gettext_noop("An adjustment or an interpreter is not ready")
    OTHER = "OTHER", gettext_noop("Another reason")


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


class CameBy(TextChoices):
    """How a concern came to us."""

    WEB = "WEB", gettext_noop("On this site")
    PHONE = "PHONE", gettext_noop("By phone")
    WALK_IN = "WALK_IN", gettext_noop("In person")
    LETTER = "LETTER", gettext_noop("By letter")


class RaisedFor(TextChoices):
    """To whom it happened, in the words of the person who raises it."""

    SELF = "SELF", gettext_noop("To me")
    WITNESSED = "WITNESSED", gettext_noop("To someone else: I saw it or heard it")
    ASKED = "ASKED", gettext_noop("To someone who asked me to tell you")
