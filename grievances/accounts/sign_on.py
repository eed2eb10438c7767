"""Bind a single sign-on subject to an account, once; only the operator unbinds it.

The first subject that the provider names gets an account that has no records yet. Such an account
contains nothing to take, its person is told by mail, and the operator can name the subject
beforehand. An account that has keys is bound by its passphrase alone, which the provider does not
know. A key pair is never replaced here; that takes a recovery code or two officers (`passwords`,
`recovery`).
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from grievances.accounts.session_models import end_sessions
from grievances.accounts.sign_on_models import SignOnBinding
from grievances.cases.actions.actor import SYSTEM_ACTOR, Caller
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from grievances.casework.reading import record
from grievances.encryption.key_pairs import KeyPair
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.models import User
from workflow.steps import Refused

ANOTHER = (
    "SIGN_ON_OF_ANOTHER",
    gettext_noop(
        "The account here with your user name belongs to another person of your organisation's "
        "sign-in. Ask the people who run this service to look into it."
    ),
)


def is_bound_to_another(person: User, subject: str) -> bool:
    """Return whether the account has another subject, or the subject another account."""
    own = SignOnBinding.objects.filter(person=person).exclude(subject=subject)
    theirs = SignOnBinding.objects.filter(subject=subject).exclude(person=person)
    return own.exists() or theirs.exists()


def is_bound(person: User, subject: str) -> bool:
    """Return whether this account belongs to this subject."""
    return SignOnBinding.objects.filter(person=person, subject=subject).exists()


def meet(person: User, subject: str, *, now: datetime) -> None:
    """Bind a person who signs in, if the account has no keys yet.

    An account with keys is not bound yet.

    Raises:
        Refused: SIGN_ON_OF_ANOTHER.
    """
    if is_bound_to_another(person, subject):
        raise Refused(*ANOTHER)
    if not KeyPair.objects.filter(person=person).exists():
        bind(person, subject, now=now)


def bind(person: User, subject: str, *, now: datetime) -> None:
    """Bind the account to this subject; binding twice has the effect of once.

    Raises:
        Refused: SIGN_ON_OF_ANOTHER, also for a session that no sign-in began (an empty subject).
    """
    if not subject:
        raise Refused(*ANOTHER)
    if is_bound(person, subject):
        return
    try:
        with transaction.atomic():
            SignOnBinding.objects.create(person=person, subject=subject)
            record(Caller(person), "account.sign_on_bound", now)
    except IntegrityError:
        raise Refused(*ANOTHER) from None


def record_refused(person: User, now: datetime) -> None:
    """Record that another subject tried this account.

    The trail has the account's pseudonym, and nothing of the subject.
    """
    record(SYSTEM_ACTOR, "account.sign_on_refused", now, account=person_pseudonym(person.pk))


def tell_first_passphrase(person: User, now: datetime) -> None:
    """Tell the person by work mail that a passphrase was chosen.

    If another person chose it, they learn it here.
    """
    key = f"first passphrase:{person_pseudonym(person.pk)}"
    sending.tell(at_work(person), kind="first_passphrase", link="/account/", key=key, now=now)


@transaction.atomic
def forget(person: User, now: datetime) -> bool:
    """Unbind an account and end its sessions.

    The next subject is bound as at first: with the passphrase, where there is one.

    Returns:
        Whether there was a binding.
    """
    end_sessions(person)
    gone, _ = SignOnBinding.objects.filter(person=person).delete()
    # Django ends every session of an account whose password field changes.
    person.set_unusable_password()
    person.save(update_fields=["password"])
    record(SYSTEM_ACTOR, "account.sign_on_forgotten", now, account=person_pseudonym(person.pk))
    return bool(gone)
