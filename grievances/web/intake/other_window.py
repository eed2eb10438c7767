"""Words that were saved in another window since this page was opened.

Neither text is lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.crypto import salted_hmac

SEEN = "seen"
"""The hidden field that says which answers a page was opened with."""


def mark_of(answers: Mapping[str, object], form: forms.Form) -> str:
    """Return a mark of the kept answers to the questions of this form."""
    kept = json.dumps([answers.get(name) for name in sorted(form.fields)], default=str)
    return salted_hmac("intake.other-window", kept, algorithm="sha256").hexdigest()[:32]


def with_both(
    posted: QueryDict, answers: Mapping[str, object], form: forms.Form
) -> QueryDict | None:
    """Return what was posted with the words of the other window below it, or None.

    It is None where no other window has saved words that this one does not have.
    """
    if SEEN not in posted or posted[SEEN] == mark_of(answers, form):
        return None
    both, is_other = posted.copy(), False
    for name, field in form.fields.items():
        kept, typed = str(answers.get(name) or "").strip(), posted.get(name, "").strip()
        if isinstance(field.widget, forms.Textarea) and kept and kept not in typed:
            both[name] = f"{typed}\n\n{kept}".strip()
            is_other = True
    return both if is_other else None
