"""Single sign-on by OpenID Connect: read the organisation's provider.

It is in the environment. Without OIDC_ISSUER there is no provider, and no page mentions it.
"""

from typing import TypedDict

from django.core.exceptions import ImproperlyConfigured

from config import environment, secrets

PROVIDER_ID = "sso"
"""A part of the address that the provider is told: /accounts/sso/login/callback/."""


class ProviderSettings(TypedDict):
    """How the provider is asked, and which of its claims is a user name."""

    server_url: str
    claim: str
    fetch_userinfo: bool
    scope: list[str]


class Provider(TypedDict, total=False):
    """The fields of allauth's SocialApp."""

    provider_id: str
    name: str
    client_id: str
    secret: str
    settings: ProviderSettings


def provider(*, production: bool) -> Provider:
    """Return the provider as the fields of allauth's SocialApp; empty without one.

    `secrets.require` refuses a provider that is only half named.

    """
    issuer = _issuer(production=production)
    if not issuer:
        return {}
    return {
        "provider_id": PROVIDER_ID,
        "name": environment.text("OIDC_NAME", "my organisation's account"),
        "client_id": secrets.require("OIDC_CLIENT_ID", "the name this service has there"),
        "secret": secrets.require("OIDC_CLIENT_SECRET", "the secret this service has there"),
        "settings": {
            "server_url": issuer,
            "claim": environment.text("OIDC_CLAIM", "preferred_username"),
            # Only the signed token is read: no second request, no address, no picture.
            "fetch_userinfo": False,
            "scope": ["openid", "profile", "email"],
        },
    }


def _issuer(*, production: bool) -> str:
    """Return the address of the provider, or an empty text.

    Raises:
        ImproperlyConfigured: The provider is used without TLS in production.
        SettingRefused: The address is that of its description and not its own.
    """
    issuer = environment.text("OIDC_ISSUER").rstrip("/")
    if issuer and production and not issuer.startswith("https://"):
        raise ImproperlyConfigured("OIDC_ISSUER must begin with https://: change it.")
    if "/.well-known" in issuer:
        raise environment.SettingRefused(
            "OIDC_ISSUER", "names a page of the provider", "write what comes before /.well-known"
        )
    return issuer
