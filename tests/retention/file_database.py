"""Run by `test_file_database`: a case is erased in a SQLite file with its write-ahead log.

Prints JSON: how many sealed things of the case were in the files before, and which lie there after.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the set-up of Django

from grievances.policy.bank_holidays import known_holidays  # noqa: E402
from grievances.policy.profiles import POLICIES  # noqa: E402
from grievances.policy_changes.loading import load_holidays, load_profile  # noqa: E402
from tests.factories import edge_cases  # noqa: E402
from tests.factories.cases import START, at, done  # noqa: E402
from tests.factories.people import assemble  # noqa: E402
from tests.retention.test_erasure import Before  # noqa: E402


def held(before: Before, folder: Path) -> list[str]:
    """Which of the sealed values are in the database's files now."""
    raw = b"".join(path.read_bytes() for path in folder.glob("fair-hearing.sqlite3*"))
    return [where for where, blob in before.sealed.items() if blob in raw]


def main() -> None:
    folder = Path(os.environ["DATA_DIR"])
    call_command("migrate", verbosity=0)
    for path in sorted(POLICIES.glob("*.json")):
        load_profile(json.loads(path.read_text(encoding="utf-8")), now=START)
    load_holidays(known_holidays(), now=START)
    staff = assemble()
    case = edge_cases.erasable(staff)
    before = Before.of(case)
    lay = len(held(before, folder))
    log = (folder / "fair-hearing.sqlite3-wal").stat().st_size
    done(staff, case, "dpo1", "erase", at(600))
    said = {"sealed": len(before.sealed), "before": lay, "log": log, "after": held(before, folder)}
    sys.stdout.write(json.dumps(said))


main()
