"""Server keys are renewed while the service runs, and the old one opens nothing afterwards."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django import Settings

from grievances.cases.models.case import Case
from grievances.cases.models.parties import Party, address_of, complainant_of
from grievances.cases.models.stored_keys.held import held_on, public_keys
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.cases.notices import sending
from grievances.casework import reading
from grievances.encryption import primitives, signatures
from grievances.encryption.key_pairs import anonymous_holder
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import PEPPER_PLACE, handle, seal_for_server, server_keys
from grievances.encryption.server_secrets import ServerSecret
from grievances.monitoring.answers import keep
from grievances.monitoring.statistics import read_copies, read_declared
from grievances.operations.key_rotation import STORES, left_behind, pepper_fits, reseal_for_server
from grievances.surveys.comment_models import PrintedRemarks, Remark
from grievances.surveys.comments import printed_in, seal_wording, wording_of, words_of
from grievances.surveys.models import Form, Response
from grievances.surveys.questions import questions_of
from grievances.surveys.responses import comment_of, place_of, put_aside, response_of
from grievances.surveys.staff_survey_models import Waiting
from grievances.web.accounts.second_factor_adapter import Adapter
from notifications.models import Notice
from tests.architecture.sources import modules
from tests.encryption.starting_anew import start_anew
from tests.factories import cases, edge_cases
from tests.factories.cases import at, done
from tests.factories.people import Staff
from tests.signing_in import sign_in

A, B, C = "ab" * 32, "cd" * 32, "ef01" * 16
ADDRESS = "zainab.private@home.invalid"


@pytest.fixture(autouse=True)
def _as_a_process_that_starts() -> Iterator[None]:
    """No pepper is remembered from another test's database."""
    start_anew()
    yield
    start_anew()


@pytest.fixture
def case(staff: Staff) -> Case:
    """A case with an address, notices, a key that is owed, and an answered survey."""
    case = cases.in_investigation(staff, contact="PERSONAL_EMAIL", address=ADDRESS)
    done(staff, case, "handler1", "recuse", at(0))
    response = Response(form=Form.AFTER_OUTCOME, quarter="2026-Q4")
    free = next(q.name for q in questions_of(response.form) if not q.choices)
    response.answers = {free: seal_for_server(b"Thank you.", place_of(response)).hex()}
    response.save(force_insert=True)
    put_aside("A", "2026-Q4", {"region": "NORTH"}, {"q1": "agree"})
    remark = Remark(quarter="2026-Q4", sealed=b"")
    remark.sealed = seal_for_server(b"It took long.", remark.place)
    seal_wording(remark, "It took [left out].")
    remark.save(force_insert=True)
    printed = PrintedRemarks(period="2026-Q3", last_quarter="2026-Q3")
    printed.sealed = seal_for_server(b'["It was long."]', printed.place)
    printed.save(force_insert=True)
    keep(case, {"ethnic_group": "B1"}, {"own_words": "In my own words."}, cases.START.date())
    keep(edge_cases.anonymous(staff)[0], {"ethnic_group": "B2"}, {}, cases.START.date())
    TOTP.activate(staff["triage1"], "A" * 32)
    RecoveryCodes.activate(staff["triage1"])
    return case


def everything_opens(case: Case) -> None:
    party = complainant_of(case)
    assert party.person_id is not None
    assert address_of(party) == ADDRESS
    assert SealedKey.objects.filter(case=case).exists()
    assert all(row.is_readable for row in SealedKey.objects.filter(case=case))
    assert all(public_keys(held_on(case)).values())
    letters = list(Notice.objects.exclude(sealed_recipient=b""))
    assert letters
    assert all("@" in str(address) for address in sending.addresses_for(letters))
    assert comment_of(Response.objects.get()) == "Thank you."
    assert response_of(Waiting.objects.get()).answers == {"q1": "agree"}
    assert words_of(Remark.objects.get()) == "It took long."
    assert wording_of(Remark.objects.get()) == "It took [left out]."
    assert printed_in(["2026-Q3"]) == ("It was long.",)
    assert read_declared()[case.pk]["ethnic_group"] == "B1"
    assert [copy.codes["ethnic_group"] for copy in read_copies()] == ["B2"]
    app, spare = Authenticator.objects.order_by("pk")
    assert Adapter().decrypt(app.data["secret"]) == "A" * 32
    assert len(spare.wrap().get_unused_codes()) == 10


def run(*options: str) -> str:
    out = io.StringIO()
    call_command("rotate_keys", *options, stdout=out)
    return out.getvalue()


def test_keys_are_renewed_online_interrupted_and_continued(
    staff: Staff, case: Case, settings: Settings
) -> None:
    settings.SERVER_KEYS = f"2:{B},1:{A}"
    everything_opens(case)
    half = sum(1 for _ in left_behind()) // 2
    assert "Run it again" in run("--limit", str(half), "--batch", "3")
    assert 0 < sum(1 for _ in left_behind()) < half * 2
    everything_opens(case)
    page = sign_in(Client(), staff, "triage1").get(f"/cases/{case.reference}/")
    assert page.status_code == 200, "people work on meanwhile"
    done(staff, case, "complainant1", "exclude", at(1), people="staff2", matched=[staff["staff2"]])
    said = run()
    assert "Everything opens under version 2 alone" in said
    assert "take version 1 out" in said
    assert reseal_for_server().renewed == 0
    settings.SERVER_KEYS = f"2:{B}"
    assert list(left_behind()) == []
    everything_opens(case)


def test_afterwards_the_old_key_opens_nothing_and_everyone_is_still_found(
    staff: Staff, case: Case, settings: Settings
) -> None:
    handle = complainant_of(case).handle
    settings.SERVER_KEYS = f"2:{B},1:{A}"
    run()
    settings.SERVER_KEYS = f"2:{B}"
    assert set(server_keys().keys) == {2}
    seen = 0
    for store in STORES:
        for row in store.rows():
            for blob in store.blobs(row).values():
                seen += 1
                with pytest.raises(DecryptionFailed):
                    primitives.open_sealed(bytes.fromhex(A), blob[1:], store.place(row))
    assert seen > 20
    assert pepper_fits()
    assert complainant_of(case).handle == handle
    opened = reading.open_case(staff.caller("complainant1"), case.reference, now=at(1))
    assert any("accent" in words.text for words in opened.words)


def test_a_case_key_is_found_and_opens_after_the_renewal(staff: Staff, settings: Settings) -> None:
    case, caller = edge_cases.anonymous(staff)
    key = "0123-4567-89ab-cdef"
    before = anonymous_holder(key)
    settings.SERVER_KEYS = f"2:{B},1:{A}"
    run()
    settings.SERVER_KEYS = f"2:{B}"
    assert anonymous_holder(key) == before
    assert not reading.open_case(caller, case.reference, now=at(1)).locked


def test_people_sign_in_before_during_and_after_and_every_key_changes(
    staff: Staff, case: Case, settings: Settings
) -> None:
    """The pepper is encrypted anew twice, and the key of cookies changes once."""
    alive = sign_in(Client(), staff, "triage1")
    page = f"/cases/{case.reference}/"
    signed = signatures.sign("test", {"a": "b"})
    public, called = signatures.public_key(), handle("standing", case.pk)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-for-tests-" + "y" * 40
    first, second, third = f"1:{A}", f"2:{B}", f"3:{C}"
    stages: tuple[tuple[str, tuple[str, ...]], ...] = (
        (f"{second},{first}", ("--limit", "9", "--batch", "3")),
        (f"{second},{first}", ()),
        (second, ("--check",)),
        (f"{third},{second}", ()),
        (third, ("--check",)),
    )
    for keys, options in stages:
        settings.SERVER_KEYS = keys
        start_anew()
        run(*options)
        assert alive.get(page).status_code == 200, keys
        assert sign_in(Client(), staff, "lead1").get("/cases/").status_code == 200, keys
        assert handle("standing", case.pk) == called
        assert signatures.verify(signed, "test", signatures.public_key()) == {"a": "b"}
        assert signatures.public_key() == public
    everything_opens(case)
    sealed = bytes(ServerSecret.objects.get().sealed)
    for old in (A, B):
        with pytest.raises(DecryptionFailed):
            primitives.open_sealed(bytes.fromhex(old), sealed[1:], PEPPER_PLACE)


def test_the_pepper_under_a_key_that_is_not_listed_is_refused(
    case: Case, settings: Settings
) -> None:
    settings.SERVER_KEYS = f"2:{B},1:{A}"
    run()
    settings.SERVER_KEYS = f"3:{C}"
    start_anew()
    with pytest.raises(DecryptionFailed):
        handle("standing", case.pk)


def test_a_lost_pepper_is_said_before_anything_is_changed(case: Case, settings: Settings) -> None:
    settings.SERVER_KEYS = f"2:{B},1:{A},0:{'ef' * 32}"
    with pytest.raises(CommandError, match="Nothing was changed"):
        run()
    assert bytes(Party.objects.exclude(sealed_person=b"")[0].sealed_person)[0] == 1


def test_a_key_taken_out_too_early_is_said(case: Case, settings: Settings) -> None:
    settings.SERVER_KEYS = f"2:{B},1:{A}"
    with pytest.raises(CommandError, match="grievances_party.sealed_person"):
        run("--check")
    Notice.objects.update(sealed_recipient=bytes([7]) + b"x" * 40)
    with pytest.raises(CommandError, match="notifications_notice"):
        run()


def test_a_malformed_list_of_keys_is_refused_in_a_sentence() -> None:
    for text in (f"0:{A}", f"256:{A}", f"1:{A},1:{B}", "1:ab", A):
        with pytest.raises(ValueError, match="SERVER_KEYS"):
            primitives.parse_server_keys(text)


def test_every_column_sealed_for_the_server_is_renewed() -> None:
    callers = {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "seal_for_server"
    }
    assert callers == {
        "grievances.accounts.second_factor",
        "grievances.aftercare.models",
        "grievances.operations.key_rotation",
        "grievances.patterns.models",
        "grievances.encryption.server_secrets",
        "grievances.cases.models.deadlines",  # the days of absence of a case
        "grievances.cases.notices.recipients",
        "grievances.cases.models.stored_keys.rows",
        "grievances.cases.models.exclusions",
        "grievances.cases.models.parties",
        "grievances.central_record.waiting",
        "grievances.data_rights.filed_models",
        "grievances.deadlines.reminder_models",
        "grievances.demo.many_cases.concerns",  # rows of the stores of cases
        "grievances.encryption.own_words",
        "grievances.encryption.password_hasher",
        "grievances.encryption.private_keys",
        "grievances.intake.agreement_models",
        "grievances.intake.diary_models",
        "grievances.intake.escrow_models",
        "grievances.monitoring.answers",
        "grievances.reports.disclosure.registry",
        "grievances.staff_directory.waiting",
        "grievances.surveys.comments",
        "grievances.surveys.responses",
        "grievances.web.cases.presenters.list_position",  # in an address alone: nothing is stored
    }, "a new caller belongs into rotation.STORES"
