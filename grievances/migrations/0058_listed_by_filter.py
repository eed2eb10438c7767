"""Find the cases of a list by what it is filtered by, so that a filter that fits none ends soon.

PostgreSQL builds the index beside the running service. Cut short, it can be begun again.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class AddIndexBesideTheService(AddIndexConcurrently):
    """An index that PostgreSQL builds while rows are written; SQLite builds it as ever."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            migrations.AddIndex.database_forwards(
                self, app_label, schema_editor, from_state, to_state
            )
            return
        # One that was cut short is there, and is not used.
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.index.name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            migrations.AddIndex.database_backwards(
                self, app_label, schema_editor, from_state, to_state
            )
            return
        super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("grievances", "0057_label_of_each_request"),
    ]

    operations = [
        AddIndexBesideTheService(
            model_name="listedcase",
            index=models.Index(
                fields=["person", "region", "route", "stage", "due", "-case"],
                name="listed_by_filter",
            ),
        ),
    ]
