"""The words of the field: every choice once, with its label (architecture.md 8)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_noop


class State(TextChoices):
    """The state of a case. The label is what the complainant sees (domain.md 5.1)."""

    DRAFT = "DRAFT", gettext_noop("Not sent yet")
    SUBMITTED = "SUBMITTED", gettext_noop("We have received your concern")
    TRIAGE = "TRIAGE", gettext_noop("We are agreeing the safest way forward with you")
    INFORMAL = "INFORMAL", gettext_noop("Being worked on informally, as you asked")
    MEDIATION = "MEDIATION", gettext_noop("Mediation")
    ALLOCATION = "ALLOCATION", gettext_noop("Finding a trained manager")
    INVESTIGATION = "INVESTIGATION", gettext_noop("A trained manager is looking into it")
    DECISION = "DECISION", gettext_noop("A decision is being made")
    OUTCOME = "OUTCOME", gettext_noop("You have our decision and can appeal")
    APPEAL_ALLOCATION = "APPEAL_ALLOCATION", gettext_noop("Finding an appeal manager")
    APPEAL = "APPEAL", gettext_noop("Your appeal is being considered")
    ON_HOLD = "ON_HOLD", gettext_noop("Paused")
    WITHDRAWAL_PENDING = "WITHDRAWAL_PENDING", gettext_noop("You have asked to withdraw")
    CLOSED = "CLOSED", gettext_noop("Closed")
    ARCHIVED = "ARCHIVED", gettext_noop("Archived")


STATE_FOR_STAFF = {
    State.SUBMITTED: gettext_noop("Waiting to be acknowledged"),
    State.TRIAGE: gettext_noop("Triage"),
    State.INFORMAL: gettext_noop("Informal, at the complainant's request"),
    State.OUTCOME: gettext_noop("Decision given, appeal window open"),
    State.WITHDRAWAL_PENDING: gettext_noop("Withdrawal asked for, cooling-off"),
    State.INVESTIGATION: gettext_noop("Investigation"),
    State.DECISION: gettext_noop("Decision"),
    State.APPEAL: gettext_noop("Appeal"),
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

    OPEN = "OPEN", "Use my name"
    CONFIDENTIAL = "CONFIDENTIAL", "Keep my name confidential"
    ANONYMOUS = "ANONYMOUS", "Anonymous"


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

    TRIAGE_POOL = "triage_pool", gettext_noop("Triage officer (not yet assigned)")
    TRIAGE = "triage", gettext_noop("Triage officer")
    HANDLER = "handler", gettext_noop("Handler")
    DECIDER = "decider", gettext_noop("Decision maker")
    APPEAL = "appeal", gettext_noop("Appeal manager")
    MEDIATOR = "mediator", gettext_noop("Mediator")
    CO_HANDLER = "co_handler", gettext_noop("Co-investigator")
    NOTE_TAKER = "note_taker", gettext_noop("Note-taker")
    ADVISER = "adviser", gettext_noop("Legal adviser")
    LEAD = "lead", gettext_noop("Casework lead")
    DPO = "dpo", gettext_noop("Data-protection officer")
    AUDITOR = "auditor", gettext_noop("Auditor")
    BREAK_GLASS = "break_glass", gettext_noop("Data-protection officer, for a day in an emergency")
    ASKED_HANDLER = "asked_handler", gettext_noop("Asked to be handler")
    ASKED_DECIDER = "asked_decider", gettext_noop("Asked to be decision maker")
    ASKED_APPEAL = "asked_appeal", gettext_noop("Asked to be appeal manager")


ASKED = {
    Role.HANDLER: Role.ASKED_HANDLER,
    Role.DECIDER: Role.ASKED_DECIDER,
    Role.APPEAL: Role.ASKED_APPEAL,
}
"""The grant that represents an unanswered offer of a role."""

LIMITED = (Role.CO_HANDLER, Role.NOTE_TAKER, Role.ADVISER)
"""Parts in which a person helps, reads only what the part needs, and settles nothing."""

WORK_ROLES = (
    Role.TRIAGE_POOL,
    Role.TRIAGE,
    Role.HANDLER,
    Role.DECIDER,
    Role.APPEAL,
    Role.MEDIATOR,
    *LIMITED,
    *ASKED.values(),
)
"""The roles that end with an episode.

The officers of a reopened case are new ones.
"""


class EmergencyReason(TextChoices):
    """Why two officers open a case that neither may read alone.

    Source: domain.md 11.1, break-glass.
    """

    DANGER = "DANGER", gettext_noop("A person may be in danger")
    LAW = "LAW", gettext_noop("A court, a regulator or the police asks, and the law lets them")
    DATA_RIGHTS = "DATA_RIGHTS", gettext_noop("A person asks for the data we hold about them")
    NO_READER_LEFT = "NOBODY_LEFT", gettext_noop("No one who can read the case is there")
    CONDUCT = "CONDUCT", gettext_noop("How the case was handled is being looked into")


class Office(TextChoices):
    """What a person is appointed to, before any case exists."""

    TRIAGE = "triage", gettext_noop("Triage officer")
    HANDLER = "handler", gettext_noop("Handler")
    DECIDER = "decider", gettext_noop("Decision maker")
    APPEAL = "appeal", gettext_noop("Appeal manager")
    MEDIATOR = "mediator", gettext_noop("Mediator")
    LEAD = "lead", gettext_noop("Casework lead")
    ANALYST = "analyst", gettext_noop("HR analyst")
    EXECUTIVE = "executive", gettext_noop("Accountable executive")
    DPO = "dpo", gettext_noop("Data-protection officer")
    AUDITOR = "auditor", gettext_noop("Auditor")
    INDEPENDENT = "independent", gettext_noop("Independent officer")
    DIRECTORY = "directory", gettext_noop("Keeper of the staff directory")


class Certificate(TextChoices):
    """Training without which no one may take a role (domain.md 11.2)."""

    RACE_CORE = "RACE-CORE", gettext_noop("Race discrimination: core")
    INVESTIGATE = "INVESTIGATE", gettext_noop("Investigating")
    DECIDE = "DECIDE", gettext_noop("Deciding")
    TRIAGE = "TRIAGE", gettext_noop("Triage")
    MEDIATE = "MEDIATE", gettext_noop("Mediation")


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
"""The certificates of each role: domain.md 11.2, column "Needed by".

A note-taker sits in the room and needs the core course. A legal adviser reads questions and letters
and hears no one, so none is asked of them.
"""

CAP = {Role.HANDLER: 3, Role.DECIDER: 5, Role.APPEAL: 3, Role.MEDIATOR: 4, Role.TRIAGE: 15}
"""Open cases that a person may hold in a role (domain.md 5.3 G_CAPACITY)."""


class Compartment(TextChoices):
    """The part of a case whose key seals a record.

    A person can be given one key without the others. architecture.md 5 gives every case a random
    key. Several are needed, so that the casework lead reads the process and not the account, and so
    that only the mediator and the handler read their own notes (domain.md 11.1).
    """

    CORE = "core", gettext_noop("The account, statements, findings and letters")
    IDENTITY = "identity", gettext_noop("The complainant's name and how to reach them")
    OFFICE = "office", gettext_noop("Words about the process: reasons, approvals, explanations")
    MEDIATION = "mediation", gettext_noop("The mediator's notes")
    REPLY = "reply", gettext_noop("What was put to people, and their answers")
    WORKING = "working", gettext_noop("The working notes of the handler")


class CompanionKind(TextChoices):
    """Who may accompany a person.

    Source: Employment Relations Act 1999 s10; domain.md 11.1.
    """

    UNION = "UNION", gettext_noop("A union official")
    LAY = "LAY", gettext_noop("A certified lay union official")
    COLLEAGUE = "COLLEAGUE", gettext_noop("A fellow worker")
    OTHER = "OTHER", gettext_noop("Someone else, by agreement")


class Share(TextChoices):
    """What a complainant may let their companion read. Each is ticked separately."""

    ACCOUNT = "ACCOUNT", gettext_noop("What you told us")
    MESSAGES = "MESSAGES", gettext_noop("Messages, questions and updates")
    LETTERS = "LETTERS", gettext_noop("Letters, the report and the decision")
    STATEMENTS = "STATEMENTS", gettext_noop("Statements, once you may read them yourself")
    DATES = "DATES", gettext_noop("The stage and the dates")


class Contact(TextChoices):
    """How the complainant is reached; at first only on this site (domain.md 5.9)."""

    PORTAL = "PORTAL", gettext_noop("Only on this site")
    PERSONAL_EMAIL = "PERSONAL_EMAIL", gettext_noop("My personal email")
    PHONE = "PHONE", gettext_noop("My personal phone")
    TEXT = "TEXT", gettext_noop("A text message to my mobile phone")
    WORK_EMAIL = "WORK_EMAIL", gettext_noop("My work email")


class Route(TextChoices):
    """How a concern is dealt with."""

    FORMAL = "FORMAL", gettext_noop("Formal")
    INFORMAL = "INFORMAL", gettext_noop("Informal")
    MEDIATION = "MEDIATION", gettext_noop("Mediation")
    NONE = "NONE", gettext_noop("Not yet agreed")


class Outcome(TextChoices):
    """The finding on one allegation, and on the case as a whole."""

    UPHELD = "UPHELD", gettext_noop("Upheld")
    PARTLY = "PARTLY", gettext_noop("Partly upheld")
    NOT_UPHELD = "NOT_UPHELD", gettext_noop("Not upheld")


OBJECTION_DAYS = 2
"""Working days in which the complainant may object to a candidate.

Source: domain.md 5.2 T15.
"""


class CloseReason(TextChoices):
    """Why a case was closed."""

    FINDING = "finding", gettext_noop("Closed after a decision")
    RESOLVED_INFORMALLY = "resolved_informally", gettext_noop("Resolved informally")
    RESOLVED_MEDIATION = "resolved_mediation", gettext_noop("Resolved by mediation")
    WITHDRAWN = "withdrawn", gettext_noop("Withdrawn")
    REDIRECTED = "redirected", gettext_noop("Passed to another process")
    DUPLICATE_MERGED = "duplicate_merged", gettext_noop("Joined to an earlier concern")
    ANONYMOUS_INSUFFICIENT = "anonymous_insufficient", gettext_noop("Not enough could be learned")
    APPEAL_UPHELD = "appeal_upheld", gettext_noop("Appeal upheld")
    APPEAL_VARIED = "appeal_varied", gettext_noop("Decision varied on appeal")
    APPEAL_DISMISSED = "appeal_dismissed", gettext_noop("Decision is the same after appeal")


NO_AFTERCARE = (CloseReason.REDIRECTED, CloseReason.DUPLICATE_MERGED)
"""The closings after which no check-in follows (domain.md 5.6)."""


class AppealOutcome(TextChoices):
    """The outcome of an appeal. Its values are closing reasons too."""

    UPHELD = "appeal_upheld", gettext_noop("Upheld: the decision is replaced")
    VARIED = "appeal_varied", gettext_noop("Varied: part of the decision is changed")
    DISMISSED = "appeal_dismissed", gettext_noop("Dismissed: the decision stays the same")


class EndedElsewhere(TextChoices):
    """How a concern ended that was handled elsewhere or before."""

    UPHELD = "UPHELD", "Upheld"
    PARTLY = "PARTLY", "Partly upheld"
    NOT_UPHELD = "NOT_UPHELD", "Not upheld"
    AGREED = "AGREED", "Settled by agreement"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    NOT_KNOWN = "NOT_KNOWN", "Not known"


class Tag(TextChoices):
    """A kind of conduct.

    Staff choose it from the complainant's own description (domain.md 2).
    """

    DIRECT = "DIRECT", gettext_noop("Direct discrimination")
    INDIRECT = "INDIRECT", gettext_noop("A rule that disadvantages a group")
    HARASSMENT = "HARASSMENT", gettext_noop("Harassment related to race")
    VICTIMISATION = "VICTIMISATION", gettext_noop("Treated badly for speaking up")
    THIRD_PARTY = "THIRD_PARTY", gettext_noop("By people on probation or the public")
    FAILURE_TO_ACT = "FAILURE_TO_ACT", gettext_noop("Nothing was done")
    ALLOCATION_RACE_HATE = "ALLOCATION_RACE_HATE", gettext_noop("Allocation of race-hate cases")
    PROGRESSION = "PROGRESSION", gettext_noop("Promotion and development")
    RECRUITMENT = "RECRUITMENT", gettext_noop("Recruitment")
    POST_EMPLOYMENT = "POST_EMPLOYMENT", gettext_noop("After leaving")


class HoldReason(TextChoices):
    """A reason that stops the clock (domain.md 5.4)."""

    C_REQUEST = "C_REQUEST", gettext_noop("The complainant asked")
    C_SICK = "C_SICK", gettext_noop("The complainant is unwell")
    C_LEAVE = "C_LEAVE", gettext_noop("The complainant is on leave for 5 working days or more")
    COMPANION_UNAVAILABLE = "COMPANION_UNAVAILABLE", gettext_noop("The companion is not available")
    AWAITING_C_INFO = "AWAITING_C_INFO", gettext_noop("Waiting for an answer from the complainant")
    MEDIATION_TRIAL = "MEDIATION_TRIAL", gettext_noop("Mediation is being tried")
    ADJUSTMENT_OR_INTERPRETER = (
        "ADJUSTMENT_OR_INTERPRETER",
        gettext_noop("An adjustment or interpreter"),
    )
    POLICE_OR_CRIMINAL = "POLICE_OR_CRIMINAL", gettext_noop("Police or criminal proceedings")
    RESPONDENT_SICK = "RESPONDENT_SICK", gettext_noop("The person the concern is about is unwell")
    EC_TALKS = "EC_TALKS", gettext_noop("Acas conciliation talks, at the complainant's request")


class DelayReason(TextChoices):
    """Why the organisation is late.

    None of these reasons ever stops a clock (domain.md 5.4).
    """

    ABSENCE = "ABSENCE", gettext_noop("A person on our side was away or unwell")
    WORKLOAD = "WORKLOAD", gettext_noop("We had too much work")
    ADVICE = "ADVICE", gettext_noop("We waited for advice")
    DIARIES = "DIARIES", gettext_noop("We found no day that suited everyone")
    PARALLEL = "PARALLEL", gettext_noop("Another process ran beside this one")
    RESTRUCTURE = "RESTRUCTURE", gettext_noop("Our organisation was changing")
    REVIEW = "REVIEW", gettext_noop("The work was checked once more")


HOLD_AT_COMPLAINANTS_REQUEST = (HoldReason.C_REQUEST, HoldReason.C_LEAVE, HoldReason.EC_TALKS)


class ReopenReason(TextChoices):
    """Why a closed case is opened again."""

    NEW_EVIDENCE = "NEW_EVIDENCE", gettext_noop("There is new evidence")
    PROCEDURAL_FLAW = "PROCEDURAL_FLAW", gettext_noop("The process was not followed")
    ACTIONS_NOT_DONE = "ACTIONS_NOT_DONE", gettext_noop("Agreed actions were not done")
    RETALIATION = "RETALIATION", gettext_noop("Someone was treated badly for speaking up")
    AGREEMENT_BROKEN = "AGREEMENT_BROKEN", gettext_noop("An agreement was broken")
    WITHDREW_UNDER_PRESSURE = (
        "WITHDREW_UNDER_PRESSURE",
        gettext_noop("The concern was withdrawn under pressure"),
    )


class KeepReason(TextChoices):
    """Why a case is kept beyond its time, or no longer kept.

    Source: domain.md 2, legal hold.
    """

    TRIBUNAL = "TRIBUNAL", gettext_noop("A tribunal claim has been made or may be made")
    COURT = "COURT", gettext_noop("A court case needs it")
    REGULATOR = "REGULATOR", gettext_noop("A regulator or an inspector asked for it")
    POLICE = "POLICE", gettext_noop("The police asked for it")
    TIME_OVER = "TIME_OVER", gettext_noop("The time it must be kept has ended")
    NOT_NEEDED = "NOT_NEEDED", gettext_noop("It is no longer needed")


class Keep(TextChoices):
    """A step that needs two people.

    The data-protection officer asks, and the casework lead answers.
    """

    ERASE = "erase", gettext_noop("Erase the case")
    HOLD = "set_legal_hold", gettext_noop("Set a legal hold, so that nothing is erased")
    LIFT = "lift_legal_hold", gettext_noop("Lift the legal hold")


class RerouteReason(TextChoices):
    """Why a concern is passed from one triage officer to another."""

    CONFLICT = "CONFLICT", gettext_noop("A triage officer has a conflict of interest")
    ABSENT = "ABSENT", gettext_noop("A triage officer is away")
    EXCLUDED = (
        "EXCLUDED",
        gettext_noop("A triage officer is someone the complainant asked us to leave out"),
    )


class Involved(TextChoices):
    """How a person named later is involved.

    Either way they are excluded from the case (domain.md 5.3).
    """

    RESPONDENT = "RESPONDENT", gettext_noop("The concern is about this person")
    DECISION = "DECISION", gettext_noop("This person took a decision that the concern is about")


class Welcome(TextChoices):
    """The complainant's answer about a new person who will be able to read the case."""

    FINE = "fine", gettext_noop("It is fine: they can begin now")
    AWAY = "away", gettext_noop("Keep this person away")


class HandlerChange(TextChoices):
    """Why a handler is replaced."""

    CONFLICT = "CONFLICT", gettext_noop("Conflict of interest")
    CERTIFICATE_LOST = "CERTIFICATE_LOST", gettext_noop("Certificate no longer valid")
    ABSENCE = "ABSENCE", gettext_noop("Away for more than 10 working days")
    OBJECTION_UPHELD = "OBJECTION_UPHELD", gettext_noop("The complainant's objection was agreed")


class Safety(TextChoices):
    """A fast-track criterion. Any one makes the case fast-track (domain.md 5.8)."""

    VICTIMISATION = "VICTIMISATION", gettext_noop("Treated badly for speaking up")
    THREAT = "THREAT", gettext_noop("Threat, violence or hate crime")
    POWER = (
        "POWER",
        gettext_noop("The person it is about decides on their safety, pay or probation soon"),
    )
    LEAVING = "LEAVING", gettext_noop("The complainant is leaving within 20 working days")
    HEALTH = "HEALTH", gettext_noop("A risk to health was mentioned")
    TRIBUNAL = "TRIBUNAL", gettext_noop("A tribunal date falls within 28 days")


class Redirect(TextChoices):
    """Where a concern that is out of scope goes (T07).

    "Not enough evidence" is never a reason.
    """

    OTHER_EMPLOYER = (
        "OTHER_EMPLOYER",
        gettext_noop("It concerns another employer, who has accepted it"),
    )
    SAFEGUARDING = (
        "SAFEGUARDING",
        gettext_noop("It is a safeguarding matter, accepted by that team"),
    )
    COMPLAINT_BY_PUBLIC = (
        "COMPLAINT_BY_PUBLIC",
        gettext_noop("It is a complaint by a member of the public"),
    )
    OTHER_GRIEVANCE = (
        "OTHER_GRIEVANCE",
        gettext_noop("It is not about race; another process has accepted it"),
    )


class Pressure(TextChoices):
    """The complainant's answer when asked whether they withdraw under pressure."""

    NO = "no", "No"
    YES = "yes", gettext_noop("Yes")
    TALK = "talk", gettext_noop("I would rather talk")


class Region(TextChoices):
    """A group of regions, the finest place for which a number is ever shown."""

    NORTH = "NORTH", gettext_noop("North")
    MIDLANDS = "MIDLANDS", gettext_noop("Midlands and East")
    SOUTH = "SOUTH", gettext_noop("South")
    LONDON = "LONDON", gettext_noop("London")
    WALES = "WALES", gettext_noop("Wales")


class Division(TextChoices):
    """A bank-holiday division (domain.md 6.1)."""

    ENG_WLS = "ENG_WLS", gettext_noop("England and Wales")
    SCT = "SCT", gettext_noop("Scotland")
    NIR = "NIR", gettext_noop("Northern Ireland")


class Copy(TextChoices):
    """The two forms in which a file is kept, and which of them others may see."""

    CLEANED = "copy", gettext_noop("A copy without hidden details")
    ORIGINAL = "original", gettext_noop("The original: its hidden details matter as evidence")


class Scan(TextChoices):
    """The result of the virus scan of a file. FOUND and FAILED mean quarantine."""

    NONE = "none", gettext_noop("Not scanned for viruses")
    CLEAN = "clean", gettext_noop("Scanned for viruses")
    FOUND = "found", gettext_noop("In quarantine: the virus scan reported it")
    FAILED = "failed", gettext_noop("In quarantine: the virus scan gave no answer")


class Cleaning(TextChoices):
    """The result of removing the hidden details from a file."""

    NONE = "none", gettext_noop("This kind of file is kept as it is")
    CLEANED = "cleaned", gettext_noop("Hidden details were taken out")
    WORDS = "words", gettext_noop("Hidden details were taken out, and a name is still in its words")
    FAILED = "failed", gettext_noop("Hidden details could not be taken out")
    WAITING = "waiting", gettext_noop("Hidden details are taken out once the virus scan has passed")
