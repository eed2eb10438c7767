"""What a web process loads before anyone asks for it: not what few pages need."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings

HEAVY = (
    "celery",
    "icalendar",
    "janome",
    "kombu",
    "notifications_python_client",
    "pydantic",
    "scim2_models",
)
LOOK = (
    "import sys, config.wsgi, config.urls, django.urls as urls;"
    "urls.get_resolver().url_patterns;"
    f"print([name for name in {HEAVY!r} if name in sys.modules]);"
    "import gc; print(gc.isenabled(), gc.get_freeze_count() > 50_000)"
)
"""The second line is about `config.start.loading`: garbage is looked for again, and not in code."""


def test_a_web_process_loads_no_library_that_few_pages_need_and_leaves_code_alone() -> None:
    answer = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", LOOK],
        capture_output=True,
        check=True,
        cwd=settings.BASE_DIR,
        text=True,
    )
    assert answer.stdout.splitlines() == ["[]", "True True"]
