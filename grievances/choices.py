"""Choices of investigation, letters, files, companions and changes."""

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


class CameBy(TextChoices):
    """How a concern came to us."""

    WEB = "WEB", _("On this site")
    PHONE = "PHONE", _("By phone")
    WALK_IN = "WALK_IN", _("In person")
    LETTER = "LETTER", _("By letter")


class RaisedFor(TextChoices):
    """To whom it happened, in the words of the person who raises it."""

    SELF = "SELF", _("To me")
    WITNESSED = "WITNESSED", _("To someone else: I saw it or heard it")
    ASKED = "ASKED", _("To someone who asked me to tell you")


class CompanionKind(TextChoices):
    """Who may accompany a person.

    Source: Employment Relations Act 1999 s10; domain.md 11.1.
    """

    UNION = "UNION", _("A union official")
    LAY = "LAY", _("A certified lay union official")
    COLLEAGUE = "COLLEAGUE", _("A fellow worker")
    OTHER = "OTHER", _("Someone else, by agreement")


class Share(TextChoices):
    """What a complainant may let their companion read. Each is ticked separately."""

    ACCOUNT = "ACCOUNT", _("What you told us")
    MESSAGES = "MESSAGES", _("Messages, questions and updates")
    LETTERS = "LETTERS", _("Letters, the report and the decision")
    STATEMENTS = "STATEMENTS", _("Statements, once you may read them yourself")
    DATES = "DATES", _("The stage and the dates")


class ReopenReason(TextChoices):
    """Why a closed case is opened again."""

    NEW_EVIDENCE = "NEW_EVIDENCE", _("There is new evidence")
    PROCEDURAL_FLAW = "PROCEDURAL_FLAW", _("The process was not followed")
    ACTIONS_NOT_DONE = "ACTIONS_NOT_DONE", _("Agreed actions were not done")
    RETALIATION = "RETALIATION", _("Someone was treated badly for speaking up")
    AGREEMENT_BROKEN = "AGREEMENT_BROKEN", _("An agreement was broken")
    WITHDREW_UNDER_PRESSURE = (
        "WITHDREW_UNDER_PRESSURE",
        _("The concern was withdrawn under pressure"),
    )


class RerouteReason(TextChoices):
    """Why a concern is passed from one triage officer to another."""

    CONFLICT = "CONFLICT", _("A triage officer has a conflict of interest")
    ABSENT = "ABSENT", _("A triage officer is away")
    EXCLUDED = "EXCLUDED", _("A triage officer is someone the complainant asked us to leave out")


class Involved(TextChoices):
    """How a person named later is involved.

    Either way they are excluded from the case (domain.md 5.3).
    """

    RESPONDENT = "RESPONDENT", _("The concern is about this person")
    DECISION = "DECISION", _("This person took a decision that the concern is about")


class Welcome(TextChoices):
    """The complainant's answer about a new person who will be able to read the case."""

    FINE = "fine", _("It is fine: they can begin now")
    AWAY = "away", _("Keep this person away")


class HandlerChange(TextChoices):
    """Why a handler is replaced."""

    CONFLICT = "CONFLICT", _("Conflict of interest")
    CERTIFICATE_LOST = "CERTIFICATE_LOST", _("Certificate no longer valid")
    ABSENCE = "ABSENCE", _("Away for more than 10 working days")
    OBJECTION_UPHELD = "OBJECTION_UPHELD", _("The complainant's objection was agreed")


class Redirect(TextChoices):
    """Where a concern that is out of scope goes (T07).

    "Not enough evidence" is never a reason.
    """

    OTHER_EMPLOYER = "OTHER_EMPLOYER", _("It concerns another employer, who has accepted it")
    SAFEGUARDING = "SAFEGUARDING", _("It is a safeguarding matter, accepted by that team")
    COMPLAINT_BY_PUBLIC = "COMPLAINT_BY_PUBLIC", _("It is a complaint by a member of the public")
    OTHER_GRIEVANCE = "OTHER_GRIEVANCE", _("It is not about race; another process has accepted it")


class Copy(TextChoices):
    """The two forms in which a file is kept, and which of them others may see."""

    CLEANED = "copy", _("A copy without hidden details")
    ORIGINAL = "original", _("The original: its hidden details matter as evidence")


class Scan(TextChoices):
    """The result of the virus scan of a file. FOUND and FAILED mean quarantine."""

    NONE = "none", _("Not scanned for viruses")
    CLEAN = "clean", _("Scanned for viruses")
    FOUND = "found", _("In quarantine: the virus scan reported it")
    FAILED = "failed", _("In quarantine: the virus scan gave no answer")


class Cleaning(TextChoices):
    """The result of removing the hidden details from a file."""

    NONE = "none", _("This kind of file is kept as it is")
    CLEANED = "cleaned", _("Hidden details were taken out")
    WORDS = "words", _("Hidden details were taken out, and a name is still in its words")
    FAILED = "failed", _("Hidden details could not be taken out")
    WAITING = "waiting", _("Hidden details are taken out once the virus scan has passed")


class DelayReason(TextChoices):
    """Why the organisation is late.

    None of these reasons ever stops a clock (domain.md 5.4).
    """

    ABSENCE = "ABSENCE", _("A person on our side was away or unwell")
    WORKLOAD = "WORKLOAD", _("We had too much work")
    ADVICE = "ADVICE", _("We waited for advice")
    DIARIES = "DIARIES", _("We found no day that suited everyone")
    PARALLEL = "PARALLEL", _("Another process ran beside this one")
    RESTRUCTURE = "RESTRUCTURE", _("Our organisation was changing")
    REVIEW = "REVIEW", _("The work was checked once more")


class YearlyFinding(TextChoices):
    """What an auditor or independent officer states about a year."""

    IN_ORDER = "IN_ORDER", "I checked, and the steps and dates were kept or the reason was given"
    REPORTED = "REPORTED", "I checked, and reported what I found to the data-protection officer"
