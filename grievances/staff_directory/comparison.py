"""Compare a file with the directory: what is new, changed, gone, and what is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from grievances.people.models import Unit
from grievances.people.regions import division_of
from grievances.staff_directory.managers import settle_managers
from grievances.staff_directory.plan import Change, NewPeriod, Plan
from grievances.staff_directory.register import Account, Period, Register
from grievances.staff_directory.second_look import comments_on
from grievances.staff_directory.staff_file.rows import Held, Refusal, StaffRow
from grievances.vocabulary import Office

DAY = timedelta(days=1)
CODE_LENGTH = 20
LOST_ZEROS = (
    "a user name that differs from one in the directory by zeros at its beginning alone: format "
    "the column as text"
)
KEEPERS = "only an administrator appoints who keeps the directory"


@dataclass(frozen=True)
class Choices:
    """What the person who imports has chosen.

    `new_units`: a unit that is unknown and has a region is added. `keep_missing`: who is not in the
    file stays, because the file has only some of the people. `own`: the key of the person who
    imports, who cannot change their own offices, certificates or line.
    """

    new_units: bool = False
    keep_missing: bool = False
    own: str = ""


@dataclass
class Comparison:
    """A file and the directory, compared on one local date."""

    register: Register
    rows: dict[str, StaffRow]
    choices: Choices
    today: date
    refused: list[Refusal] = field(default_factory=list)
    comments: list[Refusal] = field(default_factory=list)
    """Lines that are taken, with what is odd about them."""
    may_be_refused: bool = False
    """Whether a line that is refused may be about someone who is not in the file."""
    plan: Plan = field(default_factory=Plan)
    managers: dict[str, str] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    numbers: set[str] | None = None
    """The user names that are numbers, without their zeros; None until they are needed."""

    def run(self, mentioned: Collection[str]) -> None:
        """Work out the plan. `mentioned` has every key in the file, of refused lines as well."""
        for key, row in list(self.rows.items()):
            if reason := self._reason_against(key, row):
                self._refuse(key, reason)
        self._settle_units()
        self.managers, refused = settle_managers(self.rows, self.register)
        self.refused += refused
        for key, row in self.rows.items():
            account = self.register.people.get(key)
            if row.has_left(self.today):
                self._close([account] if account else [])
            else:
                self._compare(key, row, account)
        if not self.choices.keep_missing:
            missing = [
                each
                for each in self.register.active
                if each.username.casefold() not in mentioned
                and not self.register.is_outside_files(each.pk)
            ]
            self.may_be_refused = bool(missing) and any(r.is_about_anyone for r in self.refused)
            self._close(missing)
        self.refused.sort()
        gone = set(self.plan.closed)
        self.comments = comments_on(self.rows, self.managers, self.register, gone, self.today)

    def _refuse(self, key: str, reason: str) -> None:
        self.refused.append(Refusal(self.rows.pop(key).line, reason))

    def _reason_against(self, key: str, row: StaffRow) -> str:
        """Return why a line is refused for the office of its person, or an empty text."""
        account = self.register.people.get(key)
        if account is None and self._is_known_with_other_zeros(key):
            return LOST_ZEROS
        if row.offices:
            if any(each.code == Office.DIRECTORY for each in row.offices):
                return KEEPERS
            if account and self.register.keeps_directory(account.pk):
                return "a person who keeps the directory can hold no other office"
        if account and key == self.choices.own and row.has_left(self.today):
            return "your own account"
        return ""

    def _is_known_with_other_zeros(self, key: str) -> bool:
        """Return whether a number is known with more or fewer zeros in front."""
        if not key.isdecimal():
            return False
        if self.numbers is None:
            self.numbers = {each.lstrip("0") for each in self.register.people if each.isdecimal()}
        return key.lstrip("0") in self.numbers

    # Units

    def _settle_units(self) -> None:
        """Settle each unit of the file once, and refuse the lines with one that cannot be."""
        wanted: dict[str, StaffRow] = {}
        reasons: dict[tuple[str, str | None, str | None], str] = {}
        for key, row in list(self.rows.items()):
            if row.unit:
                place = (row.unit, row.region, row.division)
                if place not in reasons:
                    reasons[place] = self._settle_unit(row.unit, row, wanted)
                if reasons[place]:
                    self._refuse(key, reasons[place])
            elif row.unit == "" or (
                key not in self.register.people and not row.has_left(self.today)
            ):
                self._refuse(key, "no unit")

    def _settle_unit(self, code: str, row: StaffRow, wanted: dict[str, StaffRow]) -> str:
        """Plan what a line says of its unit.

        Returns:
            Why it cannot be, or an empty text.
        """
        first = wanted.setdefault(code.casefold(), row)
        unit = self.register.units.get(code.casefold())
        if (first.region, first.division) != (row.region, row.division):
            return "a unit that another line puts elsewhere"
        if unit is not None:
            self._move_unit(unit, row)
        elif not self.choices.new_units:
            return "an unknown unit"
        elif row.region is None:
            return "a new unit without a region"
        elif len(code) > CODE_LENGTH:
            return "a new unit whose code is longer than 20 characters"
        else:
            self.plan.units.setdefault(code.casefold(), _new_unit(row))
        return ""

    def _move_unit(self, unit: Unit, row: StaffRow) -> None:
        region, division = row.region or unit.region, row.division or unit.division
        if not row.division and unit.division == division_of(unit.region):
            division = division_of(region)
        if (region, division) != (unit.region, unit.division):
            unit.region, unit.division = region, division
            self.plan.changed_units.append(unit)

    # People

    def _compare(self, key: str, row: StaffRow, account: Account | None) -> None:
        if account is None:
            self.plan.new.append(row)
            self.plan.note(key, Change.ADDED)
        else:
            self._compare_account(key, row, account)
        pk = account.pk if account else 0
        if key == self.choices.own:
            return
        if row.manager is not None:
            self._compare_line(key, row, self.register.lines.get(pk, []))
        if row.offices is not None:
            self._compare_offices(key, row.offices, self.register.held(pk))
        if row.certificates is not None:
            self._compare_certificates(
                key, row.certificates, self.register.certificates.get(pk, [])
            )

    def _compare_account(self, key: str, row: StaffRow, account: Account) -> None:
        unit = self._unit(row.unit) if row.unit else None
        changed: dict[Change, tuple[str, object]] = {}
        if row.name != account.name:
            changed[Change.NAME] = ("name", row.name)
        if row.email != account.email and row.email is not None:
            changed[Change.EMAIL] = ("email", row.email)
        if row.grade != account.grade and row.grade is not None:
            changed[Change.GRADE] = ("grade", row.grade)
        if not account.is_active:
            changed[Change.RETURNED] = ("is_active", True)
        if unit is not None and (unit.pk is None or unit.pk != account.unit_id):
            changed[Change.UNIT] = ("unit", unit)
        if changed:
            for change in changed:
                self.plan.note(key, change)
            self.plan.accounts[account.pk] = dict(changed.values())

    def _unit(self, text: str) -> Unit:
        """Return the unit of a code or a name, which is there or planned."""
        if text not in self.units:
            key = text.casefold()
            self.units[text] = self.register.units.get(key) or self.plan.units[key]
        return self.units[text]

    def _close(self, accounts: Iterable[Account]) -> None:
        """Close accounts and end what they hold, so that a return does not bring it back."""
        for account in accounts:
            if not account.is_active:
                continue
            self.plan.closed.append(account.pk)
            self.plan.note(account.username.casefold(), Change.LEFT)
            for period in self.register.offices.get(account.pk, ()):
                self.plan.office_days[period.pk] = (period.begins, self.today - DAY)

    # Periods

    def _compare_line(self, key: str, row: StaffRow, current: list[Period]) -> None:
        """A line that ends without a day of its own ends yesterday: doubt keeps people out."""
        manager = self.managers.get(key)
        account = self.register.people.get(manager) if manager else None
        same = [each for each in current if account and each.of == account.pk]
        if len(same) == len(current) == 1 and row.manager_to is None:
            return
        ended = {each.pk: (each.begins, self.today - DAY) for each in current if each not in same}
        if same and row.manager_to is not None and same[0].ends != row.manager_to:
            ended[same[0].pk] = (same[0].begins, row.manager_to)
        self.plan.line_days |= ended
        if manager and not same:
            begins = row.manager_from or self.today
            self.plan.lines.append(NewPeriod(key, manager, begins, row.manager_to))
        if ended or (manager and not same):
            self.plan.note(key, Change.LINE)

    def _compare_offices(self, key: str, wanted: Iterable[Held], current: list[Period]) -> None:
        codes = {each.code: each for each in wanted}
        held = {str(each.of): each for each in current}
        for code, period in held.items():
            ends = codes[code].ends if code in codes else self.today - DAY
            if code not in codes or (ends is not None and ends != period.ends):
                self.plan.office_days[period.pk] = (period.begins, ends)
                self.plan.note(key, Change.OFFICE)
        for code, each in codes.items():
            if code not in held and (each.ends is None or each.ends >= self.today):
                begins = each.begins or self.today
                self.plan.offices.append(NewPeriod(key, code, begins, each.ends))
                self.plan.note(key, Change.OFFICE)

    def _compare_certificates(
        self, key: str, wanted: Iterable[Held], current: list[Period]
    ) -> None:
        """A certificate that the file no longer has is suspended; one that is stays suspended."""
        codes = {each.code: each for each in wanted}
        for period in current:
            if period.of not in codes:
                self.plan.suspended.append(period.pk)
                self.plan.note(key, Change.CERTIFICATE)
        for code, each in codes.items():
            held = [period for period in current if period.of == code]
            same = [p for p in held if each.begins in (None, p.begins)]
            if any(period.ends == each.ends for period in same):
                continue
            if each.ends is None or (each.ends < self.today and not held):
                continue
            if same and (each.begins or each.ends < (same[-1].ends or each.ends)):
                self.plan.certificate_days[same[-1].pk] = (same[-1].begins, each.ends)
            else:
                begins = each.begins or min(self.today, each.ends)
                self.plan.certificates.append(NewPeriod(key, code, begins, each.ends))
            self.plan.note(key, Change.CERTIFICATE)


def _new_unit(row: StaffRow) -> Unit:
    code, region = row.unit or "", row.region or ""
    division = row.division or division_of(region)
    return Unit(code=code, name=row.unit_name or code, region=region, division=division)
