"""Read secrets from the environment, from a file it names, or from a private file.

The private file is for the embedded run, which makes its own secrets once. Only the file's owner
can read it. A missing secret in production stops the start with a sentence that names it
(contracts.md, Environment).
"""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.environment import plain


def read(name: str) -> str | None:
    """Return the value of `name`, or the content of the file `<name>_FILE`, or None.

    Raises:
        ImproperlyConfigured: The file cannot be read, or is empty.
        SettingRefused: The secret is in quotes or has several lines.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            value = plain(name, Path(path).read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise ImproperlyConfigured(
                f"{name}_FILE names {path}, which cannot be read: name a text file that this "
                "service may read, and start again."
            ) from error
        if not value:
            raise ImproperlyConfigured(
                f"{name}_FILE names {path}, which is empty: write the secret into it, and start "
                "again."
            )
        return value
    return plain(name, os.environ.get(name, "")) or None


def require(name: str, meaning: str) -> str:
    """Return the secret `name`.

    Raises:
        ImproperlyConfigured: The secret is missing; the sentence is plain.
    """
    value = read(name)
    if value is None:
        raise ImproperlyConfigured(
            f"{name} is missing: set {name} or {name}_FILE. It is {meaning}."
        )
    return value


def make_once(folder: Path) -> dict[str, str]:
    """Return the embedded run's own secrets, made at the first start.

    They are kept in a file in `folder` (mode 600).

    Raises:
        ImproperlyConfigured: The file cannot be written or read.
    """
    path = folder / "secrets.env"
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _make(path)
        lines = path.read_text(encoding="utf-8").split()
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR names {folder}, which cannot be used ({error.strerror}): name a folder that "
            "you may write, and start again."
        ) from error
    return dict(line.split("=", 1) for line in lines)


def _make(path: Path) -> None:
    text = f"SECRET_KEY={secrets.token_urlsafe(48)}\nSERVER_KEYS=1:{secrets.token_hex(32)}\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
