"""A process with other server keys, or an unknown policy, does not start on this database."""

from __future__ import annotations

import secrets

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from config import celery
from config.start import REFUSED
from grievances import tasks
from grievances.cases.models.parties import Party
from grievances.encryption.key_pairs import KeyPair
from grievances.operations import start
from grievances.people.models import Unit
from tests.factories import cases
from tests.factories.people import PASSWORD, Staff

OTHER = f"1:{secrets.token_hex(32)}"


def test_the_right_keys_start(staff: Staff, client: Client) -> None:
    start.judge()
    cases.raised(staff)
    start.judge()
    assert tasks.may_work()
    assert client.get("/health/ready").status_code == 200


def test_other_keys_are_refused_and_said(
    staff: Staff, client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SERVER_KEYS = OTHER
    with pytest.raises(ImproperlyConfigured, match="not those of this database"):
        start.judge()
    assert not tasks.may_work()
    assert start.WRONG_KEYS in caplog.text
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (
        503,
        {"server_keys": "not those of this database"},
    )


@pytest.mark.parametrize("name", ["triage1", "no one of ours"])
def test_who_signs_in_at_a_process_with_older_keys_reads_why(
    staff: Staff, client: Client, settings: Settings, name: str
) -> None:
    """Another process was restarted after a rotation and this one was not."""
    settings.SERVER_KEYS = OTHER
    page = client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    assert "started again with new keys" in page.content.decode()
    assert "is not right" not in page.content.decode()


def test_another_first_key_is_refused_although_the_newest_is_right(
    staff: Staff, settings: Settings
) -> None:
    """Pseudonyms are made with the first key: with another one, people find no case of theirs."""
    cases.raised(staff)
    right = settings.SERVER_KEYS.removeprefix("1:")
    settings.SERVER_KEYS = f"1:{right},0:{secrets.token_hex(32)}"
    assert not start.server_keys_fit()


def test_an_empty_database_takes_any_keys(db: None, settings: Settings) -> None:
    settings.SERVER_KEYS = OTHER
    start.judge()


def test_a_damaged_row_does_not_stop_the_service(staff: Staff) -> None:
    cases.raised(staff)
    cases.raised(staff, who="complainant2")
    KeyPair.objects.filter(pk=KeyPair.objects.order_by("pk").first().pk).update(tag=b"changed")  # type: ignore[union-attr]
    Party.objects.filter(pk=Party.objects.order_by("pk").first().pk).update(handle="changed")  # type: ignore[union-attr]
    start.judge()


def test_an_unknown_policy_is_refused(staff: Staff, settings: Settings) -> None:
    settings.POLICY_PROFILE = "uk_defualt"
    with pytest.raises(ImproperlyConfigured, match="use one of acas_min, eu_2019_1937"):
        start.judge()


def test_a_worker_ends_as_well_where_the_settings_do_not_fit(
    staff: Staff,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("config.celery.connections.close_all", list)  # the test has only this one
    settings.MODE = "production"
    celery.judge_settings()
    settings.POLICY_PROFILE = "uk_defualt"
    with pytest.raises(SystemExit) as ended:
        celery.judge_settings()
    assert ended.value.code == REFUSED
    assert capsys.readouterr().err.startswith("POLICY_PROFILE names no policy of this database")


def test_a_region_that_rows_have_and_the_organisation_does_not_list_is_refused(
    staff: Staff,
) -> None:
    Unit.objects.filter(code="HULL").update(region="ATLANTIS")
    with pytest.raises(ImproperlyConfigured, match="REGIONS_FILE lacks ATLANTIS"):
        start.judge()
