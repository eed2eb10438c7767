"""Give every filed request a label of its own: one for each person joined their requests.

Requests that a process of the earlier version files meanwhile are labelled by running it again.
"""

from django.db import migrations

from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle, open_for_server


def forward(apps, editor):
    label(apps, lambda request, person: handle("rights request", request, person))


def back(apps, editor):
    label(apps, lambda request, person: handle("rights requests", person))


def label(apps, label_of):
    model = apps.get_model("grievances", "FiledRequest")
    for row in model._base_manager.iterator():
        try:
            opened = open_for_server(bytes(row.sealed), f"rights request|{row.request_id}")
        except DecryptionFailed:
            continue
        model._base_manager.filter(pk=row.pk).update(label=label_of(row.request_id, int(opened)))


class Migration(migrations.Migration):
    dependencies = [("grievances", "0056_key_bundles")]

    operations = [migrations.RunPython(forward, back)]
