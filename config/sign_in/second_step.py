"""The second step of sign-in: its forms, and the offices that need it."""

import os

from django.core.exceptions import ImproperlyConfigured

from grievances.vocabulary import Office

ALL = "all"
FORMS = {
    "activate_totp": "grievances.web.accounts.second_factor_forms.SetUpApp",
    "add_webauthn": "grievances.web.accounts.passkeys.forms.AddPasskey",
    "authenticate": "grievances.web.accounts.second_factor_forms.TypedCode",
    "authenticate_webauthn": "grievances.web.accounts.passkeys.forms.Passkey",
    "login_webauthn": "grievances.web.accounts.passkeys.forms.SignInByPasskey",
    "reauthenticate": "grievances.web.accounts.second_factor_forms.TypedCodeAgain",
    "reauthenticate_webauthn": "grievances.web.accounts.passkeys.forms.PasskeyAgain",
}
"""The forms of allauth's second step, by its names for them."""


def offices(*, production: bool) -> tuple[str, ...]:
    """Return the names of these offices; `("all",)` means every office.

    Outside production the default is none.

    Raises:
        ImproperlyConfigured: The list names no office of this service, or is empty in production.
    """
    text = os.environ.get("MFA_OFFICES", ALL if production else "")
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if production and not names:
        raise ImproperlyConfigured(
            "MFA_OFFICES is empty, and people with an office must sign in with a second step: "
            "write all, or the names of offices with commas between them, and start again."
        )
    unknown = sorted(set(names) - set(Office.values))
    if names != (ALL,) and unknown:
        raise ImproperlyConfigured(
            f"MFA_OFFICES names {unknown[0]}, which is no office here: write all, or some of "
            f"{', '.join(Office.values)}, and start again."
        )
    return names
