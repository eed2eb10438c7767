"""The adapter of second factors: encryption, names, and the picture for an app."""

from __future__ import annotations

import base64
from importlib import import_module
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from grievances.accounts.second_factor import may_remove, open_secret, seal_secret
from grievances.people.models import User
from grievances.web.shared import clock

SERVICE = gettext_noop("Concern service")
"""The neutral name in an app and on a passkey, because others may see it."""


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The adapter of second factors: secrets are encrypted under a server key."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "You hold an office, and this is your only second step of sign-in. Add another one "
            "first, then remove this one."
        ),
        "incorrect_code": _(
            "That did not work. Check the code and try again: a code of an app is valid for half a "
            "minute and works once."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Return a secret sealed under the newest server key, as base64."""
        return base64.b64encode(seal_secret(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret that `encrypt` sealed; raises DecryptionFailed."""
        return open_secret(base64.b64decode(encrypted_text))

    def get_totp_label(self, user: User) -> str:
        """Return the name of the account in the app: the user name, never a mail address."""
        return user.get_username()

    def get_totp_issuer(self) -> str:
        """Return the name of the service in the app."""
        return SERVICE

    def build_totp_svg(self, url: str) -> str:
        """Return the picture of the address for the app's camera, drawn here."""
        # The library brings another for pictures and one for XML, and few people set up an app.
        factory = import_module("qrcode.image.svg").SvgPathImage
        drawn: str = (
            import_module("qrcode").make(url, image_factory=factory).to_string(encoding="unicode")
        )
        return drawn

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether a factor may be removed."""
        return may_remove(authenticator, clock.today())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the service as passkeys know it: the host that the operator named."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": SERVICE}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, object]:
        """Return the account as a passkey knows it: no name of a person, no mail address."""
        entity: dict[str, object] = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": user.get_username(), "display_name": user.get_username()}

    def generate_authenticator_name(self, user: object, type: str) -> str:
        """Return the name of a new passkey: a number, because nothing typed is kept here."""
        return gettext("Passkey {count}").format(
            count=Authenticator.objects.filter(user=user, type=type).count() + 1
        )
