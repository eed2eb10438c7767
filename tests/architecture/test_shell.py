"""The shell of every page: no inline code, a neutral title, and a way out that needs no script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = (
    "404.html",
    "403.html",
    "400.html",
    "429.html",
    "500.html",
    "503.html",
    "pages/home_signed_out.html",
    "pages/support.html",
    "pages/safety.html",
    "pages/who_can_see.html",
)
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE
)
SUPPORT = [{"name": "Samaritans", "numbers": ["116 123"], "text": "Day and night"}]


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=str)
def test_no_template_holds_script_or_style_of_its_own(path: Path) -> None:
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", PRIVATE)
def test_a_private_page_has_a_neutral_title_and_a_way_out(name: str) -> None:
    html = render_to_string(name, {"support": SUPPORT, "exit_url": "/exit/"})
    assert "<title>Fair Hearing</title>" in html
    way_out = re.search(r"<a [^>]*govuk-js-exit-this-page-button[^>]*>", html)
    assert way_out is not None
    assert 'href="/exit/"' in way_out.group()
    assert 'rel="nofollow noreferrer"' in way_out.group()


@pytest.mark.parametrize("name", PRIVATE)
def test_headings_go_down_one_step_at_a_time(name: str) -> None:
    html = render_to_string(name, {"support": SUPPORT})
    main = html[html.index("<main") : html.index("</main>")]
    levels = [int(level) for level in re.findall(r"<h([1-6])", main)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_the_page_for_not_there_does_not_say_whether_it_was_there() -> None:
    html = render_to_string("404.html", {})
    assert "There may be nothing at this address, or it may not be open to you." in html


def test_the_lock_of_the_interface_parts_names_no_address() -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")
