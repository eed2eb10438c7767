"""The words of the field: every choice once, with its label (architecture.md 8)."""

from django.db.models import TextChoices


def _(text: str) -> str:
    """Return a text as it is, marked for translators.

    Django's own mark asks for the settings, which read this.
    """
    return text


class State(TextChoices):
    """The state of a case. The label is what the complainant sees (domain.md 5.1)."""

    DRAFT = "DRAFT", _("Not sent yet")
    SUBMITTED = "SUBMITTED", _("We have received your concern")
    TRIAGE = "TRIAGE", _("We are agreeing the safest way forward with you")
    INFORMAL = "INFORMAL", _("Being worked on informally, as you asked")
    MEDIATION = "MEDIATION", _("Mediation")
    ALLOCATION = "ALLOCATION", _("Finding a trained manager")
    INVESTIGATION = "INVESTIGATION", _("A trained manager is looking into it")
    DECISION = "DECISION", _("A decision is being made")
    OUTCOME = "OUTCOME", _("You have our decision and can appeal")
    APPEAL_ALLOCATION = "APPEAL_ALLOCATION", _("Finding an appeal manager")
    APPEAL = "APPEAL", _("Your appeal is being considered")
    ON_HOLD = "ON_HOLD", _("Paused")
    WITHDRAWAL_PENDING = "WITHDRAWAL_PENDING", _("You have asked to withdraw")
    CLOSED = "CLOSED", _("Closed")
    ARCHIVED = "ARCHIVED", _("Archived")


STATE_FOR_STAFF = {
    State.SUBMITTED: _("Waiting to be acknowledged"),
    State.TRIAGE: _("Triage"),
    State.INFORMAL: _("Informal, at the complainant's request"),
    State.OUTCOME: _("Decision given, appeal window open"),
    State.WITHDRAWAL_PENDING: _("Withdrawal asked for, cooling-off"),
    State.INVESTIGATION: _("Investigation"),
    State.DECISION: _("Decision"),
    State.APPEAL: _("Appeal"),
}
"""The wording for staff where the complainant's wording would not fit them.

A state that is not listed has one wording for both.
"""

ACTIVE = (
    State.TRIAGE,
    State.INFORMAL,
    State.MEDIATION,
    State.ALLOCATION,
    State.INVESTIGATION,
    State.DECISION,
    State.APPEAL_ALLOCATION,
    State.APPEAL,
)
"""The states in which work is done (domain.md 5: "(active)")."""

OPEN = (State.SUBMITTED, *ACTIVE, State.OUTCOME, State.ON_HOLD, State.WITHDRAWAL_PENDING)
"""Every state between sending and closing."""


class Identity(TextChoices):
    """How much of the complainant's name is known (domain.md 5.7)."""

    OPEN = "OPEN", _("Use my name")
    CONFIDENTIAL = "CONFIDENTIAL", _("Keep my name confidential")
    ANONYMOUS = "ANONYMOUS", _("Anonymous")


class Standing(TextChoices):
    """How a person relates to a case without working on it."""

    COMPLAINANT = "COMPLAINANT", "Complainant"
    COMPANION = "COMPANION", "Companion"
    RESPONDENT = "RESPONDENT", "Person the concern is about"
    WITNESS = "WITNESS", "Witness"


class Role(TextChoices):
    """The work a person does on one case.

    Each role is a django-guardian permission on that case.
    """

    TRIAGE_POOL = "triage_pool", _("Triage officer (not yet assigned)")
    TRIAGE = "triage", _("Triage officer")
    HANDLER = "handler", _("Handler")
    DECIDER = "decider", _("Decision maker")
    APPEAL = "appeal", _("Appeal manager")
    MEDIATOR = "mediator", _("Mediator")
    CO_HANDLER = "co_handler", _("Co-investigator")
    NOTE_TAKER = "note_taker", _("Note-taker")
    ADVISER = "adviser", _("Legal adviser")
    LEAD = "lead", _("Casework lead")
    DPO = "dpo", _("Data-protection officer")
    AUDITOR = "auditor", _("Auditor")
    BREAK_GLASS = "break_glass", _("Data-protection officer, for a day in an emergency")
    ASKED_HANDLER = "asked_handler", _("Asked to be handler")
    ASKED_DECIDER = "asked_decider", _("Asked to be decision maker")
    ASKED_APPEAL = "asked_appeal", _("Asked to be appeal manager")
    ASKED_CO_HANDLER = "asked_co_handler", _("Asked to be co-investigator")
    ASKED_NOTE_TAKER = "asked_note_taker", _("Asked to be note-taker")
    ASKED_ADVISER = "asked_adviser", _("Asked to be legal adviser")


ASKED = {
    Role.HANDLER: Role.ASKED_HANDLER,
    Role.DECIDER: Role.ASKED_DECIDER,
    Role.APPEAL: Role.ASKED_APPEAL,
}
"""The grant that represents an unanswered offer of a role."""

LIMITED = (Role.CO_HANDLER, Role.NOTE_TAKER, Role.ADVISER)
"""Parts in which a person helps, reads only what it needs, and settles nothing."""

ASKED_TO_HELP = {
    Role.CO_HANDLER: Role.ASKED_CO_HANDLER, Role.NOTE_TAKER: Role.ASKED_NOTE_TAKER,
    Role.ADVISER: Role.ASKED_ADVISER,
}  # fmt: skip
"""The grant of a person who may help and has not signed the declaration yet."""

WORK_ROLES = (
    Role.TRIAGE_POOL, Role.TRIAGE, Role.HANDLER, Role.DECIDER, Role.APPEAL, Role.MEDIATOR,
    *LIMITED, *ASKED.values(), *ASKED_TO_HELP.values(),
)  # fmt: skip
"""The roles that end with an episode.

The officers of a reopened case are new ones.
"""


class Office(TextChoices):
    """What a person is appointed to, before any case exists."""

    TRIAGE = "triage", _("Triage officer")
    HANDLER = "handler", _("Handler")
    DECIDER = "decider", _("Decision maker")
    APPEAL = "appeal", _("Appeal manager")
    MEDIATOR = "mediator", _("Mediator")
    LEAD = "lead", _("Casework lead")
    ANALYST = "analyst", _("HR analyst")
    EXECUTIVE = "executive", _("Accountable executive")
    DPO = "dpo", _("Data-protection officer")
    AUDITOR = "auditor", _("Auditor")
    INDEPENDENT = "independent", _("Independent officer")
    DIRECTORY = "directory", _("Keeper of the staff directory")


class Certificate(TextChoices):
    """Training without which no one may take a role (domain.md 11.2)."""

    RACE_CORE = "RACE-CORE", _("Race discrimination: core")
    INVESTIGATE = "INVESTIGATE", _("Investigating")
    DECIDE = "DECIDE", _("Deciding")
    TRIAGE = "TRIAGE", _("Triage")
    MEDIATE = "MEDIATE", _("Mediation")


CERTIFICATES_FOR = {
    Role.TRIAGE: (Certificate.RACE_CORE, Certificate.TRIAGE),
    Role.HANDLER: (Certificate.RACE_CORE, Certificate.INVESTIGATE),
    Role.DECIDER: (Certificate.RACE_CORE, Certificate.DECIDE),
    Role.APPEAL: (Certificate.RACE_CORE, Certificate.DECIDE),
    Role.MEDIATOR: (Certificate.RACE_CORE, Certificate.MEDIATE),
    Role.CO_HANDLER: (Certificate.RACE_CORE, Certificate.INVESTIGATE),
    Role.NOTE_TAKER: (Certificate.RACE_CORE,),
    Role.ADVISER: (),
}
"""The certificates of each role: domain.md 11.2, column "Needed by"."""

CAP = {Role.HANDLER: 3, Role.DECIDER: 5, Role.APPEAL: 3, Role.MEDIATOR: 4, Role.TRIAGE: 15}
"""Open cases that a person may hold in a role (domain.md 5.3 G_CAPACITY)."""


class Compartment(TextChoices):
    """The part of a case whose key seals a record.

    A person can be given one key without the others. architecture.md 5 gives every case a random
    key. Several are needed, so that the casework lead reads the process and not the account, and so
    that only the mediator and the handler read their own notes (domain.md 11.1).
    """

    CORE = "core", _("The account, statements, findings and letters")
    IDENTITY = "identity", _("The complainant's name and how to reach them")
    OFFICE = "office", _("Words about the process: reasons, approvals, explanations")
    MEDIATION = "mediation", _("The mediator's notes")
    REPLY = "reply", _("What was put to people, and their answers")
    WORKING = "working", _("The working notes of the handler")


class Contact(TextChoices):
    """How the complainant is reached; at first only on this site (domain.md 5.9)."""

    PORTAL = "PORTAL", _("Only on this site")
    PERSONAL_EMAIL = "PERSONAL_EMAIL", _("My personal email")
    PHONE = "PHONE", _("My personal phone")
    TEXT = "TEXT", _("A text message to my mobile phone")
    WORK_EMAIL = "WORK_EMAIL", _("My work email")


class Route(TextChoices):
    """How a concern is dealt with."""

    FORMAL = "FORMAL", _("Formal")
    INFORMAL = "INFORMAL", _("Informal")
    MEDIATION = "MEDIATION", _("Mediation")
    NONE = "NONE", _("Not yet agreed")


class Outcome(TextChoices):
    """The finding on one allegation, and on the case as a whole."""

    UPHELD = "UPHELD", _("Upheld")
    PARTLY = "PARTLY", _("Partly upheld")
    NOT_UPHELD = "NOT_UPHELD", _("Not upheld")


OBJECTION_DAYS = 2
"""Working days in which the complainant may object to a candidate.

Source: domain.md 5.2 T15.
"""


class CloseReason(TextChoices):
    """Why a case was closed."""

    FINDING = "finding", _("Closed after a decision")
    RESOLVED_INFORMALLY = "resolved_informally", _("Resolved informally")
    RESOLVED_MEDIATION = "resolved_mediation", _("Resolved by mediation")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REDIRECTED = "redirected", _("Passed to another process")
    DUPLICATE_MERGED = "duplicate_merged", _("Joined to an earlier concern")
    ANONYMOUS_INSUFFICIENT = "anonymous_insufficient", _("Not enough could be learned")
    APPEAL_UPHELD = "appeal_upheld", _("Appeal upheld")
    APPEAL_VARIED = "appeal_varied", _("Decision varied on appeal")
    APPEAL_DISMISSED = "appeal_dismissed", _("Decision is the same after appeal")


NO_AFTERCARE = (CloseReason.REDIRECTED, CloseReason.DUPLICATE_MERGED)
"""The closings after which no check-in follows (domain.md 5.6)."""


class AppealOutcome(TextChoices):
    """The outcome of an appeal. Its values are closing reasons too."""

    UPHELD = "appeal_upheld", _("Upheld: the decision is replaced")
    VARIED = "appeal_varied", _("Varied: part of the decision is changed")
    DISMISSED = "appeal_dismissed", _("Dismissed: the decision stays the same")


class Tag(TextChoices):
    """A kind of conduct.

    Staff choose it from the complainant's own description (domain.md 2).
    """

    DIRECT = "DIRECT", _("Direct discrimination")
    INDIRECT = "INDIRECT", _("A rule that disadvantages a group")
    HARASSMENT = "HARASSMENT", _("Harassment related to race")
    VICTIMISATION = "VICTIMISATION", _("Treated badly for speaking up")
    THIRD_PARTY = "THIRD_PARTY", _("By people on probation or the public")
    FAILURE_TO_ACT = "FAILURE_TO_ACT", _("Nothing was done")
    ALLOCATION_RACE_HATE = "ALLOCATION_RACE_HATE", _("Allocation of race-hate cases")
    PROGRESSION = "PROGRESSION", _("Promotion and development")
    RECRUITMENT = "RECRUITMENT", _("Recruitment")
    POST_EMPLOYMENT = "POST_EMPLOYMENT", _("After leaving")


class HoldReason(TextChoices):
    """A reason that stops the clock (domain.md 5.4)."""

    C_REQUEST = "C_REQUEST", _("The complainant asked")
    C_SICK = "C_SICK", _("The complainant is unwell")
    C_LEAVE = "C_LEAVE", _("The complainant is on leave for 5 working days or more")
    COMPANION_UNAVAILABLE = "COMPANION_UNAVAILABLE", _("The companion is not available")
    AWAITING_C_INFO = "AWAITING_C_INFO", _("Waiting for an answer from the complainant")
    MEDIATION_TRIAL = "MEDIATION_TRIAL", _("Mediation is being tried")
    ADJUSTMENT_OR_INTERPRETER = "ADJUSTMENT_OR_INTERPRETER", _("An adjustment or interpreter")
    POLICE_OR_CRIMINAL = "POLICE_OR_CRIMINAL", _("Police or criminal proceedings")
    RESPONDENT_SICK = "RESPONDENT_SICK", _("The person the concern is about is unwell")
    EC_TALKS = "EC_TALKS", _("Acas conciliation talks, at the complainant's request")


HOLD_AT_COMPLAINANTS_REQUEST = (HoldReason.C_REQUEST, HoldReason.C_LEAVE, HoldReason.EC_TALKS)


class KeepReason(TextChoices):
    """Why a case is kept beyond its time, or no longer kept.

    Source: domain.md 2, legal hold.
    """

    TRIBUNAL = "TRIBUNAL", _("A tribunal claim has been made or may be made")
    COURT = "COURT", _("A court case needs it")
    REGULATOR = "REGULATOR", _("A regulator or an inspector asked for it")
    POLICE = "POLICE", _("The police asked for it")
    TIME_OVER = "TIME_OVER", _("The time it must be kept has ended")
    NOT_NEEDED = "NOT_NEEDED", _("It is no longer needed")


class Keep(TextChoices):
    """A step that needs two people.

    The data-protection officer asks, and the casework lead answers.
    """

    ERASE = "erase", _("Erase the case")
    HOLD = "set_legal_hold", _("Set a legal hold, so that nothing is erased")
    LIFT = "lift_legal_hold", _("Lift the legal hold")


class Safety(TextChoices):
    """A fast-track criterion. Any one makes the case fast-track (domain.md 5.8)."""

    VICTIMISATION = "VICTIMISATION", _("Treated badly for speaking up")
    THREAT = "THREAT", _("Threat, violence or hate crime")
    POWER = "POWER", _("The person it is about decides on their safety, pay or probation soon")
    LEAVING = "LEAVING", _("The complainant is leaving within 20 working days")
    HEALTH = "HEALTH", _("A risk to health was mentioned")
    TRIBUNAL = "TRIBUNAL", _("A tribunal date falls within 28 days")


class Pressure(TextChoices):
    """The complainant's answer when asked whether they withdraw under pressure."""

    NO = "no", "No"
    YES = "yes", _("Yes")
    TALK = "talk", _("I would rather talk")


class Region(TextChoices):
    """A group of regions, the finest place for which a number is ever shown."""

    NORTH = "NORTH", _("North")
    MIDLANDS = "MIDLANDS", _("Midlands and East")
    SOUTH = "SOUTH", _("South")
    LONDON = "LONDON", _("London")
    WALES = "WALES", _("Wales")


class Division(TextChoices):
    """A bank-holiday division (domain.md 6.1)."""

    ENG_WLS = "ENG_WLS", _("England and Wales")
    SCT = "SCT", _("Scotland")
    NIR = "NIR", _("Northern Ireland")
