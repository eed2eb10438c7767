"""Every address leads to a view, though none is imported before it is asked for."""

from __future__ import annotations

import pytest
from django.urls import resolve

from grievances.web import urls
from grievances.web.urls.on_demand import OnDemand, address

ADDRESSES = [each for each in urls.urlpatterns if isinstance(each, OnDemand)]


@pytest.mark.parametrize("each", ADDRESSES, ids=lambda each: each.name)
def test_an_address_has_its_view(each: OnDemand) -> None:
    assert callable(each.view)


def test_most_addresses_name_their_view() -> None:
    assert len(ADDRESSES) > 150


def test_what_is_marked_on_a_view_is_seen() -> None:
    """Those that take files judge a request themselves, before Django reads it."""
    assert resolve("/cases/RC-ABCDEF/add_evidence/").func.csrf_exempt  # type: ignore[attr-defined]
    assert not hasattr(resolve("/cases/").func, "csrf_exempt")


def test_the_general_address_of_a_step_takes_none_that_has_its_own() -> None:
    own = [
        each
        for each in ADDRESSES
        if str(each.pattern).startswith("cases/<reference:reference>/")
        and str(each.pattern).count("/") == 3
        and each.name != "step"
    ]
    assert own
    for each in own:
        path = "/" + str(each.pattern).replace("<reference:reference>", "RC-ABCDEF")
        assert resolve(path).url_name == each.name


def test_a_view_that_is_not_there_is_an_error_at_its_address() -> None:
    missing = address("nowhere/", f"{__name__}.nowhere", name="nowhere")
    with pytest.raises(ImportError):
        missing.resolve("nowhere/")
