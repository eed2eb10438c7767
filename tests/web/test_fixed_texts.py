"""A fixed text of a template is looked up once, and is what Django's own tag shows."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template, engines
from django.template.base import Node
from django.templatetags.i18n import TranslateNode
from django.utils import translation
from django.utils.translation.trans_real import DjangoTranslation

from grievances.web.shared.middleware.page_language import join_catalogues
from grievances.web.shared.tags.fixed_texts import FixedText

LANGUAGES = tuple(dict(settings.LANGUAGES))
PLAIN, SIGNS = "Cases", "<b> & 100%"


def template(text: str) -> Template:
    found: Template = engines["django"].from_string(f"{{% load i18n %}}{text}").template  # type: ignore[attr-defined]
    return found


def node(text: str) -> Node:
    return template(text).nodelist[-1]


def shown(text: str, language: str, **words: str) -> str:
    with translation.override(language):
        return template(text).render(Context(words))


@pytest.mark.parametrize("text", [PLAIN, SIGNS])
def test_a_fixed_text_is_in_the_language_of_each_page(text: str) -> None:
    remembered = node(f'{{% translate "{text}" %}}')
    assert isinstance(remembered, FixedText)
    for language in (*LANGUAGES, *LANGUAGES):
        with translation.override(language):
            assert remembered.render(Context()) == translation.gettext(text)


def test_a_text_that_may_be_another_one_is_never_remembered() -> None:
    assert isinstance(node("{% translate words %}"), TranslateNode)
    assert shown("{% translate words %}", "en-gb", words="<b>") == "&lt;b&gt;"
    for more in ('"Cases"|upper', '"Cases" as here', '"Cases" context "x"', '"Cases" noop'):
        assert isinstance(node(f"{{% translate {more} %}}"), TranslateNode), more


@pytest.mark.parametrize("language", LANGUAGES)
def test_joined_catalogues_say_what_they_said_apart(language: str) -> None:
    apart, joined = (DjangoTranslation(language) for _ in range(2))
    join_catalogues(joined)
    assert catalogues(joined) < catalogues(apart)
    keys = [*vars(apart)["_catalog"].keys(), "This text is in no catalogue"]
    assert len(keys) > 100
    for key in keys:
        if isinstance(key, str):
            assert joined.gettext(key) == apart.gettext(key)
        else:
            several = [(key[0], "several", number) for number in (0, 1, 2, 3, 6, 11)]
            assert [joined.ngettext(*each) for each in several] == [
                apart.ngettext(*each) for each in several
            ]


def catalogues(found: Any) -> int:
    """How many catalogues a text that is in none of them is looked for in."""
    count = 0
    while found is not None:
        count += len(getattr(found._catalog, "_catalogs", [1]))
        found = found._fallback
    return count
