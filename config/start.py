"""Start a process: a refused setting ends it with one sentence, and loading is not slowed."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured

REFUSED = 4
"""The exit code of a refused start.

Gunicorn learns by it that a new worker would end as well.
"""


@contextmanager
def refusing_plainly() -> Iterator[None]:
    """Name the settings module; end the process plainly where a setting is refused.

    Raises:
        SystemExit: A setting was refused. The code is REFUSED.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        yield
    except ImproperlyConfigured as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(REFUSED)


@contextmanager
def loading() -> Iterator[None]:
    """Load modules without looking for garbage meanwhile.

    Looking takes a sixth of the start, because each look goes through all that was loaded. What is
    loaded stays as long as the process, so that later looks leave it out.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
