"""What every page passes through: middleware, templates, static files."""

from pathlib import Path
from typing import Any

MIDDLEWARE = [
    "grievances.web.shared.middleware.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "grievances.web.shared.middleware.well_formed.WellFormedMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before the first page that is refused, and without a session: one cookie says the language.
    "grievances.web.shared.page_language.PageLanguage",
    "grievances.web.shared.session_views.FormerCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "grievances.web.shared.middleware.request_rate.RequestRateMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "grievances.web.shared.session_views.PrivateMiddleware",
]
"""In the order in which a request passes them."""
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "require-trusted-types-for": ["'script'"],
    }
}
"""Nothing comes from another host, and no page has a script or style in itself."""


def templates(folder: Path) -> list[dict[str, Any]]:
    """Return the template engine for this folder and those of the applications."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [folder],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "grievances.web.shared.context_processors.shell",
                ],
                "builtins": ["django.templatetags.static"],
            },
        }
    ]


def storages(*, named_by_content: bool, evidence: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return where files are kept.

    Static ones have names made of their content, or else the names that they were written with.
    `evidence` is the bucket of evidence, or empty where a folder of this machine has it.
    """
    return {
        **({"evidence": evidence} if evidence else {}),
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {
            "BACKEND": (
                "grievances.web.shared.static_storage.ModuleManifestStorage"
                if named_by_content
                else "django.contrib.staticfiles.storage.StaticFilesStorage"
            )
        },
    }
