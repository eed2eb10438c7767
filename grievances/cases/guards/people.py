"""Guards about who is fit for a role and who agrees."""

from django.utils.translation import gettext_noop

from grievances.cases.guards.answers import both_agree, fit, given
from grievances.vocabulary import LIMITED, Identity
from workflow.steps import Guard

G_TRAINED = Guard(
    "NOT_CERTIFIED",
    "This person's certificate for the role is not valid today. Choose someone who is certified.",
    "domain.md 5.3 G_TRAINED, 11.2",
    fit("NOT_CERTIFIED"),
)

G_NO_CONFLICT = Guard(
    "CONFLICT",
    "There is a conflict of interest, so this person cannot take part. Choose someone else.",
    "domain.md 5.3 G_NO_CONFLICT; Acas investigation guidance",
    fit("CONFLICT"),
)

STILL_FREE = Guard(
    "CONFLICT_SINCE",
    "There is a connection now between you and someone in this case: in the staff directory, "
    "or from an earlier concern. Step back from it. Someone else then goes on with your work.",
    "domain.md 5.3 G_NO_CONFLICT",
    fit("CONFLICT_SINCE"),
)

G_SEPARATION = Guard(
    "ROLE_CLASH",
    "This person already has another part in this case, or is in the same management line as "
    "someone who has. Choose someone else.",
    "domain.md 5.3 G_SEPARATION",
    fit("ROLE_CLASH"),
)

G_EXCLUDED = Guard(
    "EXCLUDED_BY_COMPLAINANT",
    "The complainant asked that this person is not involved. Choose someone else.",
    "domain.md 5.3 G_EXCLUDED",
    fit("EXCLUDED_BY_COMPLAINANT"),
)

G_CAPACITY = Guard(
    "AT_CAP",
    "This person already has as many cases as one person may hold. Choose someone else.",
    "domain.md 5.3 G_CAPACITY",
    fit("AT_CAP"),
)

G_SENIORITY = Guard(
    "NOT_SENIOR",
    "The appeal manager must be at least as senior as the decision maker and outside their line. "
    "Choose someone else.",
    "domain.md 5.3 G_SENIORITY",
    fit("NOT_SENIOR"),
)

NO_OPEN_OFFER = Guard(
    "OFFER_OPEN",
    "An offer for this role is already open or accepted. Wait for the answer first.",
    "domain.md 5.2 T15",
    fit("OFFER_OPEN"),
)

G_CONSENT = Guard(
    "CONSENT_MISSING",
    "Both people must say yes to mediation themselves, in their own account, before it can begin.",
    "domain.md 5.3 G_CONSENT",
    both_agree("mediation"),
    standing=True,
)

G_ACCEPTED = Guard(
    "NOT_ACCEPTED",
    "A handler and a decision maker must both have accepted before the work can begin.",
    "domain.md 5.3 G_ACCEPTED",
    lambda case, context: case.has_accepted("handler") and case.has_accepted("decider"),
    standing=True,
)

G_APPEAL_ACCEPTED = Guard(
    "NOT_ACCEPTED",
    "An appeal manager must have accepted before the appeal can begin.",
    "domain.md 5.3 G_ACCEPTED",
    lambda case, context: case.has_accepted("appeal"),
    standing=True,
)

DECLARED = Guard(
    "DECLARATION_MISSING",
    "Sign today that you have no personal, work or social connection with anyone named.",
    "domain.md 5.2 T17, 5.3 G_NO_CONFLICT",
    given("declare"),
)

DECLARED_TO_HELP = Guard(
    DECLARED.code,
    DECLARED.sentence,
    "domain.md 5.3 G_NO_CONFLICT",
    lambda case, context: context.role not in LIMITED or context.has("declare"),
)
"""What a co-investigator, note-taker or legal adviser signs with each text.

They signed before they began. Each meeting and question may name others.
"""

NO_OBJECTION = Guard(
    "OBJECTION_OPEN",
    gettext_noop(
        "The complainant has objected to this person. The casework lead must answer that first."
    ),
    "domain.md 5.2 T17",
    lambda case, context: not case.has_open_objection(context.today),
    standing=True,
)

HANDED_OVER = Guard(
    "HANDOVER_OWED",
    "The person who did this work before left no hand-over note. The casework lead first writes "
    "down what is known and what is missing.",
    "domain.md 5.2 T34",
    lambda case, _context: not case.lacks_handover(),
    standing=True,
)

OBJECTION_IN_TIME = Guard(
    "OBJECTION_TOO_LATE",
    gettext_noop(
        "The 2 working days for an objection are over. Write to the people who work on this: the "
        "casework lead can still find someone else."
    ),
    "domain.md 5.2 T15",
    lambda case, context: case.may_object(context.text("offer"), context.today),
)

NAMED = Guard(
    "NOT_FOR_ANONYMOUS",
    gettext_noop(
        "This way forward needs a person who can be spoken to, and this concern is anonymous."
    ),
    "domain.md 5.7 (d)",
    lambda case, context: case.identity != Identity.ANONYMOUS,
    standing=True,
)

WITHOUT_NAME = Guard(
    "NOT_ANONYMOUS",
    gettext_noop("This concern has a name already, and it cannot be taken back."),
    "domain.md 5.7",
    lambda case, context: case.identity == Identity.ANONYMOUS,
    standing=True,
)

CONFIDENTIAL_ONLY = Guard(
    "NOT_CONFIDENTIAL",
    gettext_noop(
        "Only a concern whose name is confidential can be made open. This cannot be undone."
    ),
    "domain.md 5.7",
    lambda case, context: case.identity == Identity.CONFIDENTIAL,
    standing=True,
)

COUNTERSIGNED = Guard(
    "COUNTERSIGN_MISSING",
    gettext_noop(
        "The casework lead must agree to this first. Ask for their approval, then come back."
    ),
    "domain.md 0 rule 4, 5.2",
    lambda case, context: context.approved,
)

CONFIRMED = Guard(
    "CONFIRMATION_MISSING",
    gettext_noop("Tick the box to confirm before you go on."),
    "domain.md 5.2 T10",
    given("confirm"),
)

PEOPLE = (G_TRAINED, G_NO_CONFLICT, G_SEPARATION, G_EXCLUDED)
"""What a person must meet to take any role on a case."""
