#!/bin/sh
# django-allauth==65.21.1 django==5.2.19
#
# On a server that listens on IPv6 and IPv4 at once, all IPv4 visitors share one limit.
#
# Input: a limit of two tries an hour and address, and three visitors with an IPv4 address each. Such
# a server is told of them as ::ffff:192.0.2.1 (RFC 4291, 2.5.5.2). Expected: each visitor has two
# tries, however the address is spelt. Seen: so it is with 192.0.2.1; in the other spelling the third
# visitor is refused at the first try. An IPv6 address is cut to its first 64 bits, which are
# nought in all of these.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet django-allauth==65.21.1 django==5.2.19 || exit 3
"$work/venv/bin/python" - <<'PY'
import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only for this script",
    INSTALLED_APPS=[
        "django.contrib.contenttypes", "django.contrib.auth", "allauth", "allauth.account",
    ],
    MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
    ACCOUNT_RATE_LIMITS={"login": "2/h/ip"},
)
django.setup()

from allauth.core import ratelimit
from django.core.cache import cache
from django.test import RequestFactory


def let_in(*addresses: str) -> list[bool]:
    cache.clear()
    requests = [RequestFactory().post("/", REMOTE_ADDR=address) for address in addresses]
    return [ratelimit.consume(request, action="login") for request in requests]


plain = ["192.0.2.1", "198.51.100.7", "203.0.113.9"]
mapped = [f"::ffff:{address}" for address in plain]
print(plain, let_in(*plain))
print(mapped, let_in(*mapped))
assert let_in(*plain) == [True, True, True]
assert let_in(*mapped) == [True, True, False]
PY
