"""Let people who came from a file choose their first password, by a link.

The link opens one account once, for a week, and only while it has neither a password nor a key. It
is signed outside the database and nothing of it is stored, so that neither a copy of the database
nor the operator learns a password.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.core import signing
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower, Trim
from django.utils.translation import gettext_noop

from grievances.accounts.own_key import make_first
from grievances.accounts.passwords import KEY_GONE
from grievances.accounts.second_factor import tell_changed
from grievances.cases.actions.actor import Caller
from grievances.casework.reading import record
from grievances.encryption.derivation_limit import derive_once
from grievances.encryption.key_pairs import Holder
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle
from grievances.people.models import User
from workflow.steps import Refused

LASTS = timedelta(days=7)
SALT = "first sign-in"
USED = (
    "LINK_USED",
    gettext_noop(
        "This link was used before, is older than a week, or is not whole. Ask the people who run "
        "this service for a new one."
    ),
)


def invited(units: Collection[str] = ()) -> QuerySet[User]:
    """Return the people without a password, a key or single sign-on."""
    open_accounts = User.objects.filter(
        Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX),
        is_active=True,
        key_pair__isnull=True,
        sign_on__isnull=True,
    )
    if units:
        open_accounts = open_accounts.filter(unit__code__in=units)
    return open_accounts.order_by("pk")


def sharing_an_address() -> QuerySet[User]:
    """Return the people whose email address another open account has as well.

    The one who reads that mail could choose the password of the other.
    """
    open_accounts = User.objects.filter(is_active=True).exclude(email="")
    addressed = open_accounts.annotate(mailed=Lower(Trim("email")))
    twice = addressed.values("mailed").annotate(accounts=Count("pk")).filter(accounts__gt=1)
    return addressed.filter(mailed__in=twice.order_by().values("mailed")).order_by("username")


def link_of(person: User, now: datetime) -> str:
    """Return the address of the page on which this person chooses a password."""
    words = {"person": person.pk, "at": int(now.timestamp()), "as": _state(person)}
    return urljoin(settings.SITE_URL, f"/account/first/{signing.dumps(words, salt=SALT)}/")


def person_of(secret: str, now: datetime) -> User:
    """Return the account that a link opens.

    Raises:
        Refused: LINK_USED, the same for each reason.
    """
    try:
        words = signing.loads(secret, salt=SALT)
    except signing.BadSignature:
        raise Refused(*USED) from None
    person = invited().filter(pk=words["person"]).first()
    age = now - datetime.fromtimestamp(words["at"], now.tzinfo)
    if person is None or words["as"] != _state(person) or not timedelta() <= age <= LASTS:
        raise Refused(*USED)
    return person


def choose_password(secret: str, password: str, now: datetime) -> Holder:
    """Give an account its first password and its key pair.

    The key is derived before the transaction begins: on SQLite every other writer would wait.

    Returns:
        The holder, with its private key open.

    Raises:
        Refused: LINK_USED, or KEY_GONE where a key pair was removed by other means.
        TooBusy: Too many keys are derived at this moment.
    """
    person = person_of(secret, now)
    with derive_once():
        proof = make_password(password)
        return _begin(person, proof, password, now)


@transaction.atomic
def _begin(person: User, proof: str, password: str, now: datetime) -> Holder:
    """Write the password unless another request was quicker, and make the key pair.

    Returns:
        The holder of the new key pair, open.

    Raises:
        Refused: LINK_USED, or KEY_GONE.
    """
    if not User.objects.filter(pk=person.pk, password=person.password).update(password=proof):
        raise Refused(*USED)
    person.password = proof
    try:
        holder = make_first(person, password, now=now)
    except DecryptionFailed:
        raise Refused(*KEY_GONE) from None
    record(Caller(person, holder), "account.first_password", now)
    tell_changed(person, now)
    return holder


def _state(person: User) -> str:
    """Return what changes with the first password, so that a link is of use once.

    It changes with the address too: a link that went to a wrong one opens nothing any more.
    """
    return handle(SALT, person.pk, person.password, person.email)
