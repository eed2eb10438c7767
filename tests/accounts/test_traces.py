"""What stays in a browser after "Exit this page", and after signing out."""

from __future__ import annotations

from django.http.cookie import SimpleCookie
from django.test import Client

from tests.factories.people import PASSWORD, Staff
from tests.signing_in import sign_in


def kept(client: Client) -> SimpleCookie:
    """The cookies that a browser would still have."""
    return SimpleCookie({name: each.value for name, each in client.cookies.items() if each.value})


def browser() -> Client:
    """A browser that was given a token against forged forms, as every one is by a form."""
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    assert client.cookies["csrftoken"].value
    return client


def test_no_cookie_is_kept_for_a_year(staff: Staff) -> None:
    client = browser()
    assert client.cookies["csrftoken"]["max-age"] == ""
    assert client.cookies["csrftoken"]["expires"] == ""


def test_exit_leaves_no_cookie_behind(staff: Staff) -> None:
    client = browser()
    token = client.cookies["csrftoken"].value
    body = {"login": "complainant1", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post("/accounts/login/", body).status_code == 302
    client.get("/")
    assert {"csrftoken", "fh_key", "fh_session"} <= set(kept(client))
    client.get("/exit/")
    assert set(kept(client)) == set()


def test_signing_out_takes_the_key_from_the_browser(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    client.get("/")
    assert "fh_key" in kept(client)
    client.post("/accounts/logout/")
    assert "fh_key" not in kept(client)


def test_a_session_that_ended_by_time_takes_its_key_along(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    client.session.flush()
    client.get("/")
    assert "fh_key" not in kept(client)


def test_a_person_who_came_back_keeps_their_key(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    client.get("/")
    client.get("/safety/")
    assert "fh_key" in kept(client)
