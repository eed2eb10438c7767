"""The entries of a timeline, for lists that show many of them.

A case has some thirty entries. The engine of the templates takes six times as long for the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Required, TypedDict

from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext

from grievances.web.shared.tags.moments import moment

register = Library()

ENTRY_HTML = """\
  <div class="moj-timeline__item">
    <div class="moj-timeline__header">
      <h3 class="moj-timeline__title">{}</h3>{}
    </div>
    <p class="moj-timeline__date">{}</p>{}
  </div>
"""
BYLINE = '<p class="moj-timeline__byline">{}</p>'
BODY = '<div class="moj-timeline__description fh-account">{}</div>'


class Entry(TypedDict, total=False):
    """An entry as a page gives it."""

    title: Required[str]
    at: Required[date]
    by: str
    body: str


@register.simple_tag
def timeline_entries(items: Iterable[Entry]) -> SafeString:
    """Return the entries of a timeline.

    `at` is an instant, or a local date. Title and by are translated, and all is escaped.
    """
    return format_html_join("", ENTRY_HTML, map(_parts, items))


def _parts(item: Entry) -> tuple[str, str, str, str]:
    at, by, body = item["at"], item.get("by"), item.get("body")
    byline = gettext("by %(by)s") % {"by": _translated(by)} if by else ""
    return (
        _translated(item["title"]),
        format_html(BYLINE, byline) if by else "",
        moment(localtime(at) if isinstance(at, datetime) else at),
        format_html(BODY, body) if body else "",
    )


def _translated(words: object) -> str:
    """Return words as the tag `translate` shows them; what was safe stays so."""
    text = gettext(str(words).replace("%", "%%")).replace("%%", "%")
    return mark_safe(text) if isinstance(words, SafeData) else text  # noqa: S308 - it was safe
