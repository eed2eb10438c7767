"""An app on a telephone, and a person who signs in with it."""

from __future__ import annotations

import re
import time

from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from tests.factories.people import PASSWORD

HERE = "/accounts/second-factor/"


class App:
    """An authenticator app: it knows a secret, and the time."""

    def __init__(self, secret: str) -> None:
        self.secret = secret.replace(" ", "")

    def code(self, later: int = 0) -> str:
        """Return the code of this half minute, or of one that is `later`."""
        counter = int(time.time()) // 30 + later
        return str(totp.format_hotp_value(totp.hotp_value(self.secret, counter)))


def type_password(client: Client, name: str, password: str = PASSWORD, then: str = "") -> str:
    """Send the sign-in form; return where it leads, or an empty text for a refusal."""
    path = "/accounts/login/" + (f"?next={then}" if then else "")
    answer = client.post(path, {"login": name, "password": password, "next": then})
    return answer.headers.get("Location", "")


def set_up_app(client: Client) -> App:
    """Set up an app on the pages, as a signed-in person does."""
    page = client.get(f"{HERE}app/").content.decode()
    (secret,) = re.findall(r"<code[^>]*>([A-Z2-7 ]{32,})</code>", page)
    app = App(secret)
    answer = client.post(f"{HERE}app/", {"code": app.code(-1)})
    assert answer.status_code == 302, answer.content.decode()
    return app


def with_app(name: str) -> tuple[Client, App]:
    """Return the client of a person who has just signed in and set up an app."""
    client = Client()
    type_password(client, name)
    return client, set_up_app(client)


def sign_in_with(app: App, name: str) -> Client:
    """Return the client of a person who signed in by password and app."""
    client = Client()
    assert type_password(client, name) == f"{HERE}sign-in/"
    answer = client.post(f"{HERE}sign-in/", {"code": app.code()})
    assert answer.status_code == 302, answer.content.decode()
    return client
