#!/bin/sh
# django-helpdesk==2.6.1 Django==5.2.19
#
# A site that turns the knowledge base off, by the setting made for it, does not start.
#
# Input: HELPDESK_KB_ENABLED = False in the settings, everything else as it comes.
# Expected: a site without a knowledge base. Seen: importing helpdesk.urls ends in NameError, "name
# 'kb' is not defined": the addresses use a module that is imported only with the knowledge base.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet django-helpdesk==2.6.1 Django==5.2.19 || exit 3

cat >"$work/peer.py" <<'PYTHON'
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only-for-this-script",
    HELPDESK_TEAMS_MODE_ENABLED=False,
    HELPDESK_KB_ENABLED=sys.argv[1] == "on",
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sites",
        "django.contrib.sessions", "rest_framework", "helpdesk",
    ],
)
django.setup()
try:
    import helpdesk.urls
except NameError as error:
    print(f"NameError: {error}")
else:
    print("started")
PYTHON
on=$("$work/venv/bin/python" "$work/peer.py" on)
off=$("$work/venv/bin/python" "$work/peer.py" off)
echo "knowledge base on: $on; off: $off"
[ "$on" = "started" ] && [ "$off" = "NameError: name 'kb' is not defined" ]
