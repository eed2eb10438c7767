"""Database triggers that keep `ListedCase` true in each transaction.

A role given or taken, a clock started, moved or completed, or a case changed writes the rows of
that case anew, whatever wrote it. So a person who is excluded from a case, and loses their roles by
that, loses the row in the same statement. A step writes the rows of its case once, before it is
committed (`listed_once`). The SQL is made from the declarations: the rule "read", the clocks and
who keeps them, the states.

A migration that changes one of these tables on SQLite makes the table anew and loses its triggers:
it ends with `install`. A test compares what is installed with what this module says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from django.db.backends.base.base import BaseDatabaseWrapper

from grievances.cases.access import listed_once
from grievances.cases.access.listed_cases import NO_DATE, PLACES, STAGE_NUMBERS, Place
from grievances.cases.access.listed_once import LATER, OWED
from grievances.cases.access.rules import RULES
from grievances.cases.roles import ASKED_FOR
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import ANSWERS_FOR
from grievances.vocabulary import Role, State

TABLE = "grievances_listedcase"
GRANTS = "grievances_caseuserobjectpermission"
CLOCKS = "grievances_deadline"
CASES = "grievances_case"
COLUMNS = (
    "person_id",
    "case_id",
    "place",
    "stage",
    "due",
    "own_due",
    "received_on",
    "region",
    "route",
    "vacant",
)
NEEDED_IN: dict[Role, tuple[State, ...]] = {
    Role.TRIAGE: (State.SUBMITTED, State.TRIAGE, State.INFORMAL, State.ALLOCATION),
    Role.HANDLER: (State.ALLOCATION, State.INVESTIGATION),
    Role.DECIDER: (State.ALLOCATION, State.INVESTIGATION, State.DECISION),
    Role.MEDIATOR: (State.MEDIATION,),
    Role.APPEAL: (State.APPEAL_ALLOCATION, State.APPEAL),
}
"""The states in which a role must be filled."""
OF_CLOCKS = ("case_id", "name", "detail", "current_due", "completed_on", "paused_on")
"""The columns of a clock on which a row depends."""
OF_CASES = ("state", "received_on", "region", "route")
"""The columns of a case on which a row depends."""
BY_INDEX = " ".join(
    f"SET {name} = off" for name in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")
)
"""The settings of PostgreSQL while rows are written: every table is read by index.

A session keeps the plan it made first, also one that was made while the tables were small. For the
same reason cases are written one after another: no plan for one case can be a bad one.
"""
BATCH = 500
"""The cases whose rows one statement writes anew when all are."""


@cache
def reading_roles() -> tuple[str, ...]:
    """Return the roles by which a person may read a case, by the rule "read"."""
    terms = RULES["read"].predicates()
    return tuple(sorted(term.role for term in terms if term.is_work))


def install(connection: BaseDatabaseWrapper) -> None:
    """Install the triggers, in place of those that are there."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor).values():
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Remove the triggers, if they are there."""
    with connection.cursor() as cursor:
        for name, statement in reversed(_statements(connection.vendor).items()):
            if statement.startswith("CREATE TRIGGER"):
                table = "" if connection.vendor == "sqlite" else f" ON {_table_of(statement)}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")
            else:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}")


@contextmanager
def put_off(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Have the triggers off for a while, in a transaction: `write_anew` is owed then.

    A transaction that fails or is cut short leaves them on. Others may read the tables meanwhile.
    """
    if connection.vendor == "sqlite":
        remove(connection)
        yield
        install(connection)
        return
    _switch(connection, "DISABLE")
    yield
    _switch(connection, "ENABLE")


def _switch(connection: BaseDatabaseWrapper, how: str) -> None:
    # PostgreSQL alters no table of which rows are still to be checked at the end.
    connection.check_constraints()
    with connection.cursor() as cursor:
        for name, statement in _statements(connection.vendor).items():
            if statement.startswith("CREATE TRIGGER"):
                cursor.execute(f"ALTER TABLE {_table_of(statement)} {how} TRIGGER {name}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the triggers and functions that are off, or not as this module says."""
    wanted = _statements(connection.vendor)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = dict(cursor.fetchall())
            return [name for name, text in wanted.items() if found.get(name) != text]
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'list\\_cases%%'")
        found = dict(cursor.fetchall())
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'list\\_cases%%' AND tgenabled <> 'D'"
        )
        there = {name for (name,) in cursor.fetchall()}
    return [
        name
        for name, text in wanted.items()
        if (
            name not in there
            if text.startswith("CREATE TRIGGER")
            else not _is_in(found, name, text)
        )
    ]


def write_anew(connection: BaseDatabaseWrapper, case_ids: Sequence[int]) -> None:
    """Write the rows of these cases anew, by their grants and clocks."""
    if not case_ids:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT list_cases(%s::bigint[])", [list(case_ids)])
            return
        which = f"IN ({', '.join(str(int(pk)) for pk in case_ids)})"
        for statement in _sqlite_rewrite(which):
            cursor.execute(statement)


def _is_in(found: dict[str, str], name: str, text: str) -> bool:
    source = found.get(name.partition("(")[0])
    return source is not None and f"$${source}$$" in text


def _table_of(statement: str) -> str:
    return statement.partition(" ON ")[2].split()[0]


def _statements(vendor: str) -> dict[str, str]:
    """Return name -> statement that creates it, in the order of creation.

    Raises:
        ValueError: the database is neither SQLite nor PostgreSQL.
    """
    if vendor == "sqlite":
        return _sqlite()
    if vendor == "postgresql":
        return _postgresql()
    raise ValueError(f"No triggers for lists of cases are known for {vendor}.")


def _texts(values: Iterable[str]) -> str:
    """Return codes of ours as a list of SQL. None has a quote in it."""
    return ", ".join(f"'{value}'" for value in sorted(str(value) for value in values))


def _kept() -> str:
    """Return the condition: this role must keep this clock."""
    found = []
    for role in Role:
        clocks = [name for name, owners in ANSWERS_FOR.items() if role.value in owners]
        if clocks:
            found.append(f"(p.codename = '{role.value}' AND d.name IN ({_texts(clocks)}))")
    found += [
        f"(p.codename = '{asked.value}' AND d.name = '{ClockName.OFFER.value}'"
        f" AND d.detail = '{role.value}')"
        for role, asked in ASKED_FOR.items()
    ]
    return " OR ".join(found)


def _vacant() -> str:
    """Return the condition: no one holds a role that the state of the case needs."""
    held = (
        f"SELECT 1 FROM {GRANTS} v JOIN auth_permission q ON q.id = v.permission_id"  # noqa: S608
        " WHERE v.content_object_id = c.id AND q.codename = "
    )
    return " OR ".join(
        f"(c.state IN ({_texts(states)}) AND NOT EXISTS ({held}'{role.value}'))"
        for role, states in NEEDED_IN.items()
    )


def _held(which: str) -> str:
    """Return the grants by which these cases are read, as what follows FROM.

    `which` is what follows the column of the case.
    """
    return (
        f"{GRANTS} held JOIN auth_permission p ON p.id = held.permission_id"
        f" JOIN {CASES} c ON c.id = held.content_object_id"
        f" WHERE held.content_object_id {which} AND c.id {which}"
        f" AND p.codename IN ({_texts(reading_roles())}) AND c.state <> '{State.ARCHIVED.value}'"
    )


def _rows(which: str, vendor: str) -> str:
    """Return the query for the rows of these cases, with the columns of `COLUMNS`."""
    never = f"DATE '{NO_DATE}'" if vendor == "postgresql" else f"'{NO_DATE}'"
    places = " ".join(f"WHEN '{state}' THEN {place.value}" for state, place in PLACES.items())
    stages = " ".join(f"WHEN '{state}' THEN {number}" for state, number in STAGE_NUMBERS.items())
    before, _, after = _held(which).partition(" WHERE ")
    return (
        f"SELECT held.user_id, c.id, CASE c.state {places} ELSE {Place.WORK.value} END,"  # noqa: S608
        f" CASE c.state {stages} ELSE {len(STAGE_NUMBERS)} END,"
        f" COALESCE(MIN(d.current_due), {never}),"
        f" COALESCE(MIN(CASE WHEN {_kept()} THEN d.current_due END), {never}),"
        f" COALESCE(c.received_on, {never}), c.region, c.route,"
        f" CASE WHEN {_vacant()} THEN TRUE ELSE FALSE END"
        f" FROM {before} LEFT JOIN {CLOCKS} d ON d.case_id = c.id AND d.case_id {which}"
        " AND d.completed_on IS NULL"
        f" AND d.paused_on IS NULL AND d.name IN ({_texts(profiles.SHOWN)})"
        f" WHERE {after} GROUP BY held.user_id, c.id"
    )


def _changed(columns: Iterable[str], old: str, new: str, differs: str) -> str:
    return " OR ".join(f"{old}.{name} {differs} {new}.{name}" for name in columns)


def _sqlite_rewrite(which: str) -> tuple[str, str]:
    names = ", ".join(COLUMNS)
    return (
        f"DELETE FROM {TABLE} WHERE case_id {which}",  # noqa: S608
        f"INSERT INTO {TABLE} ({names}) {_rows(which, 'sqlite')}",  # noqa: S608
    )


def _sqlite() -> dict[str, str]:
    """Return a trigger for each table and operation; SQLite's are for single rows."""
    grants = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}
    is_shown = f".name IN ({_texts(profiles.SHOWN)})"
    when = {
        (CLOCKS, "INSERT"): f"NEW{is_shown}",
        (CLOCKS, "DELETE"): f"OLD{is_shown}",
        (CLOCKS, "UPDATE"): _changed(OF_CLOCKS, "OLD", "NEW", "IS NOT"),
        (CASES, "UPDATE"): _changed(OF_CASES, "OLD", "NEW", "IS NOT"),
    }
    found = {}
    for table, key in ((GRANTS, "content_object_id"), (CLOCKS, "case_id"), (CASES, "id")):
        for operation, sides in grants.items():
            name = f"list_cases_{table.removeprefix('grievances_')}_{operation.lower()}"
            condition = when.get((table, operation))
            which = f"IN ({', '.join(f'{side}.{key}' for side in sides)})"
            body = "; ".join(_sqlite_rewrite(which))
            found[name] = (
                f"CREATE TRIGGER {name} AFTER {operation} ON {table} FOR EACH ROW"
                f"{f' WHEN {condition}' if condition else ''} BEGIN {body}; END"
            )
    return found


def _postgresql() -> dict[str, str]:
    """Return one function that writes rows anew, and triggers for each statement."""
    names, written = ", ".join(COLUMNS), COLUMNS[2:]
    sets = ", ".join(f"{name} = EXCLUDED.{name}" for name in written)
    old, new = (", ".join(f"{side}.{name}" for name in written) for side in ("kept", "EXCLUDED"))
    one = "= one"
    found = {
        "list_cases(bigint[])": (
            "CREATE FUNCTION list_cases(ids bigint[]) RETURNS void LANGUAGE plpgsql"  # noqa: S608
            f" {BY_INDEX} AS $$DECLARE one bigint; BEGIN"
            " FOR one IN SELECT DISTINCT unnest(ids) ORDER BY 1 LOOP"
            f" DELETE FROM {TABLE} gone WHERE gone.case_id {one} AND NOT EXISTS (SELECT 1"
            f" FROM {_held(one)} AND held.user_id = gone.person_id);"
            f" INSERT INTO {TABLE} AS kept ({names}) {_rows(one, 'postgresql')}"
            f" ORDER BY held.user_id ON CONFLICT (case_id, person_id) DO UPDATE SET {sets}"
            f" WHERE ({old}) IS DISTINCT FROM ({new}); END LOOP; END$$"
        ),
        "list_cases_owed(bigint)": listed_once.FUNCTION,
    }
    for table, key, columns in (
        (GRANTS, "content_object_id", ("content_object_id", "user_id", "permission_id")),
        (CLOCKS, "case_id", OF_CLOCKS),
        (CASES, "id", OF_CASES),
    ):
        found |= _postgresql_triggers(table, key, columns)
    return found


def _postgresql_triggers(table: str, key: str, columns: Sequence[str]) -> dict[str, str]:
    """Return what lists the cases of changed rows: functions and triggers."""
    base = f"list_cases_{table.removeprefix('grievances_')}"
    is_shown = f" WHERE name IN ({_texts(profiles.SHOWN)})" if table == CLOCKS else ""
    differ = _changed(columns, "was", "changed", "IS DISTINCT FROM")
    both = f"FROM was JOIN changed USING (id) WHERE {differ}"
    ids = {
        "insert": f"SELECT DISTINCT {key} FROM changed{is_shown}",  # noqa: S608
        "delete": f"SELECT DISTINCT {key} FROM was{is_shown}",  # noqa: S608
        "update": f"SELECT was.{key} {both} UNION SELECT changed.{key} {both}",
    }
    if key == "id":
        ids["update"] = f"SELECT id {both}"
    tables = {"insert": "NEW TABLE AS changed", "delete": "OLD TABLE AS was"}
    tables["update"] = f"{tables['delete']} {tables['insert']}"
    found = {}
    for operation, asked in ids.items():
        name = f"{base}_{operation}"
        found[f"{name}()"] = (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$DECLARE ids bigint[];"
            f" later bigint := {listed_once.setting(LATER)}; BEGIN ids := ARRAY({asked});"
            f" IF later = ANY(ids) THEN PERFORM set_config('{OWED}', later::text, true);"
            " ids := array_remove(ids, later); END IF;"
            " IF ids <> '{}' THEN PERFORM list_cases(ids); END IF; RETURN NULL; END$$"
        )
        found[name] = (
            f"CREATE TRIGGER {name} AFTER {operation.upper()} ON {table} REFERENCING"
            f" {tables[operation]} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    return found
