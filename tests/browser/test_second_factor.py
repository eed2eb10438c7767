"""The second step in Chromium: an app, also without JavaScript, and a passkey."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import CDPSession
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import SignedIn, type_password
from tests.browser.visitor import Visitor
from tests.factories import cases
from tests.factories.people import Staff
from tests.second_factors import App


@pytest.fixture(autouse=True)
def _demanded(settings: Settings, live_server: LiveServer) -> Iterator[None]:
    settings.MFA_OFFICES = ("all",)
    settings.SITE_URL = live_server.url
    cache.clear()
    yield
    cache.clear()


def sign_out(person: Visitor) -> None:
    person.open("/accounts/logout/")
    person.press("Sign out")


def set_up_app(person: Visitor) -> App:
    person.press("Set up an app")
    assert person.main.get_by_role("img", name="The picture for the app").is_visible()
    app = App(person.main.locator("code").inner_text())
    person.fill("Code from the app", app.code(-1))
    person.press("Continue")
    person.reads("These codes are shown once")
    return app


@pytest.mark.parametrize("script", [True, False])
def test_an_officer_sets_up_an_app_and_signs_in_with_it(
    signed_in: SignedIn, staff: Staff, script: bool
) -> None:
    case = cases.acknowledged(staff)
    person = signed_in("triage1", java_script_enabled=script)
    person.reads("you need a second step before you see anything else")
    person.open(f"/cases/{case.reference}/")
    person.does_not_read("accent")
    app = set_up_app(person)
    person.press("Continue to the service")
    person.open(f"/cases/{case.reference}/")
    person.reads("accent")
    sign_out(person)
    person.open("/accounts/login/")
    type_password(person, "triage1")
    person.reads("The second step", "You are not signed in yet")
    person.fill("Code", "000000")
    person.press("Continue")
    person.reads("There is a problem", "That did not work")
    person.fill("Code", app.code())
    person.press("Continue")
    person.open(f"/cases/{case.reference}/")
    person.reads("accent")


def authenticator(person: Visitor, **more: bool) -> tuple[CDPSession, str]:
    """Give the browser a passkey device; return it by its number."""
    device = person.page.context.new_cdp_session(person.page)
    device.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        **more,
    }
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return device, made["authenticatorId"]


def add_passkey(person: Visitor) -> None:
    person.press("Add a passkey")
    person.main.get_by_role("button", name="Add a passkey").click()
    person.page.wait_for_url("**/second-factor/codes/")
    person.look()
    person.reads("These codes are shown once")


@pytest.mark.parametrize("opens", [True, False])
def test_an_officer_adds_a_passkey_and_signs_in_with_it(
    signed_in: SignedIn, staff: Staff, opens: bool
) -> None:
    """With a device that opens records, and with an older one that goes on as before."""
    case = cases.acknowledged(staff)
    person = signed_in("triage1")
    device, number = authenticator(person, hasPrf=opens)
    add_passkey(person)
    kept = device.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    assert len(kept) == 1
    let_it_open_the_records(person, opens)
    sign_out(person)
    person.open("/accounts/login/")
    if opens:
        person.press("Sign in with a passkey")
    else:
        type_password(person, "triage1")
    person.main.get_by_role("button", name="Use my passkey").click()
    person.page.wait_for_url(f"{person.base}/")
    person.open(f"/cases/{case.reference}/")
    person.reads("accent")


def let_it_open_the_records(person: Visitor, opens: bool) -> None:
    person.open("/accounts/second-factor/")
    person.press("Let Passkey 1 open your records too")
    person.main.get_by_role("button", name="Let this passkey open my records").click()
    if not opens:
        person.reads("There is a problem", "Nothing was changed")
        return
    person.page.wait_for_url("**/second-factor/")
    person.look()
    person.reads("Passkey 1 also opens your records", "without your password")


def test_a_device_without_the_passkey_is_told_so_and_may_type_a_code(
    signed_in: SignedIn, staff: Staff
) -> None:
    person = signed_in("triage1")
    device, number = authenticator(person)
    add_passkey(person)
    spare = person.main.locator("code").first.inner_text()
    sign_out(person)
    device.send("WebAuthn.clearCredentials", {"authenticatorId": number})
    person.open("/accounts/login/")
    type_password(person, "triage1")
    person.main.get_by_role("button", name="Use my passkey").click()
    person.reads("Your browser did not give us the passkey")
    person.fill("Code", spare)
    person.press("Continue")
    person.open("/cases/")
