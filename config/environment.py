"""Read settings from the environment, and refuse those that cannot be right.

A value that cannot be used stops the start with one sentence that names the setting and says what
to do. Nothing falls back in silence in production (contracts.md, Environment).
"""

from __future__ import annotations

import json
import os
import re
import warnings
from datetime import datetime
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

LEAST_SECRET = 32
"""Characters of SECRET_KEY at least; `openssl rand -hex 32` makes 64."""
LEAST_DIFFERENT = 8
"""Different characters at least: a text of few was not made at random."""
DEVELOPERS = "django-insecure-"
"""How a key begins that Django makes for a developer's machine."""
NO_PATH = re.compile(r"^[~\"'\u201c\u2018\ufeff]|[;\n\t\"\u201d]|[,\s:]/|=")
"""What a slip puts into a path: quotes, an end of line, two paths, a name."""
ORIGIN = re.compile(r"https?://[a-z0-9*.-]+(:\d{1,5})?", re.IGNORECASE)
QUOTES = frozenset("\"'`\u201c\u2018\u00ab")
"""How a value begins that kept quotes which a file of settings needs elsewhere."""
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


DATABASES = (
    "set it to postgresql://USER:PASSWORD@HOST:PORT/NAME, or for a small organisation to "
    "sqlite:////PATH"
)
ENCODED = (
    "write postgresql://USER:PASSWORD@HOST:PORT/NAME with every special character of the "
    "password percent-encoded"
)


class SettingRefused(ImproperlyConfigured):
    """A setting that cannot be right: one sentence says what is wrong, and what to do."""

    def __init__(self, name: str, fault: str, remedy: str) -> None:
        super().__init__(f"{name} {fault}: {remedy}, and start again.")


def number(name: str, default: int, *, least: int = 0, most: int = 1_000_000) -> int:
    """Return a whole number from the environment.

    Raises:
        SettingRefused: The value is no whole number from `least` to `most`.
    """
    text = os.environ.get(name, "").strip() or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise SettingRefused(name, f"must be a whole number from {least} to {most}", "change it")
    return int(text)


def seconds(name: str, default: float) -> float:
    """Return a length of time in seconds, more than none and at most an hour.

    Raises:
        SettingRefused: The value is no such number.
    """
    text = os.environ.get(name, "").strip() or str(default)
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) or not 0 < float(text) <= 3600:
        raise SettingRefused(
            name, "must be a number of seconds, more than 0 and at most 3600", "change it"
        )
    return float(text)


def switch(name: str, *, default: bool) -> bool:
    """Return whether a setting is on.

    Raises:
        SettingRefused: The value is neither of on, off, true, false, yes, no, 1 and 0.
    """
    text = os.environ.get(name, "").strip().lower()
    if text in {"on", "true", "yes", "1"}:
        return True
    if text in {"off", "false", "no", "0"}:
        return False
    if text:
        raise SettingRefused(name, "must be on or off", "change it")
    return default


def text(name: str, default: str = "") -> str:
    """Return a text of one line, or the default.

    Raises:
        SettingRefused: It is in quotes, or has several lines.
    """
    return plain(name, os.environ.get(name, "")) or default


def plain(name: str, given: str) -> str:
    """Return a value without the spaces, mark and line ends that editors add.

    Raises:
        SettingRefused: It is in quotes, or has several lines: which part is meant is not certain.
    """
    value = given.strip().strip("\ufeff\u200b").strip()
    if value[:1] in QUOTES:
        raise SettingRefused(name, "is in quotes", "take them away")
    if not value.isprintable():
        raise SettingRefused(name, "has several lines, or a sign that cannot be seen", "write one")
    return value


def names(name: str) -> list[str]:
    """Return the names of a comma-separated setting, without empty ones.

    Raises:
        SettingRefused: It is in quotes, or has several lines.
    """
    return [each.strip() for each in text(name).split(",") if each.strip()]


def words(name: str) -> list[str]:
    """Return the words of a comma-separated setting.

    Raises:
        SettingRefused: One of them has fewer than two letters or digits: almost any text has it.
    """
    found = names(name)
    if any(sum(map(str.isalnum, word)) < 2 for word in found):
        raise SettingRefused(name, "has a word of less than two letters", "write whole words")
    return found


def origins(name: str) -> list[str]:
    """Return the origins of a comma-separated setting.

    Raises:
        SettingRefused: One of them is no origin.
    """
    found = names(name)
    if not all(map(ORIGIN.fullmatch, found)):
        raise SettingRefused(name, "must list origins", "write https://HOST, with commas between")
    return found


def schedule(name: str) -> str:
    """Return the path of a retention schedule, or an empty text for the shipped one.

    Raises:
        SettingRefused: It cannot be read, or is no schedule.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return ""
    try:
        rows = json.loads(Path(text).read_text(encoding="utf-8"))
        found = [
            (row["effective_from"], int(row["version"]), int(each["months"]), each["label"])
            for row in rows
            for each in row["classes"].values()
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingRefused(
            name, "names no retention schedule", "name a JSON file like the shipped one"
        ) from error
    if not found:
        raise SettingRefused(name, "names an empty schedule", "name a JSON file with classes")
    return text


def age_keys(name: str) -> list[str]:
    """Return public age keys, separated by commas.

    Raises:
        SettingRefused: One of them is no public age key, or a secret one.
    """
    keys = names(name)
    if not all(re.fullmatch(r"age1[ac-hj-np-z02-9]{58}", key) for key in keys):
        raise SettingRefused(name, "must be public age keys", "write keys that begin with age1")
    return keys


def backup_folder(name: str, recipients: list[str]) -> Path | None:
    """Return the folder of nightly backups, or None where none are made.

    Raises:
        SettingRefused: It is no folder, or there is no one to encrypt the backups to.
    """
    if not os.environ.get(name):
        return None
    if not recipients:
        raise SettingRefused(
            name,
            "needs BACKUP_RECIPIENTS",
            "set that to the public age keys of those who may restore",
        )
    return folder(name, Path())


def require_both(given: str, other: str, name: str) -> None:
    """Refuse a setting without the one that it needs, whose name is `name`.

    Raises:
        SettingRefused: The other is missing.
    """
    if given and not other:
        raise SettingRefused(name, "is missing", "set it as well")


def moment(name: str) -> datetime | None:
    """Return a moment, or None; without a zone it is meant in TIME_ZONE.

    Raises:
        SettingRefused: The value is no such moment.
    """
    text = os.environ.get(name, "").strip()
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise SettingRefused(name, "is not a moment", "write 2026-11-29T10:00:00+00:00") from error


def database(name: str, default: str) -> dict[str, object]:
    """Return the database of a setting; without a default the setting must be there.

    Raises:
        SettingRefused: The setting is missing, or names no SQLite or PostgreSQL database.
    """
    text = os.environ.get(name, "").strip() or default
    if not text:
        raise SettingRefused(name, "is missing", DATABASES)
    fault = SettingRefused(name, "is not the address of a database", ENCODED)
    try:
        with warnings.catch_warnings(action="ignore"):  # it would print the password
            found: dict[str, object] = env.db_url_config(text)
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        raise fault from error
    engine = str(found.get("ENGINE"))
    if not engine.endswith(("sqlite3", "postgresql")) or not _is_one(found):
        raise fault
    if engine.endswith("postgresql"):
        found["ENGINE"] = "config.postgresql"  # Django's own, with what a pooler asks for
    return found


def folder(name: str, default: Path) -> Path:
    """Return the absolute path of a folder, which need not be there yet.

    Raises:
        SettingRefused: It is not one path, is relative in production, or leads through a file.
    """
    text = os.environ.get(name, "").strip()
    production = os.environ.get("FAIRHEARING_MODE", "production").strip() == "production"
    if text and (NO_PATH.search(text) or (production and not text.startswith("/"))):
        raise SettingRefused(name, "is not the path of a folder", "write /PATH without quotes")
    path = Path(text or default).resolve()
    for place in (path, *path.parents):
        if place.exists() and not place.is_dir():
            raise SettingRefused(name, f"leads through the file {place}", "name a folder")
    return path


def log_level(name: str, default: str) -> str:
    """Return how much is logged.

    Raises:
        SettingRefused: The level is not one of the five.
    """
    level = os.environ.get(name, "").strip().upper() or default
    if level not in LOG_LEVELS:
        raise SettingRefused(name, f"must be one of {', '.join(LOG_LEVELS)}", "change it")
    return level


def one_of(name: str, choices: tuple[str, ...], default: int) -> str:
    """Return one of the choices; `default` is the index of the one without a value.

    Raises:
        SettingRefused: The value is none of them.
    """
    text = os.environ.get(name, "").strip().lower() or choices[default]
    if text not in choices:
        raise SettingRefused(name, f"must be one of {', '.join(choices)}", "change it")
    return text


def policy(name: str, default: str) -> str:
    """Return the code of the policy under which new concerns begin.

    Which policies there are is in the database: `operations.start` looks there.

    Raises:
        SettingRefused: The name is none that a policy can have.
    """
    code = os.environ.get(name, "").strip() or default
    if not re.fullmatch(r"[a-z0-9_]{1,40}", code):
        raise SettingRefused(name, "is no code of a policy", f"write a code such as {default}")
    return code


def judge_production(*, debug: bool, secret_keys: list[str]) -> None:
    """Refuse what is right on a developer's machine and wrong for an organisation.

    `secret_keys` are SECRET_KEY and, where there is one, SECRET_KEY_BEFORE.

    Raises:
        SettingRefused: DEBUG is on, or a secret key can be guessed.
    """
    if debug:
        raise SettingRefused("DEBUG", "shows words of people on error pages", "set it to off")
    for name, value in zip(("SECRET_KEY", "SECRET_KEY_BEFORE"), secret_keys, strict=False):
        judge_secret(name, value)


def judge_secret(name: str, value: str) -> None:
    """Refuse a secret that is short, repeats a few characters, or is a developer's.

    Raises:
        SettingRefused: The secret can be guessed.
    """
    few = len(value) < LEAST_SECRET or len(set(value)) < LEAST_DIFFERENT
    if few or value.startswith(DEVELOPERS):
        raise SettingRefused(
            name,
            f"can be guessed: it needs {LEAST_SECRET} characters or more, made at random",
            "make one with `openssl rand -hex 32`",
        )


def _is_one(found: dict[str, object]) -> bool:
    """Return whether the name of a database is there, and is not two of them."""
    name = str(found.get("NAME") or "")
    is_file = str(found.get("ENGINE", "")).endswith("sqlite3")
    return bool(name) and (is_file or not re.search(r"[;,\s:/]", name))
