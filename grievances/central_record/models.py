"""The lines of a register that wait for a yes."""

from django.db import models

from grievances.people.models import User


class WaitingRegister(models.Model):
    """Lines of a register that wait until the same person confirms them.

    The file itself is never kept: only the cells that would be imported, sealed under a server key
    and removed when they are used, replaced or a day old.
    """

    by = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"Register that waits since {self.at:%Y-%m-%d}"

    @property
    def place(self) -> str:
        """The associated data of the lines."""
        return f"register file|{self.by_id}"
