"""Keep the day on which an officer spoke with the person a concern was told for.

The column is added by SQL, as those of migration 0059 are.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grievances", "0060_characteristics")]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE grievances_case ADD COLUMN heard_on date NULL",
            reverse_sql="ALTER TABLE grievances_case DROP COLUMN heard_on",
            state_operations=[
                migrations.AddField(
                    model_name="case", name="heard_on", field=models.DateField(null=True)
                )
            ],
        ),
    ]
