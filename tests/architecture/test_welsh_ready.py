"""Every sentence of the surveys and of the questions about oneself passes through gettext.

A made-up language wraps each text in marks; whatever a person reads without them on these pages was
written past the catalogue, and a Welsh page would be half English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import trans_null

from grievances.monitoring.codes import ethnic_groups
from grievances.surveys.models import Form
from grievances.surveys.responses import CLOSED
from grievances.surveys.staff_survey_models import OtherForm
from grievances.web.monitoring.forms import AboutYou
from grievances.web.surveys.forms import Survey
from tests.architecture.sources import ROOT
from tests.factories.cases import START

TODAY = START.date()
BEGIN, END = "⟦", "⟧"
TAG = re.compile(r"<[^>]+>")
MARKED = re.compile(rf"{BEGIN}[^{END}]*{END}")


@pytest.fixture
def read_anew() -> Iterator[None]:
    """Templates that remember no text of another language, and leave none of this one."""
    loaders = engines["django"].engine.template_loaders  # type: ignore[attr-defined]
    for loader in loaders:
        loader.reset()
    yield
    for loader in loaders:
        loader.reset()


@pytest.fixture
def cymraeg(read_anew: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that wraps every text."""

    def wrapped(text: Any) -> str:
        return f"{BEGIN}{text}{END}"

    for name in ("gettext", "gettext_noop"):
        monkeypatch.setattr(trans_null, name, wrapped if name == "gettext" else str)
        place = f"django.utils.translation._trans.{name}"
        monkeypatch.setattr(place, getattr(trans_null, name), raising=False)


def left_over(html: str) -> list[str]:
    """The texts of the page's main part that no mark surrounds."""
    main = html[html.index("<main") : html.index("</main>")]
    # A link within a sentence belongs to it: marks are taken away before the tags are.
    plain = TAG.sub("\n", MARKED.sub("", main))
    return [line.strip() for line in plain.splitlines() if re.search(r"[A-Za-z]{2}", line)]


def about_you(**context: Any) -> str:
    form = AboutYou(code_set=ethnic_groups("ENG_WLS", TODAY))
    return render_to_string("monitoring/about_you.html", {"form": form, "back": "/", **context})


@pytest.mark.usefixtures("cymraeg")
class TestEverySentence:
    @pytest.mark.parametrize("form", [*Form.values, *OtherForm.values])
    def test_of_a_survey(self, form: str) -> None:
        page = render_to_string("survey/questions.html", {"form": Survey(form=form)})
        assert left_over(page) == []

    @pytest.mark.parametrize("state", ["", "ASKED", "ANSWERED", "REFUSED", "APART"])
    @pytest.mark.parametrize("is_anonymous", [False, True])
    def test_of_the_questions_about_oneself(self, state: str, is_anonymous: bool) -> None:
        assert left_over(about_you(state=state, is_anonymous=is_anonymous)) == []

    def test_of_the_staff_survey(self) -> None:
        form = Survey(form=OtherForm.STAFF)
        for context in ({"form": form, "until": TODAY}, {"answered": True}, {}):
            page = render_to_string("staff_survey/questions.html", {**context, "may_open": True})
            assert left_over(page) == []

    def test_of_a_survey_that_is_closed_or_answered(self) -> None:
        closed = {"sentence": translation.gettext(CLOSED)}
        assert left_over(render_to_string("survey/closed.html", closed)) == []
        thanks = render_to_string("survey/thanks.html", {"is_complainant": True})
        assert left_over(thanks) == []

    def test_a_text_past_the_catalogue_is_found(self) -> None:
        page = about_you().replace("</main>", "<p>Written past it</p></main>")
        assert "Written past it" in left_over(page)


def test_the_questions_are_in_one_place() -> None:
    """No template repeats a question: a second wording would be translated differently."""
    pages = [
        *(ROOT / "templates" / "survey").glob("*"),
        *(ROOT / "templates" / "staff_survey").glob("*"),
    ]
    for path in pages:
        assert "I would feel safe" not in path.read_text(encoding="utf-8")
        assert "Strongly agree" not in path.read_text(encoding="utf-8")
