#!/bin/sh
# django-fsm-2==4.2.4 django==5.2.19
#
# A row whose state is protected cannot be validated, although nothing about it has changed.
#
# Input: a model with FSMField(protected=True), one saved row of it, and Django's full_clean().
# Expected: no error, since the row is valid. Seen: AttributeError "Direct state modification is not
# allowed". Django's clean_fields() assigns each cleaned value to its own field, the state as well,
# and the protection refuses any assignment, that of the same value too. A field that is not
# protected passes, and so does full_clean(exclude={"state"}).
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet django-fsm-2==4.2.4 django==5.2.19 || exit 3
"$work/venv/bin/python" - <<'PY'
import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.contenttypes"],
)
django.setup()

from django.db import connection, models
from django_fsm import FSMField, transition


class Guarded(models.Model):
    state = FSMField(default="open", protected=True)

    class Meta:
        app_label = "contenttypes"

    @transition(state, source="open", target="closed")
    def close(self) -> None:
        pass


class Free(models.Model):
    state = FSMField(default="open")

    class Meta:
        app_label = "contenttypes"


def validated(row: models.Model, **options: object) -> str:
    try:
        row.full_clean(**options)
    except AttributeError as error:
        return f"AttributeError: {error}"
    return "valid"


with connection.schema_editor() as editor:
    editor.create_model(Guarded)
    editor.create_model(Free)
guarded, free = Guarded.objects.create(), Free.objects.create()
print("protected:", validated(guarded))
print("protected, state left out:", validated(guarded, exclude={"state"}))
print("not protected:", validated(free))
assert validated(guarded) == "AttributeError: Direct state modification is not allowed"
assert validated(guarded, exclude={"state"}) == validated(free) == "valid"
PY
