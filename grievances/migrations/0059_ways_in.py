"""Say how a concern came and whom it happened to, and let that person confirm it.

The columns of the case are added by SQL. Django would write the whole table anew on SQLite, and the
triggers that keep the lists of cases do not let it.
"""

from django.db import migrations, models

CAME_BY = [
    ("WEB", "On this site"),
    ("PHONE", "By phone"),
    ("WALK_IN", "In person"),
    ("LETTER", "By letter"),
]
RAISED_FOR = [
    ("SELF", "To me"),
    ("WITNESSED", "To someone else: I saw it or heard it"),
    ("ASKED", "To someone who asked me to tell you"),
]
CONTACT = [
    ("PORTAL", "Only on this site"),
    ("PERSONAL_EMAIL", "My personal email"),
    ("PHONE", "My personal phone"),
    ("TEXT", "A text message to my mobile phone"),
    ("WORK_EMAIL", "My work email"),
]
FIELDS = {
    "came_by": (
        "varchar(8) NOT NULL DEFAULT 'WEB'",
        models.CharField(choices=CAME_BY, db_default="WEB", default="WEB", max_length=8),
    ),
    "raised_for": (
        "varchar(9) NOT NULL DEFAULT 'SELF'",
        models.CharField(choices=RAISED_FOR, db_default="SELF", default="SELF", max_length=9),
    ),
    "agreed_on": ("date NULL", models.DateField(null=True)),
    "key_handed_over": (
        "bool NOT NULL DEFAULT false",
        models.BooleanField(db_default=False, default=False),
    ),
}


def column(name, kind, field):
    """Return the operation that adds one column to the cases."""
    return migrations.RunSQL(
        sql=f"ALTER TABLE grievances_case ADD COLUMN {name} {kind}",
        reverse_sql=f"ALTER TABLE grievances_case DROP COLUMN {name}",
        state_operations=[migrations.AddField(model_name="case", name=name, field=field)],
    )


class Migration(migrations.Migration):
    dependencies = [("grievances", "0058_listed_by_filter")]

    operations = [
        migrations.CreateModel(
            name="AgreementRequest",
            fields=[
                ("label", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("sealed_words", models.BinaryField()),
            ],
        ),
        *(column(name, kind, field) for name, (kind, field) in FIELDS.items()),
        migrations.AddField(
            model_name="casefact",
            name="came_by",
            field=models.CharField(choices=CAME_BY, db_default="WEB", default="WEB", max_length=8),
        ),
        migrations.AlterField(
            model_name="party",
            name="contact",
            field=models.CharField(choices=CONTACT, default="PORTAL", max_length=16),
        ),
        migrations.AddField(
            model_name="checkin",
            name="is_own",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
