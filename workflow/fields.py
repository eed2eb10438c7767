"""A database column that holds a clock.

Each text is parsed once, because many rows share a few clocks.
"""

import json
from collections.abc import Sequence
from functools import lru_cache

from django.db import models

from workflow.clocks import Clock


class ClockField(models.JSONField):
    """A column for the clock of a row, stored as plain JSON and read as a `Clock`.

    It is the clock with which the row was started.
    """

    def from_db_value(
        self, value: str | None, expression: object, connection: object
    ) -> Clock | None:
        """Return the stored clock; raises KeyError or ValueError for anything else."""
        return None if value is None else _read(value)

    def get_prep_value(self, value: object) -> object:
        """Return what is stored of a clock."""
        return super().get_prep_value(value.to_json() if isinstance(value, Clock) else value)

    def deconstruct(self) -> tuple[str, str, Sequence[object], dict[str, object]]:
        """Return the definition of a plain JSON column.

        To the database it is JSON like any other, so migrations do not name this class.
        """
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.JSONField", arguments, options


@lru_cache(maxsize=512)
def _read(text: str) -> Clock:
    return Clock.from_json(json.loads(text))
