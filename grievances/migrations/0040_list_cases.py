"""Write the lists of cases of everyone, some hundred cases at a time.

Each batch is a transaction of its own, so the service goes on meanwhile. Cut short, it can be begun
again: writing rows anew changes none that are true.
"""

from django.db import migrations, transaction

from grievances.cases.access import list_triggers


def write_lists(apps, schema_editor):
    connection = schema_editor.connection
    cases = apps.get_model("grievances", "Case").unguarded.order_by("pk")
    last = 0
    while ids := list(
        cases.filter(pk__gt=last).values_list("pk", flat=True)[: list_triggers.BATCH]
    ):
        with transaction.atomic(using=connection.alias):
            list_triggers.write_anew(connection, ids)
        last = ids[-1]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("grievances", "0039_listed_cases"),
    ]

    operations = [
        migrations.RunPython(write_lists, migrations.RunPython.noop),
    ]
