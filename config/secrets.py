"""Where secrets come from: the environment, a file named by it, or (embedded run) a private file.

A missing secret in production stops the start with a sentence that names it (contracts.md,
Environment). The embedded run makes its own, once, in a file that only its owner can read.
"""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def read(name: str) -> str | None:
    """The value of `name`, or the content of the file that `<name>_FILE` points to, or None."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name) or None


def require(name: str, meaning: str) -> str:
    """The secret `name`; raises ImproperlyConfigured with a plain sentence when it is missing."""
    value = read(name)
    if value is None:
        raise ImproperlyConfigured(
            f"{name} is missing: set {name} or {name}_FILE. It is {meaning}."
        )
    return value


def make_once(folder: Path) -> dict[str, str]:
    """The embedded run's own secrets, made at the first start and kept in `folder` (mode 600)."""
    path = folder / "secrets.env"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        text = f"SECRET_KEY={secrets.token_urlsafe(48)}\nSERVER_KEYS=1:{secrets.token_hex(32)}\n"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    lines = path.read_text(encoding="utf-8").split()
    return dict(line.split("=", 1) for line in lines)
