"""Days and moments in words are those of Django's own filters, in each language."""

from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.template import engines
from django.utils import translation

OURS = "{% load moments %}{{ at|day }} / {{ at|weekday }} / {{ at|moment }}"
DJANGOS = (
    "{% load i18n %}{{ at|date:'j F Y' }} / {{ at|date:'l j F Y' }} / "
    "<time datetime=\"{{ at|date:'c' }}\">{{ at|date:'j F Y' }}"
    "{% if at|time:'H:i' %} {% blocktranslate with at=at|time:'H:i' %}at {{ at }}"
    "{% endblocktranslate %}{% endif %}</time>"
)


@pytest.mark.parametrize("language", dict(settings.LANGUAGES))
@pytest.mark.parametrize("month", [1, 5, 12])
def test_they_say_what_the_filters_of_django_say(language: str, month: int) -> None:
    summer_night = datetime(2026, month, 9, 23, 30, 5, 77, tzinfo=UTC)  # the next day in London
    for at in (summer_night, date(2026, month, 9)):
        with translation.override(language):
            ours, djangos = (
                engines["django"].from_string(text).render({"at": at}) for text in (OURS, DJANGOS)
            )
        assert ours == djangos
