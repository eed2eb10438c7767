"""Secrets of the server in the database, encrypted under the newest server key."""

from __future__ import annotations

from django.db import models

from grievances.encryption.server_keys import PEPPER_PLACE, seal_for_server, server_keys

PEPPER = "pepper"


class ServerSecret(models.Model):
    """A secret whose value stays while the keys that encrypt it are rotated."""

    name = models.CharField(max_length=20, unique=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """The place to which the secret is bound."""
        return f"server secret|{self.name}"


def keep_pepper() -> None:
    """Put the pepper into the database, unless it is there.

    After this, no server key is needed for what it has computed.
    """
    sealed = seal_for_server(server_keys().pepper, PEPPER_PLACE)
    ServerSecret.objects.get_or_create(name=PEPPER, defaults={"sealed": sealed})
