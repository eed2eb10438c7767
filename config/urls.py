"""Every address of the product (contracts.md, Addresses)."""

from django.urls import include, path

urlpatterns = [path("", include("grievances.web.urls"))]

handler400 = "grievances.web.shared.error_views.bad_request"
handler403 = "grievances.web.shared.error_views.not_there"
handler404 = "grievances.web.shared.error_views.not_there"
handler429 = "grievances.web.shared.error_views.too_many"
handler500 = "grievances.web.shared.error_views.our_fault"
