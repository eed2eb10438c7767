"""The words of the field: every choice once, with its label (architecture.md 8)."""

from django.db.models import TextChoices


class State(TextChoices):
    """The state of a case. The label is what the complainant sees (domain.md 5.1)."""

    DRAFT = "DRAFT", "Not sent yet"
    SUBMITTED = "SUBMITTED", "We have received your concern"
    TRIAGE = "TRIAGE", "We are agreeing the safest way forward with you"
    INFORMAL = "INFORMAL", "Being worked on informally, as you asked"
    MEDIATION = "MEDIATION", "Mediation"
    ALLOCATION = "ALLOCATION", "Finding a trained manager"
    INVESTIGATION = "INVESTIGATION", "A trained manager is looking into it"
    DECISION = "DECISION", "A decision is being made"
    OUTCOME = "OUTCOME", "You have our decision and can appeal"
    APPEAL_ALLOCATION = "APPEAL_ALLOCATION", "Finding an appeal manager"
    APPEAL = "APPEAL", "Your appeal is being considered"
    ON_HOLD = "ON_HOLD", "Paused"
    WITHDRAWAL_PENDING = "WITHDRAWAL_PENDING", "You have asked to withdraw"
    CLOSED = "CLOSED", "Closed"
    ARCHIVED = "ARCHIVED", "Archived"


STATE_FOR_STAFF = {
    State.SUBMITTED: "Waiting to be acknowledged",
    State.TRIAGE: "Triage",
    State.INFORMAL: "Informal, at the complainant's request",
    State.OUTCOME: "Decision given, appeal window open",
    State.WITHDRAWAL_PENDING: "Withdrawal asked for, cooling-off",
    State.INVESTIGATION: "Investigation",
    State.DECISION: "Decision",
    State.APPEAL: "Appeal",
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

    TRIAGE_POOL = "triage_pool", "Triage officer (not yet assigned)"
    TRIAGE = "triage", "Triage officer"
    HANDLER = "handler", "Handler"
    DECIDER = "decider", "Decision maker"
    APPEAL = "appeal", "Appeal manager"
    MEDIATOR = "mediator", "Mediator"
    LEAD = "lead", "Casework lead"
    DPO = "dpo", "Data-protection officer"
    AUDITOR = "auditor", "Auditor"
    BREAK_GLASS = "break_glass", "Data-protection officer, for a day in an emergency"
    ASKED_HANDLER = "asked_handler", "Asked to be handler"
    ASKED_DECIDER = "asked_decider", "Asked to be decision maker"
    ASKED_APPEAL = "asked_appeal", "Asked to be appeal manager"


ASKED = {
    Role.HANDLER: Role.ASKED_HANDLER,
    Role.DECIDER: Role.ASKED_DECIDER,
    Role.APPEAL: Role.ASKED_APPEAL,
}
"""The grant that represents an unanswered offer of a role."""

WORK_ROLES = (
    Role.TRIAGE_POOL,
    Role.TRIAGE,
    Role.HANDLER,
    Role.DECIDER,
    Role.APPEAL,
    Role.MEDIATOR,
    *ASKED.values(),
)
"""The roles that end with an episode.

The officers of a reopened case are new ones.
"""


class EmergencyReason(TextChoices):
    """Why two officers open a case that neither may read alone.

    Source: domain.md 11.1, break-glass.
    """

    DANGER = "DANGER", "A person may be in danger"
    LAW = "LAW", "A court, a regulator or the police asks, and the law lets them"
    DATA_RIGHTS = "DATA_RIGHTS", "A person asks for the data we hold about them"
    NO_READER_LEFT = "NOBODY_LEFT", "No one who can read the case is there"
    CONDUCT = "CONDUCT", "How the case was handled is being looked into"


class Office(TextChoices):
    """What a person is appointed to, before any case exists."""

    TRIAGE = "triage", "Triage officer"
    HANDLER = "handler", "Handler"
    DECIDER = "decider", "Decision maker"
    APPEAL = "appeal", "Appeal manager"
    MEDIATOR = "mediator", "Mediator"
    LEAD = "lead", "Casework lead"
    ANALYST = "analyst", "HR analyst"
    EXECUTIVE = "executive", "Accountable executive"
    DPO = "dpo", "Data-protection officer"
    AUDITOR = "auditor", "Auditor"
    INDEPENDENT = "independent", "Independent officer"
    DIRECTORY = "directory", "Keeper of the staff directory"


class Certificate(TextChoices):
    """Training without which no one may take a role (domain.md 11.2)."""

    RACE_CORE = "RACE-CORE", "Race discrimination: core"
    INVESTIGATE = "INVESTIGATE", "Investigating"
    DECIDE = "DECIDE", "Deciding"
    TRIAGE = "TRIAGE", "Triage"
    MEDIATE = "MEDIATE", "Mediation"


CERTIFICATES_FOR = {
    Role.TRIAGE: (Certificate.RACE_CORE, Certificate.TRIAGE),
    Role.HANDLER: (Certificate.RACE_CORE, Certificate.INVESTIGATE),
    Role.DECIDER: (Certificate.RACE_CORE, Certificate.DECIDE),
    Role.APPEAL: (Certificate.RACE_CORE, Certificate.DECIDE),
    Role.MEDIATOR: (Certificate.RACE_CORE, Certificate.MEDIATE),
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

    CORE = "core", "The account, statements, findings and letters"
    IDENTITY = "identity", "The complainant's name and how to reach them"
    OFFICE = "office", "Words about the process: reasons, approvals, explanations"
    MEDIATION = "mediation", "The mediator's notes"
    REPLY = "reply", "What was put to people, and their answers"
    WORKING = "working", "The working notes of the handler"


class CompanionKind(TextChoices):
    """Who may accompany a person.

    Source: Employment Relations Act 1999 s10; domain.md 11.1.
    """

    UNION = "UNION", "A union official"
    LAY = "LAY", "A certified lay union official"
    COLLEAGUE = "COLLEAGUE", "A fellow worker"
    OTHER = "OTHER", "Someone else, by agreement"


class Share(TextChoices):
    """What a complainant may let their companion read. Each is ticked separately."""

    ACCOUNT = "ACCOUNT", "What you told us"
    MESSAGES = "MESSAGES", "Messages, questions and updates"
    LETTERS = "LETTERS", "Letters, the report and the decision"
    STATEMENTS = "STATEMENTS", "Statements, once you may read them yourself"
    DATES = "DATES", "The stage and the dates"


class Contact(TextChoices):
    """How the complainant is reached.

    Only the portal is used unless they choose another way (domain.md 5.9).
    """

    PORTAL = "PORTAL", "Only on this site"
    PERSONAL_EMAIL = "PERSONAL_EMAIL", "My personal email"
    PHONE = "PHONE", "My personal phone"
    WORK_EMAIL = "WORK_EMAIL", "My work email"


class Route(TextChoices):
    """How a concern is dealt with."""

    FORMAL = "FORMAL", "Formal"
    INFORMAL = "INFORMAL", "Informal"
    MEDIATION = "MEDIATION", "Mediation"
    NONE = "NONE", "Not yet agreed"


class Outcome(TextChoices):
    """The finding on one allegation, and on the case as a whole."""

    UPHELD = "UPHELD", "Upheld"
    PARTLY = "PARTLY", "Partly upheld"
    NOT_UPHELD = "NOT_UPHELD", "Not upheld"


OBJECTION_DAYS = 2
"""Working days in which the complainant may object to a candidate.

Source: domain.md 5.2 T15.
"""


class CloseReason(TextChoices):
    """Why a case was closed."""

    FINDING = "finding", "Closed after a decision"
    RESOLVED_INFORMALLY = "resolved_informally", "Resolved informally"
    RESOLVED_MEDIATION = "resolved_mediation", "Resolved by mediation"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REDIRECTED = "redirected", "Passed to another process"
    DUPLICATE_MERGED = "duplicate_merged", "Joined to an earlier concern"
    ANONYMOUS_INSUFFICIENT = "anonymous_insufficient", "Not enough could be learned"
    APPEAL_UPHELD = "appeal_upheld", "Appeal upheld"
    APPEAL_VARIED = "appeal_varied", "Decision varied on appeal"
    APPEAL_DISMISSED = "appeal_dismissed", "Decision is the same after appeal"


NO_AFTERCARE = (CloseReason.REDIRECTED, CloseReason.DUPLICATE_MERGED)
"""The closings after which no check-in follows (domain.md 5.6)."""


class AppealOutcome(TextChoices):
    """The outcome of an appeal. Its values are closing reasons too."""

    UPHELD = "appeal_upheld", "Upheld: the decision is replaced"
    VARIED = "appeal_varied", "Varied: part of the decision is changed"
    DISMISSED = "appeal_dismissed", "Dismissed: the decision stays the same"


class Tag(TextChoices):
    """A kind of conduct.

    Staff choose it from the complainant's own description (domain.md 2).
    """

    DIRECT = "DIRECT", "Direct discrimination"
    INDIRECT = "INDIRECT", "A rule that disadvantages a group"
    HARASSMENT = "HARASSMENT", "Harassment related to race"
    VICTIMISATION = "VICTIMISATION", "Treated badly for speaking up"
    THIRD_PARTY = "THIRD_PARTY", "By people on probation or the public"
    FAILURE_TO_ACT = "FAILURE_TO_ACT", "Nothing was done"
    ALLOCATION_RACE_HATE = "ALLOCATION_RACE_HATE", "Allocation of race-hate cases"
    PROGRESSION = "PROGRESSION", "Promotion and development"
    RECRUITMENT = "RECRUITMENT", "Recruitment"
    POST_EMPLOYMENT = "POST_EMPLOYMENT", "After leaving"


class HoldReason(TextChoices):
    """A reason that stops the clock (domain.md 5.4)."""

    C_REQUEST = "C_REQUEST", "The complainant asked"
    C_SICK = "C_SICK", "The complainant is unwell"
    C_LEAVE = "C_LEAVE", "The complainant is on leave for 5 working days or more"
    COMPANION_UNAVAILABLE = "COMPANION_UNAVAILABLE", "The companion is not available"
    AWAITING_C_INFO = "AWAITING_C_INFO", "Waiting for an answer from the complainant"
    MEDIATION_TRIAL = "MEDIATION_TRIAL", "Mediation is being tried"
    ADJUSTMENT_OR_INTERPRETER = "ADJUSTMENT_OR_INTERPRETER", "An adjustment or interpreter"
    POLICE_OR_CRIMINAL = "POLICE_OR_CRIMINAL", "Police or criminal proceedings"
    RESPONDENT_SICK = "RESPONDENT_SICK", "The person the concern is about is unwell"
    EC_TALKS = "EC_TALKS", "Acas conciliation talks, at the complainant's request"


class DelayReason(TextChoices):
    """Why the organisation is late.

    None of these reasons ever stops a clock (domain.md 5.4).
    """

    ABSENCE = "ABSENCE", "A person on our side was away or unwell"
    WORKLOAD = "WORKLOAD", "We had too much work"
    ADVICE = "ADVICE", "We waited for advice"
    DIARIES = "DIARIES", "We found no day that suited everyone"
    PARALLEL = "PARALLEL", "Another process ran beside this one"
    RESTRUCTURE = "RESTRUCTURE", "Our organisation was changing"
    REVIEW = "REVIEW", "The work was checked once more"


HOLD_AT_COMPLAINANTS_REQUEST = (HoldReason.C_REQUEST, HoldReason.C_LEAVE, HoldReason.EC_TALKS)


class ReopenReason(TextChoices):
    """Why a closed case is opened again."""

    NEW_EVIDENCE = "NEW_EVIDENCE", "There is new evidence"
    PROCEDURAL_FLAW = "PROCEDURAL_FLAW", "The process was not followed"
    ACTIONS_NOT_DONE = "ACTIONS_NOT_DONE", "Agreed actions were not done"
    RETALIATION = "RETALIATION", "Someone was treated badly for speaking up"
    AGREEMENT_BROKEN = "AGREEMENT_BROKEN", "An agreement was broken"
    WITHDREW_UNDER_PRESSURE = "WITHDREW_UNDER_PRESSURE", "The concern was withdrawn under pressure"


class KeepReason(TextChoices):
    """Why a case is kept beyond its time, or no longer kept.

    Source: domain.md 2, legal hold.
    """

    TRIBUNAL = "TRIBUNAL", "A tribunal claim has been made or may be made"
    COURT = "COURT", "A court case needs it"
    REGULATOR = "REGULATOR", "A regulator or an inspector asked for it"
    POLICE = "POLICE", "The police asked for it"
    TIME_OVER = "TIME_OVER", "The time it must be kept has ended"
    NOT_NEEDED = "NOT_NEEDED", "It is no longer needed"


class Keep(TextChoices):
    """A step that needs two people.

    The data-protection officer asks, and the casework lead answers.
    """

    ERASE = "erase", "Erase the case"
    HOLD = "set_legal_hold", "Set a legal hold, so that nothing is erased"
    LIFT = "lift_legal_hold", "Lift the legal hold"


class RerouteReason(TextChoices):
    """Why a concern is passed from one triage officer to another."""

    CONFLICT = "CONFLICT", "A triage officer has a conflict of interest"
    ABSENT = "ABSENT", "A triage officer is away"
    EXCLUDED = "EXCLUDED", "A triage officer is someone the complainant asked us to leave out"


class Involved(TextChoices):
    """How a person named later is involved.

    Either way they are excluded from the case (domain.md 5.3).
    """

    RESPONDENT = "RESPONDENT", "The concern is about this person"
    DECISION = "DECISION", "This person took a decision that the concern is about"


class Welcome(TextChoices):
    """The complainant's answer about a new person who will be able to read the case."""

    FINE = "fine", "It is fine: they can begin now"
    AWAY = "away", "Keep this person away"


class HandlerChange(TextChoices):
    """Why a handler is replaced."""

    CONFLICT = "CONFLICT", "Conflict of interest"
    CERTIFICATE_LOST = "CERTIFICATE_LOST", "Certificate no longer valid"
    ABSENCE = "ABSENCE", "Away for more than 10 working days"
    OBJECTION_UPHELD = "OBJECTION_UPHELD", "The complainant's objection was agreed"


class Safety(TextChoices):
    """A fast-track criterion. Any one makes the case fast-track (domain.md 5.8)."""

    VICTIMISATION = "VICTIMISATION", "Treated badly for speaking up"
    THREAT = "THREAT", "Threat, violence or hate crime"
    POWER = "POWER", "The person it is about decides on their safety, pay or probation soon"
    LEAVING = "LEAVING", "The complainant is leaving within 20 working days"
    HEALTH = "HEALTH", "A risk to health was mentioned"
    TRIBUNAL = "TRIBUNAL", "A tribunal date falls within 28 days"


class Redirect(TextChoices):
    """Where a concern that is out of scope goes (T07).

    "Not enough evidence" is never a reason.
    """

    OTHER_EMPLOYER = "OTHER_EMPLOYER", "It concerns another employer, who has accepted it"
    SAFEGUARDING = "SAFEGUARDING", "It is a safeguarding matter, accepted by that team"
    COMPLAINT_BY_PUBLIC = "COMPLAINT_BY_PUBLIC", "It is a complaint by a member of the public"
    OTHER_GRIEVANCE = "OTHER_GRIEVANCE", "It is not about race; another process has accepted it"


class Pressure(TextChoices):
    """The complainant's answer when asked whether they withdraw under pressure."""

    NO = "no", "No"
    YES = "yes", "Yes"
    TALK = "talk", "I would rather talk"


class Region(TextChoices):
    """A group of regions, the finest place for which a number is ever shown."""

    NORTH = "NORTH", "North"
    MIDLANDS = "MIDLANDS", "Midlands and East"
    SOUTH = "SOUTH", "South"
    LONDON = "LONDON", "London"
    WALES = "WALES", "Wales"


class Division(TextChoices):
    """A bank-holiday division (domain.md 6.1)."""

    ENG_WLS = "ENG_WLS", "England and Wales"
    SCT = "SCT", "Scotland"
    NIR = "NIR", "Northern Ireland"


class Copy(TextChoices):
    """The two forms in which a file is kept, and which of them others may see."""

    CLEANED = "copy", "A copy without hidden details"
    ORIGINAL = "original", "The original: its hidden details matter as evidence"


class Scan(TextChoices):
    """The result of the virus scan of a file. FOUND and FAILED mean quarantine."""

    NONE = "none", "Not scanned for viruses"
    CLEAN = "clean", "Scanned for viruses"
    FOUND = "found", "In quarantine: the virus scan reported it"
    FAILED = "failed", "In quarantine: the virus scan gave no answer"


class Cleaning(TextChoices):
    """The result of removing the hidden details from a file."""

    NONE = "none", "This kind of file is kept as it is"
    CLEANED = "cleaned", "Hidden details were taken out"
    WORDS = "words", "Hidden details were taken out, and a name is still in its words"
    FAILED = "failed", "Hidden details could not be taken out"
    WAITING = "waiting", "Hidden details are taken out once the virus scan has passed"
