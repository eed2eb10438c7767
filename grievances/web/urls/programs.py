"""The addresses for programs."""

from grievances.web.urls.on_demand import OnDemand, address

DOCUMENT = address("api/v1/openapi.json", "grievances.web.openapi.document", name="api_document")
API: list[OnDemand] = [
    address("api/v1/cases/", "grievances.web.api.Cases", name="api_cases"),
    address("api/v1/cases/<str:reference>/", "grievances.web.api.OneCase", name="api_case"),
    address(
        "api/v1/cases/<str:reference>/<str:step>/", "grievances.web.api.OneStep", name="api_step"
    ),
]
