"""Scheduled delivery: named officers hear of new reports, and no figure travels."""

from __future__ import annotations

from datetime import date

from django.test import Client

from grievances.audit.models import Event
from grievances.reports.readers import subscriptions
from grievances.reports.snapshot_models import ReportSubscription
from notifications.models import Notice
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in

ADDRESS = "/reports/subscriptions/"
TODAY = date(2026, 11, 30)
MADE = [("outcomes", "2022-23"), ("volumes", "2022-23"), ("volumes", "2022-23-M04")]


def told() -> list[Notice]:
    """Return the notices about reports, oldest first."""
    return list(Notice.objects.filter(kind="reports_ready", channel="inbox").order_by("pk"))


class TestThePage:
    def test_what_is_chosen_is_kept_and_can_be_taken_back(
        self, staff: Staff, client: Client
    ) -> None:
        sign_in(client, staff, "analyst1")
        assert "Hear of new reports" in client.get("/reports/").content.decode()
        assert client.post(ADDRESS, {"reports": ["outcomes", "volumes"]}).status_code == 302
        page = client.get(ADDRESS).content.decode()
        assert page.count(" checked") == 2
        client.post(ADDRESS, {"reports": ["outcomes"]})
        assert subscriptions.chosen_by(staff["analyst1"]) == ["outcomes"]
        client.post(ADDRESS, {})
        assert not ReportSubscription.objects.exists()
        events = Event.objects.filter(kind="report.subscribed").order_by("pk")
        assert [event.data["number"] for event in events] == ["2", "1", "0"]

    def test_an_unknown_report_changes_nothing(self, staff: Staff, client: Client) -> None:
        sign_in(client, staff, "analyst1")
        client.post(ADDRESS, {"reports": ["outcomes"]})
        assert client.post(ADDRESS, {"reports": ["outcomes", "nothing"]}).status_code == 422
        assert subscriptions.chosen_by(staff["analyst1"]) == ["outcomes"]

    def test_to_who_opens_no_reports_it_is_not_there(self, staff: Staff, client: Client) -> None:
        for name in ("handler1", "complainant1", "dpo1"):
            sign_in(client, staff, name)
            assert client.get(ADDRESS).status_code == 404
            assert client.post(ADDRESS, {"reports": ["outcomes"]}).status_code == 404
        assert not ReportSubscription.objects.exists()


class TestTelling:
    def test_each_is_told_once_a_run_of_what_they_chose(self, staff: Staff) -> None:
        subscriptions.choose(staff["analyst1"], ["outcomes", "volumes"])
        subscriptions.choose(staff["executive1"], ["training"])
        assert subscriptions.tell_of(MADE, cases.START, TODAY) == 1
        subscriptions.tell_of(MADE, cases.START, TODAY)
        (notice,) = told()
        assert notice.context == {"number": 2}, "a month is not told of, and no name of a report"

    def test_a_month_alone_tells_no_one(self, staff: Staff) -> None:
        subscriptions.choose(staff["analyst1"], ["volumes"])
        assert subscriptions.tell_of(MADE[2:], cases.START, TODAY) == 0
        assert not told()

    def test_who_left_or_lost_the_office_is_not_told(self, staff: Staff) -> None:
        subscriptions.choose(staff["analyst1"], ["outcomes"])
        subscriptions.choose(staff["handler1"], ["outcomes"])
        staff["analyst1"].is_active = False
        staff["analyst1"].save()
        assert subscriptions.tell_of(MADE, cases.START, TODAY) == 0
