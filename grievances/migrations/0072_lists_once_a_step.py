"""A step writes the rows of the lists once, at its end: the triggers know of it."""

from django.db import migrations

from grievances.cases.access import list_triggers


def install(apps, schema_editor):
    """Put the triggers and their functions of this release in place."""
    list_triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("grievances", "0071_new_case_key")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
