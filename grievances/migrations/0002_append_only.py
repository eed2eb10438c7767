"""The database itself refuses to change or remove an event, whoever asks (architecture.md 6)."""

from django.db import migrations

from workflow.sql.triggers import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("grievances", "0001_initial")]

    operations = [migrations.RunPython(*append_only_triggers("grievances_event"))]
