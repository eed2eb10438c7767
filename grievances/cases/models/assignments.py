"""The roles on a case: django-guardian rows and nothing else (architecture.md 4).

Offering, accepting, recusing and replacing are `assign_perm` and `remove_perm` on these rows.
"""

from collections.abc import Sequence
from functools import cache

from django.contrib.auth.models import Permission
from django.db import models
from guardian.models import UserObjectPermissionBase
from guardian.shortcuts import remove_perm

from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import excluded_from
from grievances.people.models import User
from grievances.vocabulary import Role
from workflow.sql.bulk_sql import insert_rows, remove_rows


class CaseUserObjectPermission(UserObjectPermissionBase):
    """One person holds one role on one case.

    The assignment is the grant.
    """

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="grants")

    def __str__(self) -> str:
        return f"grant {self.pk}"


@cache
def permission_for(role: Role) -> Permission:
    """Return the permission row of a role.

    It is read once, because `migrate` writes it and nothing changes it.
    """
    return Permission.objects.get(content_type__app_label="grievances", codename=role.value)


def grant(case: Case, person: User, role: Role) -> None:
    """Give a person a role on a case. Giving it twice has the effect of once."""
    grant_all(case, [person], role)


def withdraw(case: Case, person: User, role: Role) -> None:
    """Take a role on a case from a person."""
    remove_perm(permission_for(role), person, case)


def grant_all(case: Case, people: Sequence[User], role: Role) -> None:
    """Give several people a role on a case. Who is excluded from it gets none."""
    grant_each(case, [(role, person) for person in people])


def grant_each(case: Case, parts: Sequence[tuple[Role, User]]) -> None:
    """Give people roles on a case; who is excluded from it gets none."""
    barred = excluded_from(case) if parts else {}
    rows = [
        CaseUserObjectPermission(permission=permission_for(role), user=person, content_object=case)
        for role, person in parts
        if person.pk not in barred
    ]
    if rows:
        insert_rows(rows, ignores_conflicts=True)


def holders(case: Case, *roles: str) -> models.QuerySet[User]:
    """Return the people who hold one of these roles on a case, each once."""
    rows = CaseUserObjectPermission.objects.filter(
        content_object=case, permission__codename__in=[str(role) for role in roles]
    )
    return User.objects.filter(pk__in=rows.values("user")).order_by("pk")


def withdraw_all(case: Case, roles: list[Role]) -> None:
    """Take these roles on a case from everyone who holds them."""
    parts = [permission_for(role).pk for role in roles]
    remove_rows(CaseUserObjectPermission, content_object_id=[case.pk], permission_id=parts)
