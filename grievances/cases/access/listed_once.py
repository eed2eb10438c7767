"""Write the rows of the lists once in a step, and not at each of its changes.

A step changes its case, its grants and its clocks by five statements or more, and a trigger of each
would write the same rows. In `at_the_end` the triggers only note that the rows of this case are
owed. Two settings of PostgreSQL that end with the transaction say so. What changes the case without
such a block writes its rows at once, and so does SQLite, whose triggers cost little.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

from workflow.sql.sent_together import write

LATER, OWED = "fairhearing.lists_later", "fairhearing.lists_owed"
"""The case whose rows are written at the end, and the same while they are owed."""


def setting(name: str) -> str:
    """Return the SQL of the value of a setting; NULL where it has none."""
    return f"NULLIF(current_setting('{name}', true), '')"


FUNCTION = (
    "CREATE FUNCTION list_cases_owed(one bigint) RETURNS void LANGUAGE plpgsql AS $$"
    f"DECLARE is_owed boolean := {setting(OWED)} = one::text; BEGIN"
    f" IF {setting(LATER)} IS DISTINCT FROM one::text THEN RETURN; END IF;"
    f" PERFORM set_config('{LATER}', '', true), set_config('{OWED}', '', true);"
    " IF is_owed THEN PERFORM list_cases(ARRAY[one]); END IF; END$$"
)
"""The function that writes what is owed."""


@contextmanager
def at_the_end(connection: BaseDatabaseWrapper, case_id: int) -> Iterator[None]:
    """Write the rows of this case when the block ends.

    Open it in a transaction that is rolled back when the block fails. Of a block within a block for
    another case the rows are written at once.
    """
    if connection.vendor != "postgresql":
        yield
        return
    begin = f"SELECT set_config('{LATER}', %s, true) WHERE {setting(LATER)} IS NULL"  # noqa: S608
    write(begin, [str(case_id)])
    yield
    write("SELECT list_cases_owed(%s)", [case_id])
