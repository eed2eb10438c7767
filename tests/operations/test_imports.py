"""What a web process loads before anyone asks for it: not what few pages need."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings

HEAVY = (
    "PIL",
    "celery",
    "fido2",
    "icalendar",
    "janome",
    "kombu",
    "lxml",
    "notifications_python_client",
    "pikepdf",
    "pydantic",
    "python_calamine",
    "qrcode",
    "rapidfuzz",
    "redis",
    "scim2_models",
    "typst",
)
LOOK = (
    "import sys, config.wsgi, config.urls, django.urls as urls;"
    "urls.reverse('home'); urls.resolve('/cases/RC-ABCDEF/');"
    f"print([name for name in {HEAVY!r} if name in sys.modules]);"
    "print(sorted({name.split('.')[2] for name in sys.modules"
    " if name.startswith('grievances.web.') and name.endswith('views')}));"
    "import gc; print(gc.isenabled(), gc.get_freeze_count() > 50_000)"
)
"""The second line names the parts of the site whose views are there, after an address of one case.

The third is about `config.start.loading`: garbage is looked for again, and not in code.
"""
CHECK = (
    "import sys; from django.core.management import execute_from_command_line as run;"
    "run(['manage.py', 'check']);"
    "print(sorted({name.split('.')[2] for name in sys.modules"
    " if name.startswith('grievances.web.') and name.endswith('views')}))"
)


def said(program: str) -> list[str]:
    """Return the lines that a process of ours prints."""
    answer = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        cwd=settings.BASE_DIR,
        text=True,
    )
    return answer.stdout.splitlines()


def test_a_web_process_loads_no_library_that_few_pages_need_and_leaves_code_alone() -> None:
    assert said(LOOK) == ["[]", "['cases', 'shared']", "True True"]


def test_a_command_loads_no_page() -> None:
    assert said(CHECK)[-1] == "['shared']"
