#!/bin/sh
# govuk-bank-holidays==0.19
#
# After the last year of its list, every bank holiday is a working day, and nothing says so.
#
# Input: the list that comes with the package (it ends in 2028), and 25 December 2028 and 2029.
# Expected: an error, or "not known", for 2029. Seen: Christmas Day 2029, a Tuesday, is no holiday
# and is a working day; it is also "the next working day" after Christmas Eve. The same holds before
# the first year of the list. The official list is published about two years ahead.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet govuk-bank-holidays==0.19 || exit 3
"$work/venv/bin/python" - <<'PY'
from datetime import date

from govuk_bank_holidays.bank_holidays import BankHolidays

known = BankHolidays(use_cached_holidays=True)
place = "england-and-wales"
last = max(holiday["date"] for holiday in known.get_holidays(division=place))
print("last day of the list:", last)
for day in (date(2028, 12, 25), date(2029, 12, 25)):
    print(day.strftime("%A %d %B %Y"), "holiday:", known.is_holiday(day, division=place),
          "working day:", known.is_work_day(day, division=place))
following = known.get_next_work_day(division=place, date=date(2029, 12, 24))
print("next working day after 24 December 2029:", following)
assert last == date(2028, 12, 26)
assert not known.is_work_day(date(2028, 12, 25), division=place)
assert known.is_work_day(date(2029, 12, 25), division=place)
assert following == date(2029, 12, 25)
PY
