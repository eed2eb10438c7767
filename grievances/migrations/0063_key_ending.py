"""Keep a keyed hash of the end of a case key, and no leave of people without an office.

The column is added by SQL, as those of migration 0059 are. Who was never appointed gave days of
leave as a party of a case alone, so those rows told who is one. A talk that is recorded for a
concern not confirmed yet was tied to no case key, so it counts no more; its event stays. Who has
the key is asked for a new one, whose end is known, when they come back.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grievances", "0062_scim_groups")]

    operations = [
        migrations.RunSQL(
            sql=(
                "ALTER TABLE grievances_party ADD COLUMN key_ending varchar(40) NOT NULL DEFAULT ''"
            ),
            reverse_sql="ALTER TABLE grievances_party DROP COLUMN key_ending",
            state_operations=[
                migrations.AddField(
                    model_name="party",
                    name="key_ending",
                    field=models.CharField(db_default="", default="", max_length=40),
                )
            ],
        ),
        migrations.RunSQL(
            sql=(
                "DELETE FROM grievances_leave"
                " WHERE person_id NOT IN (SELECT person_id FROM grievances_appointment)"
            ),
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            sql=(
                "UPDATE grievances_case SET heard_on = NULL, key_handed_over = true"
                " WHERE raised_for = 'ASKED' AND agreed_on IS NULL AND identity = 'ANONYMOUS'"
            ),
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
