"""The pages for what went wrong: one plain sentence, the same for "not there" and "not yours"."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def not_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the page does not exist, or is not this person's; the two look the same."""
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def our_fault(request: HttpRequest) -> HttpResponse:
    return asking_nothing("500.html", 500)


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429 in place of the raw page of the sign-in library, which finds this by its name."""
    return asking_nothing("429.html", 429, wait_seconds=60)


def too_busy() -> HttpResponse:
    """Answer 503: every place for turning a password into a key is taken."""
    return asking_nothing("503.html", 503, wait_seconds=60)


def asking_nothing(template: str, status: int, wait_seconds: int = 0) -> HttpResponse:
    """Render a page that knows no person and asks no database, which may be what went wrong."""
    page = render_to_string(template, {"demonstration": settings.DEMONSTRATION})
    response = HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})
    if wait_seconds:
        response["Retry-After"] = str(wait_seconds)
    return response


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that is too old or comes from elsewhere (CSRF)."""
    return render(request, "403_csrf.html", status=403)
