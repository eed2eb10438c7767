"""`manage.py describe [--check]`: the generated parts of README and of `docs/`."""

from __future__ import annotations

import difflib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.management.describing.api import write_document
from grievances.management.describing.marks import BadMarks, fill, names_in, pages
from grievances.management.describing.parts import PARTS
from grievances.management.describing.sbom import write_sbom

WHOLE = {"openapi.json": write_document, "sbom.cdx.json": write_sbom}
"""Files of docs/reference that are generated whole, and what writes them."""


class Command(BaseCommand):
    """Write the generated parts, or check that they are as the code says."""

    help = "Write the generated tables and diagrams into README.md and docs/, or check them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the two options."""
        parser.add_argument(
            "--check", action="store_true", help="exit 1 when a page is out of date"
        )
        parser.add_argument("--file", type=Path, help="this page only")

    def handle(self, *args: object, check: bool, file: Path | None, **options: object) -> None:
        """Write or check each page.

        Raises:
            CommandError: A part has no page, or a page no marks; it says which.
        """
        found: list[Path] = [file] if file else pages(settings.BASE_DIR)
        marked = [name for path in found for name in names_in(path.read_text(encoding="utf-8"))]
        missing = [] if file else sorted(set(PARTS) - set(marked))
        if missing:
            raise CommandError(f"No page has marks for: {', '.join(missing)}.")
        if not marked:
            raise CommandError(f"{found[0].name} has no marks such as <!-- begin: clocks -->.")
        for path in found:
            self.bring_up_to_date(path, only_check=check)
        if not file:
            for name, write in WHOLE.items():
                self.bring_whole_up_to_date(name, write(), only_check=check)
        self.stdout.write(f"{len(found)} pages are up to date.")

    def bring_up_to_date(self, path: Path, *, only_check: bool) -> None:
        """Write a page anew, or only check it.

        Raises:
            CommandError: The marks of the page are wrong, or it would change when it is checked.
        """
        before = path.read_text(encoding="utf-8")
        try:
            after = fill(before, PARTS)
        except BadMarks as error:
            raise CommandError(f"{path.name}: {error}") from error
        if only_check and after != before:
            lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
            raise CommandError(
                f"{path.name} is out of date. Run: manage.py describe\n" + "\n".join(lines)
            )
        if not only_check:
            path.write_text(after, encoding="utf-8")

    def bring_whole_up_to_date(self, name: str, wanted: str, *, only_check: bool) -> None:
        """Write a file anew, or check that it would not change.

        Raises:
            CommandError: It would change.
        """
        path = settings.BASE_DIR / "docs" / "reference" / name
        if not only_check:
            path.write_text(wanted, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != wanted:
            raise CommandError(f"{name} is out of date. Run: manage.py describe")
