"""What keeps the trail from being changed through the ORM."""

from typing import Any, NoReturn

from django.db import models


class AppendOnly(Exception):
    """An attempt to change or remove an entry of the trail."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A query set that reads the trail and refuses every write other than `append`."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse, because entries do not change.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("Entries of the trail do not change.")

    def delete(self) -> NoReturn:
        """Refuse, because entries are not removed.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("Entries of the trail are not removed.")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse, because only `append` knows the digest before.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("Entries are added by append.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse, because entries do not change.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("Entries of the trail do not change.")
