"""How many proxies are in front: production believes that many addresses and no more."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from grievances.web.shared.limits.client_address import address_of

PEER = "10.0.0.9"


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.5", PEER),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (2, "198.51.100.1,203.0.113.5 , 10.1.1.1", "203.0.113.5"),
        (1, "203.0.113.5:4711", "203.0.113.5"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        (1, "[2001:db8:1:2:bbbb::9]:443", "2001:db8:1:2::"),
        (1, "[2001:db8:1:2:bbbb::9]", "2001:db8:1:2::"),
        (1, "", PEER),
        (2, "203.0.113.5", PEER),
        (1, "unknown", PEER),
        (1, "203.0.113.5, ", PEER),
        (1, "203.0.113.5, 999.1.1.1", PEER),
        (1, "\x00,é", PEER),
    ],
)
def test_the_address_is_the_one_that_our_own_proxies_saw(
    settings: Settings, proxies: int, header: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": header} if header else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=PEER)
    assert address_of(request) == address


def test_an_address_that_is_none_is_still_one_place(settings: Settings) -> None:
    """A socket of the machine has no address; nothing fails."""
    settings.TRUSTED_PROXIES = 1
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="")) == ""
