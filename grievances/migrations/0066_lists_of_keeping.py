"""Find the few cases that are due, asked about or held among all that a person may read.

PostgreSQL builds the indexes beside the running service. Cut short, it can be begun again.
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
        ("grievances", "0065_regions_of_the_organisation"),
    ]

    operations = [
        AddIndexBesideTheService(
            model_name="approval",
            index=models.Index(
                condition=models.Q(
                    ("step__in", ["erase", "set_legal_hold", "lift_legal_hold"]),
                    ("used_at__isnull", True),
                ),
                fields=["case"],
                name="approval_of_keeping",
            ),
        ),
        AddIndexBesideTheService(
            model_name="case",
            index=models.Index(
                condition=models.Q(("legal_hold", True)), fields=["id"], name="case_under_hold"
            ),
        ),
        AddIndexBesideTheService(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(
                    ("completed_on__isnull", True),
                    ("name", "RETENTION"),
                    ("paused_on__isnull", True),
                ),
                fields=["current_due", "case"],
                name="deadline_of_keeping",
            ),
        ),
    ]
