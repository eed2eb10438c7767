"""The two steps that each show an officer one half of a new case key, once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from grievances.cases.step_names import StepName
from grievances.encryption.key_pairs import half_of_key
from grievances.web.cases.step_requests import StepRequest
from grievances.web.cases.step_views import StepPage, wants_json


class GivesHalf(StepPage):
    """The page of a step that ends in half of a case key, which is shown once."""

    def _done(self, request: HttpRequest, asked: StepRequest) -> HttpResponseBase:
        half = half_of_key(request.POST.get("half", ""))
        if wants_json(request) or not half:
            return super()._done(request, asked)
        context = {
            "half": f"{half[:4]}-{half[4:]}",
            "is_first": asked.step == StepName.AGREE_NEW_KEY,
            "back": f"/cases/{asked.case.reference}/",
        }
        return render(request, "raise/half_of_key.html", context)
