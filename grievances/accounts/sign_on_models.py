"""The lasting binding of an account to one subject of the sign-in provider.

A user name may be given to another person at the provider; its subject never is (OpenID Connect
Core 1.0, 5.7). So an account belongs to the subject that came first. The row keeps no subject, only
a keyed hash of issuer and subject, whose key is not in the database (architecture.md 5).
"""

from __future__ import annotations

from django.db import models

from grievances.encryption.server_keys import handle
from grievances.people.models import User


class SignOnBinding(models.Model):
    """The one subject of one issuer that an account belongs to, and no other account."""

    person = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="sign_on", primary_key=True
    )
    subject = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return f"sign-on of account {self.person_id}"


def subject_handle(issuer: str, subject: str) -> str:
    """Return the pseudonym of a subject at the provider."""
    return handle("sign-on", issuer.rstrip("/"), subject)
