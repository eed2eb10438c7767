"""`manage.py load_policy [FILE ...]`: load policy profiles, checked, with an event."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.calendars import POLICIES, load_profile
from grievances.views import clock
from workflow.profiles import ProfileInvalid


class Command(BaseCommand):
    help = "Load policy profiles (by default those that come with the product)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"] or sorted(POLICIES.glob("*.json")):
            try:
                body = json.loads(Path(path).read_text(encoding="utf-8"))
                profile, is_new = load_profile(body, now=clock.now())
            except json.JSONDecodeError as error:
                raise CommandError(f"{path.name}, line {error.lineno}: {error.msg}") from error
            except (ProfileInvalid, ValueError, OSError) as error:
                raise CommandError(f"{path.name}: {error}") from error
            done = "loaded" if is_new else "was loaded before"
            self.stdout.write(f"Policy {profile.code} version {profile.version} {done}.")
            for warning in profile.warnings:
                self.stdout.write(f"  Note: {warning}")
