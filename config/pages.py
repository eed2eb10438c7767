"""What every page passes through: middleware, templates, static files, languages.

The languages are data in `locale/` (docs/how-to/add-a-language.md).
"""

import tomllib
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

MIDDLEWARE = [
    "grievances.web.shared.middleware.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "grievances.web.shared.middleware.well_formed.WellFormedMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before the first page that is refused, and without a session: one cookie says the language.
    "grievances.web.shared.middleware.page_language.PageLanguage",
    "grievances.web.shared.session_views.FormerCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "grievances.web.shared.middleware.request_rate.RequestRateMiddleware",
    # Before anything reads the session: who only waits for a turn costs next to nothing.
    "grievances.web.shared.middleware.sign_in_turns.SignInTurns",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "grievances.web.shared.session_views.PrivateMiddleware",
    # After the check that a form is of this site: a form that only changes the language.
    "grievances.web.shared.middleware.typed_again.TypedAgain",
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


def templates(folder: Path) -> list[dict[str, object]]:
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
                "libraries": {
                    "drawn": "grievances.web.shared.tags.drawn",
                    "i18n": "grievances.web.shared.tags.fixed_texts",
                    "moments": "grievances.web.shared.tags.moments",
                    "timelines": "grievances.web.shared.tags.timelines",
                },
            },
        }
    ]


def storages(
    *, named_by_content: bool, evidence: dict[str, object]
) -> dict[str, dict[str, object]]:
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


class Language(NamedTuple):
    """A language: its code, its name in itself, and whether a translator read it."""

    code: str
    name: str
    reviewed: bool


def languages(folder: Path) -> tuple[Language, ...]:
    """Return the languages of a folder of catalogues, in the order of the switch.

    Raises:
        ImproperlyConfigured: The list cannot be read, or a language has no catalogue.
    """
    try:
        rows = tomllib.loads(
            (folder / "languages").with_suffix(".toml").read_text(encoding="utf-8")
        )["language"]
        found = tuple(Language(row["code"], row["name"], row["reviewed"]) for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ImproperlyConfigured(
            "locale/languages.toml cannot be read: give each language a code, a name and reviewed."
        ) from error
    for language in found[1:]:
        if not (folder / folder_of(language.code) / "LC_MESSAGES" / "django.mo").is_file():
            raise ImproperlyConfigured(
                f"locale/languages.toml lists {language.code}, which has no django.mo: make it "
                "with python -m assets.catalogues, or take the language out."
            )
    return found


def folder_of(code: str) -> str:
    """Return the name of the folder of a language: `cy`, `pt_BR`."""
    language, _, place = code.partition("-")
    return f"{language}_{place.upper()}" if place else language


def language_cookie(prefix: str, *, secure: bool) -> dict[str, object]:
    """Return the settings of the cookie that says which language was chosen.

    It ends with the browser, and says nothing of who chose it.
    """
    return {
        "LANGUAGE_COOKIE_NAME": f"{prefix}fh_language",
        "LANGUAGE_COOKIE_AGE": None,
        "LANGUAGE_COOKIE_HTTPONLY": True,
        "LANGUAGE_COOKIE_SECURE": secure,
        "LANGUAGE_COOKIE_SAMESITE": "Lax",
    }
