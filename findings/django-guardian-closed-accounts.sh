#!/bin/sh
# django-guardian==3.5.2 django==5.2.19
#
# A closed account may do nothing, and is still listed with everything that it may do.
#
# Input: a person with one permission on one object, and a superuser; both accounts are then made
# inactive, and read anew. Expected: the question "may this person?" and the lists "what may this
# person?" and "who may?" agree. Seen: has_perm() says no and get_perms() is empty for both;
# get_objects_for_user() still gives the person the object and the superuser every object, and
# get_users_with_perms() still names the person.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet django-guardian==3.5.2 django==5.2.19 || exit 3
"$work/venv/bin/python" - <<'PY'
import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "guardian"],
    AUTHENTICATION_BACKENDS=[
        "django.contrib.auth.backends.ModelBackend",
        "guardian.backends.ObjectPermissionBackend",
    ],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from guardian.shortcuts import (
    assign_perm,
    get_objects_for_user,
    get_perms,
    get_users_with_perms,
)

call_command("migrate", verbosity=0)
first, second = Group.objects.create(name="first"), Group.objects.create(name="second")
person = User.objects.create(username="person")
assign_perm("auth.view_group", person, first)
User.objects.create(username="root", is_superuser=True)
assert User.objects.get(username="person").has_perm("auth.view_group", first)
User.objects.update(is_active=False)
person, root = User.objects.get(username="person"), User.objects.get(username="root")
for who in (person, root):
    listed = [group.name for group in get_objects_for_user(who, "auth.view_group")]
    print(who.username, "may:", who.has_perm("auth.view_group", first),
          "permissions:", list(get_perms(who, first)), "objects listed:", listed)
    assert not who.has_perm("auth.view_group", first)
    assert not get_perms(who, first)
print("people listed:", [who.username for who in get_users_with_perms(first)])
assert list(get_objects_for_user(person, "auth.view_group")) == [first]
assert set(get_objects_for_user(root, "auth.view_group")) == {first, second}
assert list(get_users_with_perms(first)) == [person]
PY
