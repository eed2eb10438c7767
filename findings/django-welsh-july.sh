#!/bin/sh
# django==5.2.19
#
# In Welsh, July is written with a letter too few.
#
# Input: 3 July 2026, shown by Django's own catalogue for Welsh. Expected: "3 Gorffennaf 2026", as the
# Welsh Language Commissioner's and every Welsh dictionary's month is spelt. Seen: "3 Gorffenaf 2026".
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet django==5.2.19 || exit 3
"$work/venv/bin/python" - <<'PY'
from datetime import date

import django
from django.conf import settings

settings.configure(USE_I18N=True)
django.setup()

from django.utils import dateformat, translation

with translation.override("cy"):
    shown = dateformat.format(date(2026, 7, 3), "j F Y")
print(shown)
assert shown == "3 Gorffenaf 2026", shown
PY
