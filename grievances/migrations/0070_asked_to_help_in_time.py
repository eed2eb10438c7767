"""Who was asked to help has a date of their own: the triggers of the lists know whose it is."""

from django.db import migrations

from grievances.cases.access import list_triggers


def install(apps, schema_editor):
    """Install the triggers as they are now."""
    list_triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0069_asked_to_help"),
    ]

    operations = [
        migrations.RunPython(install, install),
    ]
