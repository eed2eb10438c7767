"""The tag of a timeline writes what the engine of the templates would write."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

BY_THE_ENGINE = """
{% load i18n moments %}
<div class="moj-timeline">
  {% for item in items %}
    <div class="moj-timeline__item">
      <div class="moj-timeline__header">
        <h3 class="moj-timeline__title">{% translate item.title %}</h3>
        {% if item.by %}
          {% translate item.by as by %}
          <p class="moj-timeline__byline">{% blocktranslate trimmed %}by {{ by }}{% endblocktranslate %}</p>
        {% endif %}
      </div>
      <p class="moj-timeline__date">{{ item.at|moment }}</p>
      {% if item.body %}<div class="moj-timeline__description fh-account">{{ item.body }}</div>{% endif %}
    </div>
  {% endfor %}
</div>
"""  # noqa: E501 - as the template was written
BY_THE_TAG = '{% include "components/timeline.html" with items=items only %}'
AT = datetime(2026, 7, 1, 22, 45, tzinfo=UTC)
UNSAFE = "<script>alert('1') & \"2\"</script>"
ITEMS: tuple[dict[str, Any], ...] = (
    {"title": "Message", "at": AT},
    {"title": "Message", "at": date(2026, 1, 2), "by": "Triage officer", "body": "Two\nlines"},
    {"title": UNSAFE, "at": AT, "by": UNSAFE, "body": UNSAFE},
    {"title": "100% of %(by)s %s", "at": AT, "by": "50% {x}", "body": "%d {0}"},
    {"title": mark_safe("<b>bold</b>"), "at": AT, "body": mark_safe("<i>i</i>")},  # noqa: S308
    {"title": gettext_lazy("Handler"), "at": AT, "by": gettext_lazy("Handler"), "body": ""},
    {"title": "", "at": AT, "by": "", "body": None},
)


def lines(html: str) -> str:
    """The same HTML without the spaces between its tags."""
    return re.sub(r">\s+<", "><", html.strip())


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("item", ITEMS)
def test_an_entry_is_what_the_engine_would_write(item: dict[str, Any], language: str) -> None:
    with override(language):
        wanted, found = (
            lines(Template(text).render(Context({"items": [item, item]})))
            for text in (BY_THE_ENGINE, BY_THE_TAG)
        )
    assert found == wanted
