"""Forms to sign in and to change a password, each with the private key."""

from collections.abc import Callable
from typing import cast

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import context
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from grievances.accounts.own_key import open_account
from grievances.accounts.second_factor import Change, announce
from grievances.accounts.session_models import end_sessions
from grievances.encryption.derivation_limit import TooBusy, derive_once
from grievances.encryption.key_pairs import Holder, reseal, unlock
from grievances.encryption.primitives import DecryptionFailed
from grievances.operations.start import server_keys_fit
from grievances.people.models import User
from grievances.web.shared import clock
from grievances.web.shared.fields import BeginsWithTyped
from grievances.web.shared.sessions import hold_key, keep_key, leave_behind, remember_browser
from workflow.json_values import JsonObject

KEY_SHUT = gettext_noop(
    "Your password is right, but it no longer opens your records: it was changed outside this "
    'service. Choose "I have lost my password" below. Your recovery code, or two officers, open '
    "them again."
)
NEWER_KEYS = gettext_noop(
    "This service is being started again with new keys. Your password may well be right. Try again "
    "in a few minutes."
)
BUSY = gettext_noop("Many people are signing in at this moment. Wait a minute, then try again.")


class SignIn(BeginsWithTyped, LoginForm):  # type: ignore[misc]
    """A sign-in form whose password also unlocks the private key.

    The password is not kept.
    """

    def __init__(self, *args: object, **options: object) -> None:
        begin: Callable[..., None] = super().__init__
        begin(*args, **options)
        self.fields["login"].label = gettext("User name")
        for name in ("login", "password"):
            # No placeholder: the label says it already, and a placeholder looks like an answer.
            self.fields[name].widget.attrs.pop("placeholder", None)

        self.holder: Holder | None = None

    def clean(self) -> JsonObject | None:
        """Return the checked name and password, and unlock the private key.

        A session without its key would end on the next page without a word.

        Raises:
            ValidationError: When the password no longer unlocks the key, or when the limit of
                parallel key derivations is reached, or this process has not the server's keys.
        """
        try:
            with derive_once():
                answers = super().clean()
                person: User | None = getattr(self, "user", None)
                if person is not None:
                    typed = self.cleaned_data["password"]
                    self.holder = open_account(person, typed, now=clock.now())
        except TooBusy:
            raise ValidationError(BUSY, code="BUSY") from None
        except DecryptionFailed:
            self._require_right_keys()
            raise ValidationError(KEY_SHUT, code="KEY_SHUT") from None
        except ValidationError:
            self._require_right_keys()
            raise
        return answers

    def _require_right_keys(self) -> None:
        """Refuse where this process has older keys and finds every password wrong.

        Raises:
            ValidationError: The server keys of this process are not those of the database.
        """
        if not server_keys_fit():
            raise ValidationError(NEWER_KEYS, code="NEWER_KEYS") from None

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponseBase:
        """Start the session or the second step, without what an earlier session held.

        Returns:
            allauth's answer, with the cookie of the key.
        """
        leave_behind(request)
        response: HttpResponseBase = super().login(request, redirect_url)
        if self.holder is not None:
            if request.user.is_authenticated:
                finish_sign_in(request, response, self.holder)
            else:
                hold_key(request, response, self.holder)
        return response


def finish_sign_in(request: HttpRequest, response: HttpResponseBase, holder: Holder) -> None:
    """Store the key of a person who signed in by password; remember the browser.

    The password was right just now, so nothing asks for it again in the next minutes.
    """
    keep_key(request, response, holder)
    remember_browser(response, cast("User", request.user))
    reauthenticate_by_password(request)


class NewPassword(ChangePasswordForm):  # type: ignore[misc]
    """A password form that seals the private key again.

    So every case stays readable after the change.
    """

    def save(self) -> None:
        """Save the new password and seal the private key under it."""
        person: User = self.user
        holder = unlock(person, self.cleaned_data["oldpassword"])
        with derive_once():
            super().save()
            reseal(person, holder, self.cleaned_data["password1"])
        announce(person, Change.PASSWORD, clock.now())
        end_sessions(person, keep=context.request.session.session_key)
