"""Lines of a file that are taken, and that a person should look at again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from grievances.staff_directory.register import Register
from grievances.staff_directory.staff_file.rows import Refusal, StaffRow

LEFT_MANAGER = "a line manager who has left: ask HR who it is now"
SAME_ADDRESS = (
    "an email address that another account has too: of one person with two accounts link them, of "
    "two people correct it, or each reads the other's letters"
)


def comments_on(
    rows: Mapping[str, StaffRow],
    managers: Mapping[str, str],
    register: Register,
    gone: set[int],
    today: date,
) -> list[Refusal]:
    """Return each line that is taken with what is odd about it, in the order of the lines.

    `managers` has the manager of each line by key, `gone` the ids of accounts that the file closes.
    """
    found = [*_of_managers(rows, managers, register, gone, today), *_of_addresses(rows, register)]
    return sorted(found)


def _of_managers(
    rows: Mapping[str, StaffRow],
    managers: Mapping[str, str],
    register: Register,
    gone: set[int],
    today: date,
) -> Iterator[Refusal]:
    """Yield each line whose line manager leaves by this file, or had left before."""
    for key, manager in managers.items():
        row, above, account = rows[key], rows.get(manager), register.people.get(manager)
        stays = above is not None and not above.has_left(today)
        is_gone = account is None or not account.is_active or account.pk in gone
        if is_gone and not stays and not row.has_left(today):
            yield Refusal(row.line, LEFT_MANAGER)


def _of_addresses(rows: Mapping[str, StaffRow], register: Register) -> Iterator[Refusal]:
    """Yield each line whose address is that of another account, open or closed."""
    given = {key: row.email.casefold() for key, row in rows.items() if row.email}
    others = (each.email.casefold() for key, each in register.people.items() if key not in given)
    used = Counter([*given.values(), *others])
    for key, address in given.items():
        if used[address] > 1:
            yield Refusal(rows[key].line, SAME_ADDRESS)
