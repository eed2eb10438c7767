"""Concerns kept back until their writers are not alone: no one fishes, and no one learns early."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.notices import sending
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import person_pseudonym
from grievances.intake import drafts, escrow
from grievances.intake.escrow import Wish
from grievances.intake.escrow_matching import compare_kept
from grievances.intake.escrow_models import KeptConcern, Target, label_of, largest_group
from grievances.people.models import LinkedAccounts, User
from grievances.vocabulary import State
from notifications.models import Notice
from notifications.outbox import unread_count
from tests.attacks.leak_scan import Loot
from tests.attacks.stolen_copy import rows
from tests.factories.cases import START, at
from tests.factories.people import Staff
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
SECRET = "PLANTED-KEPT-WORDS"
KEPT_PAGE = "/raise/kept/"


@pytest.fixture
def keep(staff: Staff) -> Callable[..., int]:
    """A person keeps a concern back, about these people or teams."""

    def keeping(who: str, *about: str, threshold: int = 2, months: int = 12, day: int = 0) -> int:
        caller = staff.caller(who)
        case = drafts.open_draft(staff[who], caller, now=at(day))
        answers = {"account": f"{SECRET} of {who}", "about": " and ".join(about)}
        drafts.save_draft(case, caller, answers, now=at(day))
        wish = Wish([target(staff, name) for name in about], threshold, months)
        return escrow.keep_back(case, caller, wish, now=at(day))

    return keeping


def target(staff: Staff, name: str) -> Target:
    if name.isupper():
        unit = next(p.unit for p in staff.people.values() if p.unit and p.unit.code == name)
        return Target("unit", unit.pk)
    return Target("person", staff[name].pk)


def told(staff: Staff) -> set[str]:
    """Who has something to read about a concern of their own that is kept back."""
    own = {
        name: [h for h in sending.inboxes(person) if h != person_pseudonym(person.pk)]
        for name, person in staff.people.items()
    }
    return {name for name, handles in own.items() if unread_count(*handles)}


def asked(staff: Staff, who: str) -> list[bool]:
    return [own.kept.is_asked for own in escrow.own_kept(staff[who], at(1).date())]


def test_both_are_asked_again_after_the_night_and_no_one_else(
    staff: Staff, keep: Callable[..., int]
) -> None:
    events = Event.objects.count()
    keep("complainant1", "respondent1", "HULL")
    keep("staff1", "handler1")
    number = keep("complainant2", "respondent1")
    assert asked(staff, "complainant1") == asked(staff, "complainant2") == [False]
    assert not Notice.objects.exists()
    compare_kept(at(1))
    assert told(staff) == {"complainant1", "complainant2"}
    assert asked(staff, "complainant1") == asked(staff, "complainant2") == [True]
    assert asked(staff, "staff1") == [False]
    assert {(n.kind, n.link, n.reference) for n in Notice.objects.all()} == {
        ("update", KEPT_PAGE, "")
    }
    assert {n.handle for n in Notice.objects.all()}.isdisjoint(
        person_pseudonym(person.pk) for person in staff.people.values()
    )
    compare_kept(at(2))
    assert Notice.objects.count() == 2
    case = escrow.make_draft(staff.caller("complainant2"), number, now=at(2))
    assert case.state == State.DRAFT
    assert drafts.read_draft(case, staff.caller("complainant2"))["account"].startswith(SECRET)
    assert escrow.own_kept(staff["complainant2"], at(2).date()) == []
    assert asked(staff, "complainant1") == [True], "what the other does is not shown"
    kinds = set(Event.objects.order_by("pk").values_list("kind", flat=True)[events:])
    assert not any("kept" in kind or "escrow" in kind for kind in kinds)


def test_a_team_is_matched_with_the_same_team_alone(staff: Staff, keep: Callable[..., int]) -> None:
    keep("complainant1", "HULL")
    keep("complainant2", "respondent1")
    compare_kept(at(1))
    assert told(staff) == set()
    keep("staff1", "HULL", day=1)
    compare_kept(at(2))
    assert told(staff) == {"complainant1", "staff1"}


def test_one_person_counts_once_and_never_matches_oneself(
    staff: Staff, keep: Callable[..., int]
) -> None:
    keep("complainant1", "respondent1")
    keep("complainant1", "respondent1")
    link(staff, "complainant1", "staff1")
    keep("staff1", "respondent1")
    compare_kept(at(1))
    assert told(staff) == set()
    with pytest.raises(Refused, match="yourself"):
        keep("staff2", "staff2")
    # The directory learns later that the writer and the person named are one.
    keep("staff2", "companion1")
    keep("complainant2", "companion1")
    link(staff, "staff2", "companion1")
    compare_kept(at(2))
    assert told(staff) == set()
    with pytest.raises(Refused, match="yourself"):
        keep("companion1", "staff2")
    # Two accounts of the person named are that person.
    link(staff, "respondent1", "handler2")
    keep("triage2", "handler2")
    compare_kept(at(3))
    assert told(staff) == {"complainant1", "staff1", "triage2"}


def link(staff: Staff, one: str, other: str) -> None:
    first, second = sorted((staff[one], staff[other]), key=lambda person: person.pk)
    LinkedAccounts.objects.create(first=first, second=second)


def test_no_one_names_more_than_three_in_a_year_on_any_account(
    staff: Staff, keep: Callable[..., int]
) -> None:
    number = keep("complainant1", "respondent1", "handler1")
    escrow.take_back(staff.caller("complainant1"), number)
    link(staff, "complainant1", "staff1")
    assert escrow.names_left(staff["staff1"], at(1).date()) == 1
    keep("staff1", "handler2")
    drafts_before = Case.unguarded.count()
    for who in ("complainant1", "staff1"):
        with pytest.raises(Refused, match="3 people or teams"):
            keep(who, "decider1")
    assert Case.unguarded.count() == drafts_before + 2, "a refusal loses no draft"
    for days in range(0, 401, 40):
        compare_kept(at(days))
    assert escrow.names_left(staff["complainant1"], at(367).date()) == 3
    assert not KeptConcern.objects.exists(), "what is over leaves no row"
    keep("complainant1", "decider1", day=400)


def test_a_number_is_reached_for_everyone_or_for_no_one(
    staff: Staff, keep: Callable[..., int]
) -> None:
    keep("complainant1", "respondent1", threshold=2)
    keep("complainant2", "respondent1", threshold=3)
    compare_kept(at(1))
    assert told(staff) == set(), "who wants three is not counted as the second"
    keep("staff1", "respondent1", threshold=3)
    compare_kept(at(2))
    assert told(staff) == {"complainant1", "complainant2", "staff1"}


def test_who_keeps_on_is_told_again_only_of_more(staff: Staff, keep: Callable[..., int]) -> None:
    number = keep("complainant1", "respondent1")
    keep("complainant2", "respondent1")
    compare_kept(at(1))
    escrow.keep_on(staff.caller("complainant1"), number, 12, now=at(1))
    compare_kept(at(2))
    assert asked(staff, "complainant1") == [False]
    keep("staff1", "respondent1", day=2)
    compare_kept(at(3))
    assert asked(staff, "complainant1") == [True]


def test_a_person_who_has_left_is_no_other(staff: Staff, keep: Callable[..., int]) -> None:
    keep("complainant1", "respondent1")
    keep("complainant2", "respondent1")
    User.objects.filter(username="complainant2").update(is_active=False)
    compare_kept(at(1))
    assert told(staff) == set()


def test_it_ends_on_its_day_after_a_reminder_and_leaves_no_word(
    staff: Staff, keep: Callable[..., int]
) -> None:
    number = keep("complainant1", "respondent1", months=3)
    compare_kept(at(60))
    assert told(staff) == set()
    compare_kept(at(66))
    assert told(staff) == {"complainant1"}
    compare_kept(at(92))
    assert bytes(KeptConcern.objects.get().sealed_words)
    compare_kept(at(93))
    assert bytes(KeptConcern.objects.get().sealed_words) == b""
    assert escrow.own_kept(staff["complainant1"], at(93).date()) == []
    with pytest.raises(NotAllowed):
        escrow.words_of(staff.caller("complainant1"), number)


def test_only_its_writer_reads_sends_or_takes_it_back(
    staff: Staff, keep: Callable[..., int]
) -> None:
    number = keep("complainant1", "respondent1")
    for who in ("respondent1", "lead1", "dpo1", "admin1", "triage1"):
        for act in (escrow.words_of, escrow.take_back):
            with pytest.raises(NotAllowed):
                act(staff.caller(who), number)
        with pytest.raises(NotAllowed):
            escrow.make_draft(staff.caller(who), number, now=START)
        assert escrow.own_kept(staff[who], START.date()) == []
    row = KeptConcern.objects.get()
    assert row.words(staff.holders["complainant1"])["account"].startswith(SECRET)
    with pytest.raises(DecryptionFailed):
        row.words(staff.holders["respondent1"])


def test_a_copy_of_the_database_tells_no_word_no_name_and_no_pair(
    staff: Staff, keep: Callable[..., int], settings: Settings
) -> None:
    for name in ("respondent1", "complainant1", "complainant2"):
        User.objects.filter(username=name).update(name=f"PLANTED {name}")
    keep("complainant1", "respondent1")
    keep("complainant2", "respondent1", threshold=5)
    keep("staff1", "HULL", months=3)
    compare_kept(at(1))
    assert Loot(list(rows())).holds(SECRET) == []
    table = [row for row in rows() if row[0] == KeptConcern._meta.db_table]
    assert Loot(table).holds("PLANTED") == []
    kept = list(KeptConcern.objects.order_by("label"))
    assert len(kept) == 3
    assert len({len(row.sealed) for row in kept}) == 1
    assert len({len(row.sealed_words) for row in kept}) == 1
    blocks = [{bytes(row.sealed)[n : n + 8] for n in range(1, len(row.sealed) - 8)} for row in kept]
    assert not any(one & other for one, other in combinations(blocks, 2))
    columns = {field.name for field in KeptConcern._meta.get_fields()}
    assert columns == {"label", "sealed", "sealed_words"}
    # A row put in another place, or copied to oneself, opens nothing.
    moved = KeptConcern(label=label_of(staff["admin1"].pk, 0), sealed=kept[0].sealed)
    with pytest.raises(DecryptionFailed):
        _ = moved.kept
    settings.SERVER_KEYS = "1:" + "5a" * 32
    for row in kept:
        with pytest.raises(DecryptionFailed):
            _ = row.kept
        for holder in staff.holders.values():
            with pytest.raises(DecryptionFailed):
                row.words(holder)


def test_two_copies_do_not_tell_which_row_a_night_has_changed(
    staff: Staff, keep: Callable[..., int]
) -> None:
    for who in ("complainant1", "complainant2", "staff1"):
        keep(who, "respondent1" if who != "staff1" else "handler1")
    before = dict(KeptConcern.objects.values_list("label", "sealed"))
    words = dict(KeptConcern.objects.values_list("label", "sealed_words"))
    compare_kept(at(1))
    after = dict(KeptConcern.objects.values_list("label", "sealed"))
    assert before.keys() == after.keys()
    assert all(bytes(before[label]) != bytes(after[label]) for label in before)
    assert words == dict(KeptConcern.objects.values_list("label", "sealed_words"))


def test_keeping_back_asks_the_database_the_same_with_and_without_others(
    staff: Staff, keep: Callable[..., int]
) -> None:
    def statements(who: str) -> list[str]:
        with CaptureStatements() as found:
            keep(who, "respondent1")
        return found

    alone = statements("complainant2")
    assert statements("staff1") == alone


class CaptureStatements(list[str]):
    """The statements of a block, without what is given to them."""

    def __enter__(self) -> CaptureStatements:
        self._hook = connection.execute_wrapper(self._note)
        self._hook.__enter__()
        return self

    def __exit__(self, *args: object) -> None:
        self._hook.__exit__(None, None, None)

    def _note(self, execute: Callable[..., object], sql: str, *rest: object) -> object:
        # A savepoint has a number of its own.
        self.append(sql.partition(' "s')[0] if "SAVEPOINT" in sql else sql)
        return execute(sql, *rest)


def test_a_lost_row_stops_no_one_else(staff: Staff, keep: Callable[..., int]) -> None:
    keep("staff1", "respondent1")
    KeptConcern.objects.update(sealed=b"\x01broken")
    keep("complainant1", "respondent1")
    keep("complainant2", "respondent1")
    compare_kept(at(1))
    assert told(staff) == {"complainant1", "complainant2"}


@limits(deadline=None, max_examples=60)
@given(st.dictionaries(st.integers(1, 7), st.integers(2, 5), max_size=7))
def test_the_group_is_the_largest_in_which_each_number_is_reached(
    wanted: dict[int, int],
) -> None:
    fitting = [
        set(some)
        for size in range(len(wanted) + 1)
        for some in combinations(wanted, size)
        if all(wanted[person] <= size for person in some)
    ]
    group = largest_group(wanted.items())
    assert set(group) in fitting
    assert len(group) == max(map(len, fitting))
    assert all(some <= group for some in fitting), "it holds every other such group"
    twice = [*wanted.items(), *((person, 5) for person in wanted)]
    assert largest_group(twice) == group, "a person counts once, by their lower number"
