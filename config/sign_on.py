"""Single sign-on by OpenID Connect: what the environment says of the organisation's provider.

Without OIDC_ISSUER there is none, and no page mentions it.
"""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config import secrets

PROVIDER_ID = "sso"
"""What stands in the addresses that the provider is told of: /accounts/sso/login/callback/."""


def provider(*, production: bool) -> dict[str, Any]:
    """The provider as the fields of allauth's SocialApp; empty without one.

    Raises ImproperlyConfigured for one that is half named, or spoken to without TLS.
    """
    issuer = os.environ.get("OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return {}
    if production and not issuer.startswith("https://"):
        raise ImproperlyConfigured("OIDC_ISSUER must begin with https://: change it.")
    return {
        "provider_id": PROVIDER_ID,
        "name": os.environ.get("OIDC_NAME") or "my organisation's account",
        "client_id": secrets.require("OIDC_CLIENT_ID", "the name this service has there"),
        "secret": secrets.require("OIDC_CLIENT_SECRET", "the secret this service has there"),
        "settings": {
            "server_url": issuer,
            "claim": os.environ.get("OIDC_CLAIM") or "preferred_username",
            # Nothing but the signed token is read: no second question, no address, no picture.
            "fetch_userinfo": False,
            "scope": ["openid", "profile", "email"],
        },
    }
