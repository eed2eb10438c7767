"""The offices whose holders must sign in with a second step, from the environment."""

import os

from django.core.exceptions import ImproperlyConfigured

from grievances.vocabulary import Office

ALL = "all"


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
