"""The pages for what went wrong: one plain sentence, the same for "not there" and "not yours"."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the page does not exist, or is not this person's; the two look the same."""
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def our_fault(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that is too old or comes from elsewhere (CSRF)."""
    return render(request, "403_csrf.html", status=403)
