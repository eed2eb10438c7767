"""Two database roles on PostgreSQL: one for the pages, one for the statistics.

The role of the pages may record that a person was asked, insert answers and delete them by case. It
may read neither an answer nor the number that ties one to a case. So it cannot join the two,
whatever query it is given (domain.md 7). SQLite has no roles: there only the encryption protects.
"""

from __future__ import annotations

import re

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from grievances.monitoring.models import MonitoringAnswer, MonitoringCopy, MonitoringLink

SCHEMA = "monitoring"
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")

CASE_COLUMNS = (
    "id, closed_on, legal_hold, region, route, identity, close_reason, outcome, received_on"
)
"""The columns of a case that the statistics role reads: codes and dates.

It reads them when it destroys a link.
"""


class RolesNotParted(Exception):
    """The roles are not separate.

    The sentence says what the role of the pages could do and must not.
    """


def statements(web: str, statistics: str) -> list[str]:
    """Return the SQL that an administrator runs once, in order.

    Running it twice has the effect of once.

    Raises:
        ValueError: a name is not a plain role name.
    """
    for name in (web, statistics):
        if not NAME.fullmatch(name):
            raise ValueError(f"{name} is no plain name of a role: small letters, digits, _.")
    link, answer, copy = (
        f"{SCHEMA}.{model._meta.db_table}"
        for model in (MonitoringLink, MonitoringAnswer, MonitoringCopy)
    )
    return [
        "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = "
        f"'{statistics}') THEN CREATE ROLE {statistics} LOGIN; END IF; END$$",
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC",
        f"ALTER SCHEMA {SCHEMA} OWNER TO {statistics}",
        *(f"ALTER TABLE {table} OWNER TO {statistics}" for table in (link, answer, copy)),
        *(f"REVOKE ALL ON {table} FROM PUBLIC, {web}" for table in (link, answer, copy)),
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {web}",
        f"GRANT INSERT, DELETE, SELECT (case_id, state) ON {link} TO {web}",
        f"GRANT INSERT ON {answer} TO {web}",
        f"GRANT INSERT ON {copy} TO {web}",
        f"GRANT USAGE ON SCHEMA public TO {statistics}",
        f"GRANT SELECT ({CASE_COLUMNS}) ON public.grievances_case TO {statistics}",
    ]


def require_parted(alias: str = "default") -> None:
    """Check that this connection can read no answer and no number behind a case.

    A superuser, the owner of the tables and a member of the owning role all can.

    Raises:
        RolesNotParted: this connection can, or the database is not PostgreSQL.
    """
    connection: BaseDatabaseWrapper = connections[alias]
    if connection.vendor != "postgresql":
        raise RolesNotParted("This database is no PostgreSQL: it has no roles to part.")
    for model, column in ((MonitoringLink, "monitoring_id"), (MonitoringAnswer, "sealed_codes")):
        table = f"{SCHEMA}.{model._meta.db_table}"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_column_privilege(%s, %s, 'SELECT') OR pg_has_role((SELECT relowner "
                "FROM pg_class WHERE oid = %s::regclass), 'MEMBER')",
                [table, column, table],
            )
            if cursor.fetchone()[0]:
                raise RolesNotParted(
                    f"The role of the pages can read {table}. It must not be a superuser, nor own "
                    "these tables: have an administrator run what this command prints."
                )
