"""Keep the layout of the organisation's files, so that it is described once."""

from __future__ import annotations

from datetime import datetime

from grievances.staff_directory.layout import Layout
from grievances.staff_directory.models import StaffFileLayout


def kept_layout() -> Layout:
    """Return the layout that was kept last, or one that goes by the usual headings."""
    return Layout.read(kept_text())


def kept_text() -> str:
    """Return the JSON of the layout that was kept last, or an empty text."""
    newest = StaffFileLayout.objects.order_by("pk").last()
    return newest.body if newest is not None else ""


def keep_layout(text: str, *, now: datetime) -> Layout:
    """Keep a layout for the files to come, and return it.

    Raises:
        FileRefused: It is not a layout.
    """
    layout = Layout.read(text)
    if text != kept_text():
        StaffFileLayout.objects.create(body=text, at=now)
    return layout
