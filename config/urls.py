"""Every address of the product (contracts.md, Addresses)."""

from django.urls import include, path

urlpatterns = [path("", include("grievances.urls"))]

handler400 = "grievances.views.errors.bad_request"
handler403 = "grievances.views.errors.not_there"
handler404 = "grievances.views.errors.not_there"
handler429 = "grievances.views.errors.too_many"
handler500 = "grievances.views.errors.our_fault"
