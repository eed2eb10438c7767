"""What pages share that take a whole file, and show first what it would change."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from grievances.evidence.upload import InMemory
from grievances.web.shared.fields import Confirm


@method_decorator(csrf_exempt, name="dispatch")
class TakesWholeFile(View):
    """A mixin for the page that takes the file, placed before the view that answers.

    The CSRF check runs after the upload handler is set, because the check reads the request.
    """

    keeps_typing = False

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page; a file is taken only from a person who may send it."""
        if self.may_send(request):
            request.upload_handlers = [InMemory(request)]
        return csrf_protect(super().dispatch)(request, *args, **kwargs)

    def may_send(self, request: HttpRequest) -> bool:
        """Return whether this person may send the file now.

        Raises:
            NotImplementedError: In this base class.
        """
        raise NotImplementedError


def dry_run_context(
    form: Confirm, counted: Iterable[tuple[str, int]], refused: Iterable[tuple[int, str]]
) -> dict[str, object]:
    """Return the context of the page that shows what the file would change.

    `counted` are (what, how many), and `refused` (number of the line, why).
    """
    return {
        "form": form,
        "rows": [[what.capitalize(), {"text": n, "number": True}] for what, n in counted],
        "headings": ["What", {"text": "How many", "number": True}],
        "refused": [[str(line), f"{reason}."] for line, reason in refused],
        "refused_headings": ["Line", "Why"],
    }
