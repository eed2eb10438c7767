"""Forms of passkeys, filled in by the browser."""

from __future__ import annotations

import re

from allauth.core import context
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

from grievances.web.accounts.second_factor_adapter import Adapter
from grievances.web.accounts.second_factor_forms import note_step

OPENING = re.compile(r"[0-9a-f]{64}")


class CredentialField(forms.JSONField):
    """The answer of a passkey, as the browser writes it: an object in JSON."""

    def to_python(self, value: object) -> object:  # type: ignore[override]
        """Return the object.

        Raises:
            ValidationError: For anything else, JSON of any depth and length included.
        """
        try:
            found = super().to_python(value)
        except (RecursionError, ValueError):
            raise Adapter().validation_error("incorrect_code") from None
        if found is not None and not isinstance(found, dict):
            raise Adapter().validation_error("incorrect_code")
        return found

    def bound_data(self, data: object, initial: object) -> None:
        """Return nothing: an answer fits one question, so it is not shown again."""


UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, IndexError)
"""What allauth and fido2 raise for an object that no passkey wrote."""


def credential_field() -> CredentialField:
    """Return the hidden field that the browser fills in."""
    return CredentialField(required=True, widget=forms.HiddenInput)


class OpeningField(forms.CharField):
    """The key for the records that a browser derived from a passkey, as hex.

    It has 32 bytes and is never shown again. A browser that cannot derive it sends nothing.
    """

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def clean(self, value: object) -> bytes:
        """Return the 32 bytes; nothing for anything else."""
        text = value if isinstance(value, str) else ""
        return bytes.fromhex(text) if OPENING.fullmatch(text) else b""

    def bound_data(self, data: object, initial: object) -> None:
        """Return nothing: what a browser sent is not sent back to it."""


class Answered:
    """What the forms of passkeys share: an answer that cannot be read is a wrong one."""

    def clean_credential(self) -> object:
        """Return the passkey of the answer.

        Raises:
            ValidationError: The answer is wrong, or no passkey wrote it.
        """
        try:
            return super().clean_credential()  # type: ignore[misc]
        except UNREADABLE:
            raise Adapter().validation_error("incorrect_code") from None


class Passkey(Answered, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A form for the second step of sign-in by passkey, filled in by the browser."""

    credential = credential_field()
    opening = OpeningField()

    def save(self) -> None:
        """Note that the second step was taken."""
        note_step(context.request, self.cleaned_data["credential"])


class PasskeyAgain(Answered, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A form that asks a signed-in person for a passkey before a change."""

    credential = credential_field()

    def save(self) -> None:
        """Note that the person was asked again."""
        note_step(context.request, self.cleaned_data["credential"], reauthenticated=True)


class PasskeyThatOpens(Answered, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A form that asks one passkey for the key to its person's records."""

    credential = credential_field()
    opening = OpeningField()


class SignInByPasskey(Answered, LoginWebAuthnForm):  # type: ignore[misc]
    """A form to sign in by a passkey alone, which also opens the records."""

    credential = credential_field()
    opening = OpeningField()

    def save(self) -> None:
        """Note that a passkey took the place of password and second step."""
        note_step(context.request, self.cleaned_data["credential"], passwordless=True)


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A form to add a passkey, filled in by the browser; its name is a number."""

    name = None
    credential = credential_field()

    def clean(self) -> dict[str, object]:
        """Return the answers.

        Raises:
            ValidationError: The answer is wrong, or no passkey wrote it.
        """
        try:
            found: dict[str, object] = super().clean()
        except UNREADABLE:
            raise Adapter().validation_error("incorrect_code") from None
        return found
