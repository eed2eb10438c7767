"""Forms of the second step: codes of an app and spare codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from grievances.accounts.second_factor import (
    Change,
    announce,
    open_secret,
    seal_secret,
    use_app_code,
)
from grievances.people.models import User
from grievances.web.accounts.factor_limits import FactorTries
from grievances.web.accounts.second_factor_adapter import Adapter
from grievances.web.shared import clock
from grievances.web.shared.limits.sign_in_limits import TOO_MANY_FROM_HERE

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

SETTING_UP = "second_factor_secret"


def code_field(label: _StrOrPromise, hint: _StrOrPromise) -> forms.CharField:
    """Return the field of a typed code."""
    widget = forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "spellcheck": "false",
            "class": "govuk-input--width-10",
        }
    )
    field = forms.CharField(label=label, max_length=40, help_text=hint, widget=widget)
    field.error_messages["required"] = format_lazy(_("Please fill in: {label}"), label=label)
    return field


def sign_in_code() -> forms.CharField:
    """Return the field for a code of an app, or a spare code."""
    hint = _("Six numbers that your app shows, or one of your spare codes. Spaces do not matter.")
    return code_field(_("Code"), hint)


def app_counters(secret: str) -> dict[str, int]:
    """Return the codes that are right at this moment, each with its half minute."""
    counters = totp.yield_hotp_counters_from_time()
    return {totp.format_hotp_value(totp.hotp_value(secret, each)): each for each in counters}


@transaction.atomic
def find_factor(person: User, code: str) -> Authenticator | None:
    """Return the factor that a typed code belongs to, and use the code up."""
    typed = normalize_user_code(code)
    rows = Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.WEBAUTHN)
    for row in rows:
        if row.type == Authenticator.Type.TOTP:
            if use_app_code(row, app_counters(Adapter().decrypt(row.data["secret"])), typed):
                return row
        elif row.wrap().validate_code(typed):
            announce(person, Change.SPARE_CODE_USED, clock.now())
            return row
    return None


class Counted:
    """What the forms of typed codes share: each wrong code counts (`factor_limits`)."""

    user: User
    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def clean_code(self) -> str:
        """Return the code when it is right.

        Raises:
            ValidationError: For a wrong or used code, and after too many wrong ones.
        """
        code: str = self.cleaned_data["code"]
        tries = FactorTries(context.request, self.user.get_username())
        if not tries.begin():
            raise ValidationError(TOO_MANY_FROM_HERE)
        found = find_factor(self.user, code)
        if found is None:
            if tries.note_wrong():
                announce(self.user, Change.WRONG_CODES, clock.now())
            raise Adapter().validation_error("incorrect_code")
        tries.take_back()
        found.user = self.user
        self.authenticator = found
        return code


def note_step(request: HttpRequest, factor: Authenticator, **facts: bool) -> None:
    """Note in the session that a factor was used.

    allauth would also store when, and a copy of the database could be joined by that time.
    """
    record_authentication(request, factor.user, "mfa", id=factor.pk, type=factor.type, **facts)


class TypedCode(Counted, AuthenticateForm):  # type: ignore[misc]
    """A form for the second step of sign-in by a typed code."""

    code = sign_in_code()

    def save(self) -> None:
        """Note that the second step was taken."""
        note_step(context.request, self.authenticator)


class TypedCodeAgain(Counted, ReauthenticateForm):  # type: ignore[misc]
    """A form that asks a signed-in person for a code before a change."""

    code = sign_in_code()

    def save(self) -> None:
        """Note that the person was asked again."""
        note_step(context.request, self.authenticator, reauthenticated=True)


class SetUpApp(ActivateTOTPForm):  # type: ignore[misc]
    """A form to set up an app: its first code shows that it has the secret.

    Until then the secret is in the session, sealed under a server key.
    """

    code = code_field(_("Code from the app"), _("Six numbers. They change every half minute."))

    def __init__(self, *args: Any, **options: Any) -> None:
        self.user = options.pop("user")
        forms.Form.__init__(self, *args, **options)
        session = context.request.session
        if SETTING_UP not in session:
            session[SETTING_UP] = seal_secret(totp.generate_totp_secret()).hex()
        self.secret = open_secret(bytes.fromhex(session[SETTING_UP]))
        self.counter = 0

    def clean_code(self) -> str:
        """Return the code when the app has the secret.

        Raises:
            ValidationError: For a wrong code.
        """
        code: str = self.cleaned_data["code"]
        counter = app_counters(self.secret).get(normalize_user_code(code))
        if counter is None:
            raise Adapter().validation_error("incorrect_code")
        self.counter = counter
        return code
