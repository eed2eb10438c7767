"""A new operator's first weeks, by the commands of docs/how-to/install.md alone.

Two empty folders stand for two machines. Everything runs in production mode on SQLite: an
organisation of 300 people in three regions of its own from an HR file, a change of manager, a
renewed certificate, a leaver, last night's backup restored on the second machine.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyrage import x25519

from tests.operations.test_settings import RIGHT
from tests.processes import ROOT, make_environment

PEOPLE = 300
REGIONS = ("North", "Scotland", "Northern Ireland")
REGION_TABLE = """code,name,division,ended
NORTH,North,ENG_WLS,
SCOTLAND,Scotland,SCT,no
NI,Northern Ireland,NIR,
WALES,Wales,ENG_WLS,yes
"""
SHOWN = """
from grievances.web.cases.presenters.list_filters import CHOICES
from grievances.web.intake.forms import Where
from grievances.reports.contents.sources import REGIONS
from grievances.people.models import Unit
from grievances.policy import profiles
from datetime import date
offered = [name for name, _ in Where.base_fields["region"].choices]
unit = Unit.objects.filter(region="SCOTLAND").first()
works = profiles.calendar(unit.division).is_working(date(2026, 11, 30))
print("shown:", [n for n, _ in CHOICES["region"]], offered, [*REGIONS.labels], works)
print("labels:", unit.get_region_display(), Unit(region="LONDON").get_region_display())
"""
"""Where a region of one's own stands, and whether Scotland works on St Andrew's Day."""
HEADINGS = ("User name", "Name", "Email", "Unit", "Region", "Division", "Grade", "Line manager",
            "Offices", "Certificates", "Leaving date")  # fmt: skip
RUN = """
import json, sys
from config.start import refusing_plainly
with refusing_plainly():
    import django
    django.setup()
from django.core.management import call_command
for command in json.loads(sys.argv[1]):
    print("$", *command, flush=True)
    call_command(*command)
"""
"""Several commands in one process: each would take a process of its own to start."""


@dataclass
class Machine:
    """A machine: its data folder, and the settings that its operator wrote."""

    folder: Path
    more: dict[str, str]

    @property
    def values(self) -> dict[str, str]:
        """The environment of whatever runs on it."""
        return RIGHT | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.folder}/fair-hearing.sqlite3",
            **self.more,
        }

    def run(self, *commands: tuple[str, ...]) -> str:
        """What these commands print, each begun as `manage.py` would."""
        done = subprocess.run(
            [sys.executable, "-c", RUN, json.dumps(commands)],
            cwd=ROOT, env=make_environment(self.values), capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-3000:]
        return done.stdout

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "fair-hearing.sqlite3")) as session:
            return session.execute(query).fetchall()


def person(number: int) -> dict[str, str]:
    region = REGIONS[number % 3]
    head = number < 3
    offices = {3: "triage", 6: "lead", 9: "handler", 12: "dpo"}.get(number, "")
    return {
        "User name": f"p{number:03}",
        "Name": f"Person {chr(65 + number % 26)}{chr(97 + number // 26)}",
        "Email": f"p{number:03}@example.org",
        "Unit": f"U{number % 9}",
        "Region": region,
        "Division": "",
        "Grade": "7" if head else "4",
        "Line manager": "" if head else f"p{number % 3:03}",
        "Offices": offices,
        "Certificates": "RACE-CORE from 1 May 2026 to 30 April 2028" if offices else "",
        "Leaving date": "",
    }


def write(path: Path, people: list[dict[str, str]]) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, HEADINGS)
        out.writeheader()
        out.writerows(people)
    return str(path)


@pytest.mark.slow
def test_an_organisation_is_brought_up_changed_and_found_on_a_second_machine(
    tmp_path: Path,
) -> None:
    key, kept = x25519.Identity.generate(), tmp_path / "key.txt"
    kept.write_text(str(key))
    regions = tmp_path / "regions.csv"
    regions.write_text(REGION_TABLE)
    settings = {"BACKUP_RECIPIENTS": str(key.to_public()), "REGIONS_FILE": str(regions)}
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    first, second = (Machine(tmp_path / name, settings) for name in ("first", "second"))
    people = [person(number) for number in range(PEOPLE)]
    as_first = write(tmp_path / "hr.csv", people)
    said = first.run(
        ("migrate", "--verbosity=0"), ("prepare_database",), ("load_policy",), ("load_holidays",),
        ("add_person", "keeper", "--name", "Kim Keeper", "--unit", "HQ", "--region", "NORTH",
         "--offices", "directory"),
        ("import_directory", as_first, "--new-units"),
        ("import_directory", as_first, "--new-units", "--apply"),
        ("setup",), ("shell", "--command", SHOWN),
    )  # fmt: skip
    assert f"{PEOPLE} new people" in said
    places = first.ask("SELECT DISTINCT region, division FROM grievances_unit ORDER BY 1")
    assert places == [("NI", "NIR"), ("NORTH", "ENG_WLS"), ("SCOTLAND", "SCT")]
    every, used = ["NORTH", "SCOTLAND", "NI", "WALES"], ["NORTH", "SCOTLAND", "NI", ""]
    assert f"shown: {[*every, 'NOT_SAID']} {used} {[*every, '']} False" in said
    assert "labels: Scotland London" in said

    people[30]["Line manager"] = "p004"
    people[9]["Certificates"] = "RACE-CORE from 1 May 2026 to 30 April 2030"
    people[200]["Leaving date"] = "1 November 2026"
    said = first.run(
        ("import_directory", write(tmp_path / "week.csv", people), "--apply"),
        ("backup", str(tmp_path / "backups")),
        ("verify_trail",),
    )
    for line in ("1 changed lines", "1 people whose certificates change", "1 people who are gone"):
        assert f" {line}" in said
    (made,) = (tmp_path / "backups").iterdir()

    said = second.run(
        ("restore", str(made), "--identity", str(kept)),
        ("verify_trail",), ("migrate", "--check"), ("setup",),
    )  # fmt: skip
    for table in ("user", "unit", "linemanagement", "training", "appointment", "event"):
        query = f"SELECT * FROM grievances_{table} ORDER BY id"  # noqa: S608
        assert second.ask(query) == first.ask(query) != []
