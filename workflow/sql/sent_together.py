"""Send statements whose answer no one waits for together with the next one.

A statement costs a round trip to the server: two processes wake, and each waits for the other. In
`sent_together` a `write` is kept until a statement comes whose answer is wanted, or until the block
ends. PostgreSQL receives them as one message and runs them in their order. So what is read, and
what is written, is the same as without the block; an error is raised a little later. SQLite has no
round trips: there each statement runs at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from django.db import connection, transaction

Passed: TypeAlias = Any
"""What Django and the driver hand to each other: values, and an answer."""
Context: TypeAlias = dict[str, Passed]
"""What Django says of a statement: the cursor that runs it."""
Run = Callable[[str, Passed, bool, Context], Passed]
"""Django's own way to run a statement.

It takes the SQL, its values, whether there are many of them, and the context.
"""
UNDO = "ROLLBACK TO SAVEPOINT"


class Waiting:
    """The statements that wait for the next one.

    Django calls it around each statement.
    """

    def __init__(self) -> None:
        self._statements: list[str] = []

    def add(self, statement: str) -> None:
        """Keep a statement, with its values in it."""
        self._statements.append(statement)

    def drop(self) -> None:
        """Forget what waits: the transaction is rolled back."""
        self._statements = []

    def send(self) -> None:
        """Send what waits. Raises what the database raises."""
        if connection.needs_rollback:  # nothing of this transaction will stay
            self.drop()
        statements = self._taken()
        if statements:
            with connection.cursor() as cursor:
                cursor.execute("; ".join(statements))

    def __call__(self, run: Run, sql: str, params: Passed, many: bool, context: Context) -> Passed:
        """Run a statement, after those that wait, in one message where that is possible.

        Returns:
            The answer to the statement itself.
        """
        if not self._statements:
            return run(sql, params, many, context)
        if sql.startswith(UNDO):
            self.drop()  # a savepoint was sent after what had waited before it
            return run(sql, params, many, context)
        cursor = context["cursor"].cursor
        if many or hasattr(cursor, "name"):  # a cursor of the server takes one statement
            self.send()
            return run(sql, params, many, context)
        last = sql if params is None else with_values(cursor, sql, params)
        statements = self._taken()
        answer = run("; ".join([*statements, last]), None, False, context)
        for _ in statements:
            cursor.nextset()
        return answer

    def _taken(self) -> list[str]:
        statements, self._statements = self._statements, []
        return statements


@contextmanager
def sent_together() -> Iterator[None]:
    """Let each `write` in this block wait for a statement whose answer is wanted.

    A block that fails sends nothing more, and then its transaction (or savepoint) cannot stay.

    Raises:
        TransactionManagementError: It is opened in no transaction. What waits would outlive a
            rollback.
        DatabaseError: What the database says of what has waited last.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Statements wait only in a transaction.")
    try:
        if connection.vendor != "postgresql" or _waiting() is not None:
            yield  # a block within a block: its writes wait for the outer one
            return
        waiting = Waiting()
        with connection.execute_wrapper(waiting):
            yield
            waiting.send()
    except BaseException:
        connection.needs_rollback = True
        raise


def write(sql: str, params: Passed = None) -> None:
    """Run a statement whose answer no one waits for, at once or with the next one.

    Raises what the database raises, unless it waits.
    """
    waiting = _waiting()
    with connection.cursor() as cursor:
        if waiting is None:
            cursor.execute(sql, params)
        else:
            waiting.add(sql if params is None else with_values(cursor, sql, params))


def with_values(cursor: Passed, sql: str, params: Passed) -> str:
    """Return a statement with its values in it, written by the driver.

    Raises:
        DatabaseError: A value can be in no statement. Nothing was sent.
    """
    with connection.wrap_database_errors:
        written: str = cursor.mogrify(sql, params)
    return written


def _waiting() -> Waiting | None:
    found = (one for one in connection.execute_wrappers if isinstance(one, Waiting))
    return next(found, None)
