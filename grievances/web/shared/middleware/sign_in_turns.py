"""Tell a browser that signs in when its turn is, so that it waits in no thread.

At nine o'clock more people sign in than keys can be derived for at once. The script of the page
sends the form with the header `X-Waited`: how often it has waited. Without a free place the answer
is a 202 with the seconds until its turn; the password stays in the browser, which comes back by
itself. Such an answer asks no database, but for a browser with a session. It is no failure, so it
is no 503.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from grievances.encryption.derivation_limit import TURNS, at_once, seconds_until_turn

GetResponse = Callable[[HttpRequest], HttpResponseBase]
FORMS = ("/accounts/login/", "/account/passphrase/", "/account/first/")
"""Where a key is derived from what was typed."""
WAITED, TURN, LEADS_TO = "X-Waited", "X-Turn-In", "X-Leads-To"


class SignInTurns:
    """Middleware that answers a form which can wait: its turn, or where it leads."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response; a redirect as 204, so that the script can go there itself."""
        waited = request.headers.get(WAITED, "")
        is_form = request.method == "POST" and request.path.startswith(FORMS)
        if not (is_form and waited.isdecimal() and len(waited) < 5):
            return self.get_response(request)
        seconds = seconds_until_turn(int(waited))
        if seconds is not None:
            return _wait(seconds)
        with at_once() as attempt:
            response = self.get_response(request)
        if attempt.was_full:
            return _wait(TURNS.next(int(waited), monotonic()))
        if response.status_code == 302:
            response.status_code = 204
            response[LEADS_TO] = response["Location"]
            del response["Location"]
        return response


def _wait(seconds: float) -> HttpResponse:
    """Return the answer that tells when to come back."""
    headers = {
        "Cache-Control": "no-store",
        "Retry-After": str(math.ceil(seconds)),
        TURN: f"{seconds:.2f}",
    }
    return HttpResponse(status=202, headers=headers)
