"""Forms are drawn so that everyone can fill them in, with a screen reader or without script."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string

from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import CheckboxList, LongTextField, PlainForm, RadioList, Renderer

CONTACT = [("portal", "Only here"), ("phone", "By phone")]


class ConcernForm(PlainForm):
    default_renderer = Renderer

    account = LongTextField(label="What happened?", help_text="In your own words", max_length=500)
    happened_on = GovDateField(label="When did it happen?", required=False)
    contact = forms.ChoiceField(
        label="How may we contact you?",
        choices=CONTACT,
        widget=RadioList(hints={"portal": "We will not call or write anywhere else"}),
    )
    people = forms.MultipleChoiceField(
        label="Who else knows?", choices=CONTACT, widget=CheckboxList(), required=False
    )
    agreed = forms.BooleanField(label="I have read who will see this")

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("Something about the whole form")


def dated(day: str, month: str, year: str) -> ConcernForm:
    return ConcernForm(
        {"happened_on_day": day, "happened_on_month": month, "happened_on_year": year}
    )


@pytest.mark.parametrize("month", ["3", "03", "March", "mar"])
def test_a_month_may_be_a_number_or_a_name(month: str) -> None:
    form = dated("27", month, "2026")
    assert form.fields["happened_on"].clean(["27", month, "2026"]) == date(2026, 3, 27)
    assert "happened_on" not in form.errors


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("31", "2", "2026"), "Enter a real date, such as 27 3 2026"),
        (("27", "", "2026"), "The date must have a day, a month and a year, such as 27 3 2026"),
        (("27", "3", "26"), "The year must have 4 numbers, as in 27 3 2026"),
        (("x", "3", "2026"), "Enter a real date, such as 27 3 2026"),
    ],
)
def test_each_mistake_in_a_date_has_its_own_sentence(
    parts: tuple[str, str, str], sentence: str
) -> None:
    assert dated(*parts).errors["happened_on"] == [sentence]


def test_a_date_that_is_not_required_may_stay_empty() -> None:
    assert "happened_on" not in dated("", "", "").errors


def test_a_stored_date_fills_the_three_boxes() -> None:
    html = str(ConcernForm(initial={"happened_on": date(2026, 3, 7)})["happened_on"])
    assert re.findall(r'value="(\d+)"', html) == ["7", "3", "2026"]


def test_hint_and_error_are_both_announced_with_the_box() -> None:
    html = ConcernForm({})["account"].as_field_group()
    described = re.search(r'<textarea[^>]* aria-describedby="([^"]+)"', html)
    assert described is not None
    for name in described.group(1).split():
        assert f'id="{name}"' in html
    assert described.group(1).split() == [
        "id_account_helptext",
        "id_account_error",
        "id_account-info",
    ]


def test_pasted_text_is_never_cut_by_the_browser() -> None:
    assert " maxlength" not in str(ConcernForm()["account"]).replace("data-maxlength", "")


def test_a_group_of_choices_announces_its_error_and_a_choice_its_hint() -> None:
    html = ConcernForm({})["contact"].as_field_group()
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_contact_error">' in html
    assert 'aria-describedby="id_contact_0_hint"' in html
    assert 'id="id_contact_0_hint"' in html
    assert "id_contact_1_hint" not in html


def test_every_link_of_the_error_summary_leads_to_a_control() -> None:
    form = dated("31", "2", "2026")
    html = render_to_string("components/error_summary.html", {"form": form})
    page = str(form)
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_account", "id_happened_on_0", "id_contact_0", "id_agreed"]
    for target in targets:
        assert re.search(rf'<(?:input|textarea)[^>]* id="{target}"', page)
    assert "Something about the whole form" in html


def test_the_summary_of_several_forms_names_only_those_in_trouble() -> None:
    forms_shown = [ConcernForm(), dated("", "", "")]
    html = render_to_string("components/error_summary.html", {"forms": forms_shown})
    assert html.count("There is a problem") == 1


def test_what_may_stay_empty_says_so_and_nothing_else_does() -> None:
    assert str(ConcernForm()).count("(optional)") == 2


def test_no_form_holds_script_or_style_of_its_own() -> None:
    html = str(dated("31", "2", "2026"))
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", html)


def test_a_question_left_out_is_named_in_its_error() -> None:
    errors = ConcernForm({}).errors
    assert errors["account"] == ["Please fill in: What happened?"]
    assert errors["contact"] == ["Choose an answer: How may we contact you?"]
    assert errors["agreed"] == ["Tick the box to go on: I have read who will see this"]


def test_a_field_keeps_a_sentence_of_its_own() -> None:
    class Named(PlainForm):
        name = forms.CharField(error_messages={"required": "Enter a name"})

    assert Named({}).errors["name"] == ["Enter a name"]
