"""Guards from the draft to the agreed way forward (T01-T14)."""

from django.utils.translation import gettext_noop

from grievances.cases.guards.answers import both_agree, fit, given, one_of
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.choices import Redirect, RerouteReason
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import Identity, Safety, Standing
from workflow.steps import Guard

INSUFFICIENT_WD = 20
COMPLAINANT_ROLE = Standing.COMPLAINANT.lower()

SHARING_WAIT = 3
"""Working days after which silence about sharing the name counts as no.

The complainant's own dates run on while we wait, so the wait has an end. The number is ours.
"""

ACCOUNT = Guard(
    "ACCOUNT_MISSING",
    gettext_noop("Tell us what happened, in your own words, before you send it."),
    "domain.md 5.2 T01",
    given("has_account"),
)

IDENTITY = Guard(
    "IDENTITY_NOT_CHOSEN",
    gettext_noop("Choose how your name may be used before you send it."),
    "domain.md 5.2 T01",
    lambda case, context: case.identity in Identity.values,
)

CONTACT = Guard(
    "CONTACT_NOT_CHOSEN",
    gettext_noop("Choose how we may contact you before you send it."),
    "domain.md 5.2 T01",
    given("contact"),
)

SOMEONE_LEFT = Guard(
    "NOBODY_LEFT",
    gettext_noop(
        "No one who could read this is left. Keep one person, or choose the independent officer."
    ),
    "peers.md 4 row 34",
    given("readers"),
)

REROUTE = Guard(
    "REROUTE_NOT_NEEDED",
    "A concern is passed on only when a triage officer has a conflict, is away or was left out by "
    "the complainant.",
    "domain.md 5.2 T03",
    one_of("reason", RerouteReason.values),
)

SAFETY_ANSWERS = Guard(
    "REASON_NOT_LISTED",
    "Choose from the listed safety points.",
    "domain.md 5.8 fast-track criteria",
    lambda case, context: context.codes("flags") <= set(Safety.values),
)

SAFETY_CHECKED = Guard(
    "SAFETY_CHECK_MISSING",
    "Check first that they are safe.",
    "domain.md 5.2 T04",
    lambda case, context: case.safety_checked_on is not None,
    standing=True,
)

EXCLUSIONS_ASKED = Guard(
    "EXCLUSIONS_NOT_ASKED",
    "Ask the complainant first who to keep out.",
    "domain.md 5.2 T04",
    lambda case, context: case.exclusions_asked_on is not None,
    standing=True,
)

AGREED = Guard(
    "AGREEMENT_MISSING",
    gettext_noop(
        "The person it happened to has not confirmed this concern yet. Until they do, you can "
        "check that they are safe, and write to them. Nothing else begins."
    ),
    "domain.md 5.3, no self-service by managers",
    lambda case, context: not case.waits_for_agreement(),
    standing=True,
)


def waits_for_talk(case: CaseShape) -> bool:
    """Return whether no officer has spoken with the person it happened to.

    Another person has seen their case key, so a key alone does not show who they are.
    """
    is_by_key = case.identity == Identity.ANONYMOUS
    return case.waits_for_agreement() and is_by_key and case.heard_on is None


HEARD = Guard(
    "PERSON_NOT_HEARD",
    gettext_noop(
        "You got this case key from another person. So the triage officer has to speak with you "
        "before you can do this. Send them a message, and they agree a time with you. Then tell "
        "them the last 4 characters of the case key you have now, and no more of it."
    ),
    "domain.md 5.3, no self-service by managers",
    lambda case, context: not waits_for_talk(case) or context.has("asked"),
    standing=True,
)
"""Who was asked in their own account answers there, and has shown who they are."""

AGREEMENT_OPEN = Guard(
    "AGREEMENT_NOT_OPEN",
    gettext_noop("This concern waits for no one to confirm it."),
    "domain.md 5.3, no self-service by managers",
    lambda case, context: case.waits_for_agreement(),
    standing=True,
)

NEW_KEY_WAIT = 5
"""Working days between the agreement to a new case key and the day it is given.

So the holder of the key in use can say that they have it. The number is ours.
"""
NEW_KEY_LASTS = 20
"""Working days after the agreement to a new case key until which it may be given.

The officers spoke with the person around that day. Much later, no one knows that they still have
the first half, or that it is still they who ask. The number is ours.
"""

BY_CASE_KEY = Guard(
    "NOT_BY_CASE_KEY",
    gettext_noop(
        "The complainant of this concern has no case key: they come back with their account."
    ),
    "architecture.md 4, anonymous",
    lambda case, context: case.identity == Identity.ANONYMOUS,
    standing=True,
)

NEW_KEY_FREE = Guard(
    "NEW_KEY_ASKED",
    gettext_noop("A new case key has been asked for already."),
    "architecture.md 4, anonymous",
    lambda case, context: case.new_key_asked_on is None,
    standing=True,
)

NEW_KEY_ASKED = Guard(
    "NEW_KEY_NOT_ASKED",
    gettext_noop("No one has asked for a new case key."),
    "architecture.md 4, anonymous",
    lambda case, context: case.new_key_asked_on is not None,
    standing=True,
)

NEW_KEY_AGREED = Guard(
    "NEW_KEY_NOT_AGREED",
    gettext_noop("The casework lead has to speak with the person first, and agree."),
    "architecture.md 4, two officers",
    lambda case, context: case.new_key_agreed_on is not None,
    standing=True,
)

HALF_NOT_TOLD = Guard(
    "NEW_KEY_AGREED",
    gettext_noop(
        "The casework lead has agreed to this new case key already. If the first half is lost, "
        "stop the new case key. Then the triage officer asks for another."
    ),
    "architecture.md 4, two officers",
    lambda case, context: case.new_key_agreed_on is None,
    standing=True,
)
"""A second agreement would overwrite the half that the person was told."""

NEW_KEY_WAITED = Guard(
    "NEW_KEY_TOO_EARLY",
    f"The holder of the case key in use has {NEW_KEY_WAIT} working days to say that they have it. "
    "Give the new one after that.",
    "architecture.md 4, two officers",
    lambda case, context: (
        case.new_key_agreed_on is None
        or context.working_days(case.new_key_agreed_on, context.today) >= NEW_KEY_WAIT
    ),
    standing=True,
)

NEW_KEY_IN_TIME = Guard(
    "NEW_KEY_ENDED",
    f"The agreement to this new case key ended after {NEW_KEY_LASTS} working days. Stop the new "
    "case key, and ask for another.",
    "architecture.md 4, two officers",
    lambda case, context: (
        case.new_key_agreed_on is None
        or context.working_days(case.new_key_agreed_on, context.today) <= NEW_KEY_LASTS
    ),
    standing=True,
)

KEY_IN_USE_IS_THEIRS = Guard(
    "KEY_NOT_SHOWN_TO_BE_YOURS",
    gettext_noop(
        "You got this case key from another person. So it does not stop a new one. Send the triage "
        "officer a message, and they agree a time with you to speak."
    ),
    "domain.md 5.3, no self-service by managers",
    lambda case, context: context.role != COMPLAINANT_ROLE or not waits_for_talk(case),
    standing=True,
)

SHARING_RECORDED = Guard(
    "SHARING_NOT_RECORDED",
    "Ask the complainant whether we may share their name. This can begin when they have answered, "
    f"or after {SHARING_WAIT} working days without an answer: then their name stays with you.",
    "domain.md 5.2 T04, 5.7",
    lambda case, context: (
        case.identity != Identity.CONFIDENTIAL
        or case.name_shared is not None
        or _kept_silent(case, context)
    ),
    standing=True,
)

SHARING_OPEN = Guard(
    "SHARING_NOT_OPEN",
    gettext_noop(
        "The complainant has been asked already, or there is no confidential name to ask about. "
        "They can change who knows their name on their own page."
    ),
    "domain.md 5.7",
    lambda case, context: case.has_sharing_to_ask(),
    standing=True,
)

G_INFORMAL = Guard(
    "INFORMAL_NOT_ASKED",
    gettext_noop(
        "Only the complainant can ask for an informal way forward, in their own account. They have "
        "not asked for it."
    ),
    "domain.md 5.3 G_INFORMAL; Acas Code",
    lambda case, context: case.asked_informal,
    standing=True,
)

INFORMAL_SAFE = Guard(
    "INFORMAL_NOT_SAFE",
    gettext_noop(
        "A safety or victimisation flag is set, so this concern must be handled formally."
    ),
    "domain.md 5.2 T05",
    lambda case, context: not case.fast_track,
    standing=True,
)

INFORMAL_OVER = Guard(
    "NOT_EXPIRED",
    gettext_noop("The informal period has not ended."),
    "domain.md 5.2 T11",
    lambda case, context: (
        context.role != "system" or case.has_lapsed(ClockName.INFORMAL, context.today)
    ),
)

OUT_OF_SCOPE = Guard(
    "OUT_OF_SCOPE_ONLY",
    "A concern is passed on only when it is out of scope. “Not enough evidence” is never a reason.",
    "domain.md 5.2 T07",
    one_of("redirect", Redirect.values),
)

TAKEN_ELSEWHERE = Guard(
    "NOT_ACCEPTED_ELSEWHERE",
    "The other process must have accepted the concern before this one can be closed.",
    "domain.md 5.2 T07",
    given("accepted_elsewhere"),
)

DUPLICATE = Guard(
    "NOT_A_DUPLICATE",
    "Give the reference of an open concern by the same person about the same matters.",
    "domain.md 5.2 T08",
    fit("NOT_A_DUPLICATE"),
)

READERS_ANNOUNCED = Guard(
    "READERS_NOT_ANNOUNCED",
    "A person who does not read this concern works on the earlier one. Tell the complainant "
    "about them first. You can join the two from the next working day, or as soon as the "
    "complainant agrees.",
    "peers.md 3 row 2",
    fit("READERS_NOT_ANNOUNCED"),
)

ANONYMOUS_ONLY = Guard(
    "NOT_ANONYMOUS",
    "Only an anonymous concern can be closed for want of information.",
    "domain.md 5.2 T09",
    lambda case, context: case.identity == Identity.ANONYMOUS,
    standing=True,
)

LONG_ENOUGH = Guard(
    "TOO_EARLY",
    "20 working days must have passed since the concern was received.",
    "domain.md 5.2 T09",
    lambda case, context: (
        case.received_on is not None
        and context.working_days(case.received_on, context.today) >= INSUFFICIENT_WD
    ),
    standing=True,
)

TWO_QUESTIONS = Guard(
    "QUESTIONS_MISSING",
    "Two questions must have been asked and left unanswered.",
    "domain.md 5.2 T09",
    lambda case, context: case.questions.filter(answered_on__isnull=True).count() >= 2,
    standing=True,
)

BOTH_SETTLE = Guard(
    "CONFIRMATION_MISSING",
    "Both people must confirm the agreement themselves, in their own account.",
    "domain.md 5.2 T13",
    both_agree("settlement"),
    standing=True,
)

TERMS = Guard("TERMS_MISSING", "Write down what was agreed.", "domain.md 5.2 T13", given("terms"))


def _kept_silent(case: CaseShape, context: StepContext) -> bool:
    """Return whether the time to answer about the name is over."""
    asked = case.sharing_asked_on
    return asked is not None and context.working_days(asked, context.today) > SHARING_WAIT
